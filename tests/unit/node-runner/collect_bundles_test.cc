#include <gmock/gmock.h>

#include "lookup.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;

TEST(CollectK3s, OneProcessForEachEmbeddedComponent) {
  test::NodeTree tree;
  test::lay_out_k3s(tree);
  const auto node = collect_from(tree);
  EXPECT_EQ(node.processes_size(), 6);
  const auto* server = find_process(node, "kube-apiserver");
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(server->bundle(), "k3s");
  EXPECT_EQ(server->pid(), test::kK3sPid);
  // From the configuration first, then from the unit, since the process hides its own flags.
  EXPECT_THAT(server->argv(), ElementsAre("kube-apiserver", "--anonymous-auth=false",
                                          "--audit-log-path=/var/log/audit.log", "--profiling=false"));
  EXPECT_THAT(find_process(node, "kubelet")->argv(),
              ElementsAre("kubelet", "--protect-kernel-defaults=true"));
  EXPECT_FALSE(server->listening_known());  // the process's sockets may be another component's
  EXPECT_NE(find_process(node, "etcd"), nullptr);
  EXPECT_EQ(find_file(node, "/var/log/audit.log")->presence(), facts::ABSENT);
  EXPECT_NE(find_directory(node, "/var/lib/rancher/k3s/server/tls"), nullptr);
  ASSERT_EQ(node.units_size(), 1);
  EXPECT_EQ(node.units(0).name(), "k3s.service");
}

TEST(CollectK3s, AnAgentHasNoControlPlane) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process(
      {.pid = 5, .argv = {"/usr/local/bin/k3s", "agent", "--kubelet-arg=max-pods=5", "--token", "CANARY"}});
  const auto node = collect_from(tree);
  EXPECT_EQ(node.processes_size(), 2);
  EXPECT_THAT(find_process(node, "kubelet")->argv(), ElementsAre("kubelet", "--max-pods=5"));
}

class K3sTest : public ::testing::Test {
 protected:
  K3sTest() { test::lay_out_k3s(tree); }
  std::vector<std::string> argv_of(const char* component) {
    const auto node = collect_from(tree);
    const auto* process = find_process(node, component);
    return process ? std::vector<std::string>(process->argv().begin(), process->argv().end())
                   : std::vector<std::string>();
  }
  test::NodeTree tree;
};

TEST_F(K3sTest, ALaterFileReplacesAndAddsOnlyWithAPlus) {
  tree.file("/etc/rancher/k3s/config.yaml",
            "kube-apiserver-arg: [audit-log-maxage=60, request-timeout=120s]\n"
            "kubelet-arg: [read-only-port=0]\nkube-controller-arg: [v=3]\n");
  tree.file("/etc/rancher/k3s/config.yaml.d/10.yml", "kube-apiserver-arg: [audit-log-maxage=30]\n");
  tree.file("/etc/rancher/k3s/config.yaml.d/20.yaml", "kubelet-arg+: [read-only-port=10255]\n");
  EXPECT_THAT(argv_of("kube-apiserver"),
              ElementsAre("kube-apiserver", "--audit-log-maxage=30", "--profiling=false"));
  EXPECT_THAT(argv_of("kubelet"), ElementsAre("kubelet", "--read-only-port=0", "--read-only-port=10255"));
  EXPECT_THAT(argv_of("kube-controller-manager"), ElementsAre("kube-controller-manager", "--v=3"));
}

TEST_F(K3sTest, ANameThatEndsInAPlusIsTheFlag) {
  tree.file("/etc/rancher/k3s/config.yaml",
            "kube-apiserver-arg: ['enable-admission-plugins+=NodeRestriction']\n");
  EXPECT_THAT(
      argv_of("kube-apiserver"),
      ElementsAre("kube-apiserver", "--enable-admission-plugins=NodeRestriction", "--profiling=false"));
}

TEST_F(K3sTest, TheEnvironmentNamesTheFile) {
  tree.file("/etc/k3s-site.yaml", "kubelet-arg: [v=5]\n");
  tree.process({.pid = test::kK3sPid,
                .argv = {"/usr/local/bin/k3s server"},
                .exe = "/var/lib/rancher/k3s/data/0123abcd/bin/k3s",
                .env = {{"K3S_CONFIG_FILE", "/etc/k3s-site.yaml"}, {"K3S_TOKEN", "CANARY"}}});
  EXPECT_THAT(argv_of("kubelet"), ElementsAre("kubelet", "--v=5"));
  EXPECT_EQ(collect_from(tree).SerializeAsString().find("CANARY"), std::string::npos);
}

