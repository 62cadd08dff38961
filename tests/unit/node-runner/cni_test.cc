#include "node-runner/cni.h"

#include <gmock/gmock.h>

#include "base/yaml.h"
#include "lookup.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;

TEST(ParseNetwork, ListAndSinglePlugin) {
  const auto list = parse_network(
      *base::parse_yaml(R"({"name": "n", "plugins": [{"type": "calico"}, {"type": "portmap"}]})", "t"));
  EXPECT_EQ(list.name(), "n");
  EXPECT_THAT(list.plugins(), ElementsAre("calico", "portmap"));
  EXPECT_THAT(parse_network(*base::parse_yaml(R"({"name": "n", "type": "flannel"})", "t")).plugins(),
              ElementsAre("flannel"));
}

TEST(CollectCni, FromTheRuntimesOwnSetting) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  tree.file("/etc/containerd/config.toml",
            "[plugins.\"io.containerd.cri.v1.runtime\".cni]\nconf_dir = \"/opt/net.d\"\n");
  tree.file("/opt/net.d/20-b.conf", R"({"name": "b", "type": "bridge"})");
  tree.file("/opt/net.d/10-a.conflist", R"({"name": "a", "plugins": [{"type": "cilium-cni"}]})");
  tree.file("/opt/net.d/calico-kubeconfig", "not json", 0600);
  const auto node = collect_from(tree);
  EXPECT_EQ(node.cni().conf_dir(), "/opt/net.d");
  EXPECT_EQ(node.cni().conf_dir_origin(), "/etc/containerd/config.toml");
  ASSERT_EQ(node.cni().networks_size(), 2);
  EXPECT_EQ(node.cni().networks(0).path(), "/opt/net.d/10-a.conflist");
  EXPECT_THAT(node.cni().networks(0).plugins(), ElementsAre("cilium-cni"));
  const auto* directory = find_directory(node, "/opt/net.d");
  ASSERT_NE(directory, nullptr);
  EXPECT_EQ(directory->entries_size(), 3);
}

TEST(CollectCni, DefaultDirectoryAndJsonIndentedByTabs) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  tree.file("/etc/containerd/config.toml", "");
  const auto node = collect_from(tree);
  EXPECT_EQ(node.cni().conf_dir(), "/etc/cni/net.d");
  EXPECT_EQ(node.cni().conf_dir_origin(), "default");
  ASSERT_EQ(node.cni().networks_size(), 1);
  EXPECT_THAT(node.cni().networks(0).plugins(), ElementsAre("bridge", "portmap"));
}

TEST(CollectCni, OfTwoRuntimesTheOneOfTheKubelet) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  tree.file("/etc/crio/crio.conf", "[crio.network]\nnetwork_dir = \"/etc/crio/net\"\n");
  tree.process({.pid = 701, .argv = {"/usr/bin/crio"}});
  EXPECT_EQ(collect_from(tree).cni().conf_dir(), "/etc/cni/net.d");
  auto argv = test::kubelet_argv();
  argv.back() = "--container-runtime-endpoint=unix:///var/run/crio/crio.sock";
  tree.process({.pid = test::kKubeletPid, .argv = argv});
  EXPECT_EQ(collect_from(tree).cni().conf_dir(), "/etc/crio/net");
}

TEST(CollectCni, TheKubeletsFlagWins) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  auto argv = test::kubelet_argv();
  argv.emplace_back("--cni-conf-dir=/etc/other");
  tree.process({.pid = test::kKubeletPid, .argv = argv});
  const auto node = collect_from(tree);
  EXPECT_EQ(node.cni().conf_dir(), "/etc/other");
  EXPECT_EQ(find_directory(node, "/etc/other")->presence(), facts::ABSENT);
}

}  // namespace
}  // namespace baseline::runner
