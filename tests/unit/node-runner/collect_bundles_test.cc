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