TEST_F(K3sTest, InACopyTheUnitAndItsFilesNameIt) {
  tree.remove("/proc/600/environ");
  tree.file("/etc/k3s-site.yaml", "kubelet-arg: [v=5]\n");
  tree.file("/etc/systemd/system/k3s.service.d/10.conf",
            "[Service]\nEnvironmentFile=-/etc/default/%N\nExecStart=\nExecStart=/usr/local/bin/k3s server "
            "--kube-apiserver-arg=v=7\n");
  tree.file("/etc/default/k3s", "K3S_CONFIG_FILE=/etc/k3s-site.yaml\n");
  EXPECT_THAT(argv_of("kubelet"), ElementsAre("kubelet", "--v=5"));
  EXPECT_THAT(argv_of("kube-apiserver"), ElementsAre("kube-apiserver", "--v=7"));  // of the drop-in
}

TEST_F(K3sTest, ItsKubeletReadsTheFolderOfItsData) {
  tree.file("/etc/rancher/k3s/config.yaml", "data-dir: /data/k3s\nkubelet-arg: [config=/mine.yaml, v=2]\n");
  tree.file("/data/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf",
            "authentication: {anonymous: {enabled: false}}\n");
  tree.directory("/data/k3s/server/db/etcd");
  EXPECT_THAT(argv_of("kubelet"),
              ElementsAre("kubelet", "--v=2", "--config-dir=/data/k3s/agent/etc/kubelet.conf.d"));
  const auto node = collect_from(tree);
  const auto* config = find_config(node, "/data/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf");
  ASSERT_NE(config, nullptr);
  EXPECT_EQ(find_setting(*config, "authentication.anonymous.enabled")->value(), "false");
  EXPECT_NE(find_process(node, "etcd"), nullptr);
}

TEST_F(K3sTest, AFileThatCannotBeReadLeavesEveryFlagOpen) {
  tree.file("/etc/rancher/k3s/config.yaml.d/10.yaml", "{");
  EXPECT_TRUE(find_process(collect_from(tree), "kubelet")->argv_truncated());
}

TEST(CollectOpenShift, FlagsFromTheFileBeforeThoseOfTheCommandLine) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process({.pid = 5, .argv = {"kube-apiserver", "--openshift-config=/c.yaml", "-v=2"}});
  tree.file("/c.yaml",
            "kind: KubeAPIServerConfig\napiServerArguments:\n  anonymous-auth: ['true']\n"
            "  authorization-mode: [RBAC, Node]\n  service-account-private-key: [CANARY]\n");
  auto node = collect_from(tree);
  const auto* server = find_process(node, "kube-apiserver");
  EXPECT_EQ(server->bundle(), "openshift");
  EXPECT_THAT(server->argv(),
              ElementsAre("kube-apiserver", "--anonymous-auth=true", "--authorization-mode=RBAC",
                          "--authorization-mode=Node", "--service-account-private-key=<redacted>",
                          "--openshift-config=/c.yaml", "-v=2"));
  EXPECT_EQ(node.SerializeAsString().find("CANARY"), std::string::npos);
  tree.remove("/c.yaml");
  node = collect_from(tree);
  EXPECT_TRUE(find_process(node, "kube-apiserver")->argv_truncated());
}

TEST(CollectMicrok8s, FlagsFromTheFilesOfTheSnap) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process(
      {.pid = 5,
       .argv = {"/snap/microk8s/1/kubelite", "--kubelet-args-file=/var/snap/microk8s/1/args/kubelet"},
       .exe = "/snap/microk8s/1/kubelite"});
  tree.file("/var/snap/microk8s/1/args/kubelet",
            "--anonymous-auth=false\n--client-ca-file=${SNAP_DATA}/certs/ca.crt\n");
  tree.file("/var/snap/microk8s/current/args/kube-scheduler", "--profiling=false\n");
  const auto node = collect_from(tree);
  EXPECT_EQ(node.processes_size(), 2);
  const auto* kubelet = find_process(node, "kubelet");
  ASSERT_NE(kubelet, nullptr);
  EXPECT_EQ(kubelet->bundle(), "microk8s");
  EXPECT_THAT(kubelet->argv(), ElementsAre("kubelet", "--anonymous-auth=false",
                                           "--client-ca-file=/var/snap/microk8s/current/certs/ca.crt"));
  EXPECT_EQ(find_file(node, "/var/snap/microk8s/current/certs/ca.crt")->presence(), facts::ABSENT);
}

TEST(CollectHyperkube, ItsFirstArgumentIsTheComponent) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process({.pid = 5, .argv = {"/hyperkube", "kube-proxy", "--v=2"}});
  const auto node = collect_from(tree);
  EXPECT_EQ(node.processes_size(), 1);
  EXPECT_EQ(node.processes(0).component(), "kube-proxy");
  EXPECT_EQ(node.processes(0).bundle(), "hyperkube");
}

TEST(CollectRke2, VersionFromThePathOfTheExecutable) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process({.pid = 5,
                .argv = {"kubelet", "--v=2"},
                .exe = "/var/lib/rancher/rke2/data/v1.30.1-rke2r1-abc/bin/kubelet"});
  const auto node = collect_from(tree);
  EXPECT_EQ(node.processes(0).bundle(), "");
  EXPECT_EQ(node.processes(0).version(), "1.30.1");
}

}  // namespace
}  // namespace baseline::runner
