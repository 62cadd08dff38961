#include "node-runner/configs.h"

#include <gmock/gmock.h>

#include "lookup.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

class ConfigsTest : public ::testing::Test {
 protected:
  ConfigsTest() { test::lay_out_control_plane(tree); }

  void api_server(const std::string& flag, const std::string& path, const std::string& content) {
    if (!content.empty()) tree.file("/run/containerd/kube-apiserver/rootfs" + path, content, 0600);
    auto argv = test::api_server_argv();
    argv.push_back(flag + "=" + path);
    tree.process({.pid = test::kApiServerPid, .argv = argv, .root = "/run/containerd/kube-apiserver/rootfs"});
  }

  test::NodeTree tree;
};

TEST_F(ConfigsTest, KubeletConfigIsFlattenedAndItsPathsAreLookedAt) {
  const auto node = collect_from(tree);
  const auto* config = find_config(node, "/var/lib/kubelet/config.yaml");
  ASSERT_NE(config, nullptr);
  EXPECT_EQ(config->component(), "kubelet");
  EXPECT_EQ(config->role(), "config");
  EXPECT_EQ(config->kind(), "KubeletConfiguration");
  EXPECT_EQ(config->api_version(), "kubelet.config.k8s.io/v1beta1");
  EXPECT_EQ(find_setting(*config, "authentication.anonymous.enabled")->value(), "false");
  EXPECT_EQ(find_setting(*config, "authentication.anonymous.enabled")->kind(), facts::Setting::BOOL);
  EXPECT_EQ(find_file(node, "/etc/kubernetes/pki/ca.crt")->presence(), facts::PRESENT);
  EXPECT_EQ(find_file(node, "/run/systemd/resolve/resolv.conf")->presence(), facts::ABSENT);
}

TEST_F(ConfigsTest, DropInsInLexicalOrder) {
  auto argv = test::kubelet_argv();
  argv.emplace_back("--config-dir");
  argv.emplace_back("/etc/kubelet.d");
  tree.process({.pid = test::kKubeletPid, .argv = argv});
  tree.file("/etc/kubelet.d/20-b.conf", "maxPods: 2\n").file("/etc/kubelet.d/10-a.conf", "maxPods: 1\n");
  tree.file("/etc/kubelet.d/ignored.yaml", "maxPods: 3\n");
  const auto node = collect_from(tree);
  std::vector<std::string> paths;
  for (const auto& config : node.configs()) {
    if (config.role() == "config-dir") paths.push_back(config.path());
  }
  EXPECT_THAT(paths, ::testing::ElementsAre("/etc/kubelet.d/10-a.conf", "/etc/kubelet.d/20-b.conf"));
}

TEST_F(ConfigsTest, DropInsAtAnyDepth) {
  auto argv = test::kubelet_argv();
  argv.emplace_back("--config-dir=/etc/kubelet.d");
  tree.process({.pid = test::kKubeletPid, .argv = argv});
  tree.file("/etc/kubelet.d/20-cli/a/10.conf", "maxPods: 1\n").file("/etc/kubelet.d/10.conf", "maxPods: 2\n");
  tree.file("/elsewhere/50.conf", "maxPods: 3\n").link("/etc/kubelet.d/30-link", "/elsewhere");
  auto node = collect_from(tree);
  std::vector<std::string> paths;
  for (const auto& config : node.configs()) {
    if (config.role() == "config-dir") paths.push_back(config.path());
  }
  EXPECT_THAT(paths, ::testing::ElementsAre("/etc/kubelet.d/10.conf", "/etc/kubelet.d/20-cli/a/10.conf"));
  EXPECT_EQ(error_about(node, "configs", "/etc/kubelet.d"), "");

  tree.file("/etc/kubelet.d/1/2/3/4/5/6/7/8/9/x.conf", "maxPods: 4\n");
  EXPECT_NE(error_about(collect_from(tree), "configs", "/etc/kubelet.d"), "");
}

TEST_F(ConfigsTest, EveryConfigurationOfTheApiServer) {
  api_server("--audit-policy-file", "/etc/k/audit.yaml",
             "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n");
  const auto node = collect_from(tree);
  const auto* config = find_config(node, "/etc/k/audit.yaml");
  ASSERT_NE(config, nullptr);
  EXPECT_EQ(config->role(), "audit-policy");
  EXPECT_EQ(config->viewer(), test::kApiServerPid);
  EXPECT_EQ(find_setting(*config, "rules[0].level")->value(), "None");
}

TEST_F(ConfigsTest, AdmissionConfigurationLeadsToItsPlugins) {
  tree.file("/run/containerd/kube-apiserver/rootfs/etc/k/events.yaml", "kind: Configuration\nlimits: []\n");
  api_server("--admission-control-config-file", "/etc/k/admission.yaml",
             "kind: AdmissionConfiguration\nplugins:\n- name: EventRateLimit\n  path: events.yaml\n");
  const auto node = collect_from(tree);
  const auto* plugin = find_config(node, "events.yaml");
  ASSERT_NE(plugin, nullptr);
  EXPECT_EQ(plugin->role(), "admission");
  EXPECT_EQ(plugin->error(), "");
  EXPECT_EQ(find_file(node, "events.yaml", test::kApiServerPid)->presence(), facts::PRESENT);
}

TEST_F(ConfigsTest, MissingBrokenAndUnmappedFilesSayWhy) {
  api_server("--authorization-config", "/etc/k/none.yaml", "");
  EXPECT_EQ(find_config(collect_from(tree), "/etc/k/none.yaml")->error(), "no such file or directory");
  api_server("--authorization-config", "/etc/k/broken.yaml", "a: [\n");
  const auto node = collect_from(tree);
  EXPECT_THAT(find_config(node, "/etc/k/broken.yaml")->error(), ::testing::HasSubstr("it cannot be parsed"));
  EXPECT_NE(error_about(node, "configs", "/etc/k/broken.yaml"), "");
  api_server("--authorization-config", "/etc/k/text.yaml", "root:x:0:0\n");
  EXPECT_EQ(find_config(collect_from(tree), "/etc/k/text.yaml")->error(), "it is not a map of settings");
}

TEST_F(ConfigsTest, KubeProxyAsItsProcessSeesIt) {
  test::NodeTree worker;
  test::lay_out_worker(worker);
  const auto node = collect_from(worker);
  const auto* config = find_config(node, "/var/lib/kube-proxy/kubeconfig.conf");
  ASSERT_NE(config, nullptr);
  EXPECT_EQ(config->role(), "kubeconfig");
  EXPECT_EQ(config->viewer(), test::kKubeProxyPid);
  EXPECT_EQ(find_file(node, "/var/lib/kube-proxy/kubeconfig.conf", test::kKubeProxyPid)->presence(),
            facts::PRESENT);
  EXPECT_EQ(find_file(node, "/var/lib/kube-proxy/kubeconfig.conf", kHost), nullptr);
}

TEST_F(ConfigsTest, EtcdFromEnvironmentAndItsConfigFile) {
  tree.file("/run/containerd/etcd/rootfs/etc/etcd.yaml",
            "data-dir: /data\nclient-transport-security:\n  cert-file: /c.crt\n");
  tree.process({.pid = test::kEtcdPid,
                .argv = {"etcd"},
                .root = "/run/containerd/etcd/rootfs",
                .env = {{"ETCD_CONFIG_FILE", "/etc/etcd.yaml"},
                        {"ETCD_DATA_DIR", "/var/lib/etcd"},
                        {"ETCD_INITIAL_CLUSTER_TOKEN", "CANARY"},
                        {"HOME", "/root"}}});
  const auto node = collect_from(tree);
  const auto* etcd = find_process(node, "etcd");
  ASSERT_EQ(etcd->env_size(), 3);
  EXPECT_EQ(etcd->env(1).value(), "/var/lib/etcd");
  EXPECT_TRUE(etcd->env(2).redacted());
  EXPECT_EQ(etcd->env(2).value(), "");
  EXPECT_EQ(find_file(node, "/var/lib/etcd", test::kEtcdPid)->presence(), facts::PRESENT);
  EXPECT_EQ(find_setting(*find_config(node, "/etc/etcd.yaml"), "data-dir")->value(), "/data");
  EXPECT_EQ(find_file(node, "/data", test::kEtcdPid)->presence(), facts::ABSENT);
}

TEST_F(ConfigsTest, ManifestsOfComponentsOnly) {
  tree.file("/etc/kubernetes/manifests/other.yaml",
            "kind: Pod\nspec:\n  containers:\n  - image: x\n    command: [vip]\n");
  tree.file("/etc/kubernetes/manifests/.hidden.yaml", "kind: Pod\n");
  tree.file("/etc/kubernetes/manifests/broken.yaml", "{");
  const auto node = collect_from(tree);
  const auto* manifest = find_config(node, "/etc/kubernetes/manifests/kube-apiserver.yaml");
  ASSERT_NE(manifest, nullptr);
  EXPECT_EQ(manifest->role(), "manifest");
  EXPECT_EQ(manifest->component(), "kube-apiserver");
  EXPECT_EQ(find_config(node, "/etc/kubernetes/manifests/other.yaml"), nullptr);
  EXPECT_NE(find_file(node, "/etc/kubernetes/manifests/other.yaml"), nullptr);
  EXPECT_NE(error_about(node, "configs", "/etc/kubernetes/manifests/broken.yaml"), "");
}

TEST_F(ConfigsTest, ManifestsWhateverStartsTheComponent) {
  const auto pod = [](const std::string& name, const std::string& container) {
    return "kind: Pod\nmetadata: {name: " + name + "}\nspec:\n  containers:\n  - " + container + "\n";
  };
  const std::string folder = "/etc/kubernetes/manifests/";
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"scheduler.manifest", "kube-scheduler",
       pod("a", "{command: [/go-runner], args: [--log-file=/x, /bin/kube-scheduler, --v=2]}")},
      {"script.yaml", "etcd",
       pod("a", "{command: [/bin/bash, -ec, 'set -x; exec nice -n -19 etcd --name=a']}")},
      {"ocp.yaml", "kube-apiserver",
       pod("a",
           "{command: [/bin/bash, -ec], args: ['exec watch-termination --x -- hyperkube kube-apiserver "
           "--v=2']}")},
      {"kops.manifest", "etcd",
       pod("a",
           "{command: [/bin/sh, -c, 'mkfifo /p; (tee -a /l < /p & ) ; exec /ko-app/etcd-manager --x > /p "
           "2>&1']}")},
      {"named.yaml", "kube-proxy", pod("a", "{name: kube-proxy, command: [/custom]}")},
      {"image.yaml", "kube-proxy", pod("a", "{name: x, image: 'r/kube-proxy:v1', command: [/custom]}")},
      {"called.yaml", "kube-controller-manager",
       pod("kube-controller-manager", "{name: x, image: q, command: [/z]}")},
      {"not.yaml", "", pod("vip", "{name: vip, image: vip, command: [vip, kube-apiserver]}")},
  };
  for (const auto& [file, component, text] : cases) tree.file(folder + file, text);
  const auto node = collect_from(tree);
  for (const auto& [file, component, text] : cases) {
    const auto* config = find_config(node, folder + file);
    EXPECT_EQ(config != nullptr ? config->component() : "", component) << file;
  }
}

TEST_F(ConfigsTest, RelativePathsFromTheWorkingDirectory) {
  tree.file("/opt/k8s/kubelet.yaml",
            "kind: KubeletConfiguration\nauthentication: {x509: {clientCAFile: ca.crt}}\n");
  tree.file("/opt/k8s/ca.crt", "x");
  tree.process(
      {.pid = test::kKubeletPid, .argv = {"/usr/bin/kubelet", "--config=kubelet.yaml"}, .cwd = "/opt/k8s"});
  const auto node = collect_from(tree);
  EXPECT_EQ(find_config(node, "kubelet.yaml")->kind(), "KubeletConfiguration");
  EXPECT_EQ(find_file(node, "ca.crt")->presence(), facts::PRESENT);
  tree.remove("/proc/800/cwd");
  const auto unknown = collect_from(tree);
  EXPECT_EQ(find_file(unknown, "kubelet.yaml")->presence(), facts::UNREADABLE);
}

}  // namespace
}  // namespace baseline::runner
