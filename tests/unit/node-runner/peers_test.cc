// Cases in which other tools judge wrongly because they gather wrongly.
#include <gmock/gmock.h>

#include "lookup.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

TEST(PeersDefects, OwnersByTheHostsPasswdNotTheContainers) {
  if (test::NodeTree::owner_of(998) != 998) GTEST_SKIP() << "only root can give files away";
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  tree.directory("/var/lib/etcd", 0700, 998, 998);
  test::run_static_pod(tree, test::kEtcdPid, test::etcd_argv(), "registry.k8s.io/etcd:3.6.8-0");
  tree.file("/run/containerd/etcd/rootfs/etc/passwd", "notetcd:x:998:998::/:\n");
  tree.directory("/run/containerd/etcd/rootfs/var/lib/etcd", 0700, 998, 998);
  const auto node = collect_from(tree);
  EXPECT_EQ(find_file(node, "/var/lib/etcd")->owner(), "etcd");
  EXPECT_EQ(find_file(node, "/var/lib/etcd", test::kEtcdPid)->owner(), "etcd");
  EXPECT_EQ(find_file(node, "/var/lib/etcd")->group(), "etcd");
}

TEST(PeersDefects, AnUnknownNumberHasNoName) {
  if (test::NodeTree::owner_of(4711) != 4711) GTEST_SKIP() << "only root can give files away";
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  tree.file("/etc/kubernetes/admin.conf", "x", 0600, 4711, 4711);
  const auto node = collect_from(tree);
  EXPECT_EQ(find_file(node, "/etc/kubernetes/admin.conf")->owner(), "");
  EXPECT_EQ(find_file(node, "/etc/kubernetes/admin.conf")->uid(), 4711U);
}

TEST(PeersDefects, TheKubeletsRealConfiguration) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  tree.file("/opt/kubelet/real.yaml", "kind: KubeletConfiguration\nreadOnlyPort: 10255\n");
  tree.file("/opt/kubelet/conf.d/99-last.conf", "readOnlyPort: 0\n");
  tree.process({.pid = test::kKubeletPid,
                .argv = {"/usr/bin/kubelet", "--config=/var/lib/kubelet/config.yaml", "--config",
                         "/opt/kubelet/real.yaml", "--config-dir=/opt/kubelet/conf.d"}});
  const auto node = collect_from(tree);
  EXPECT_EQ(find_config(node, "/var/lib/kubelet/config.yaml"), nullptr);  // the last flag wins
  EXPECT_EQ(find_setting(*find_config(node, "/opt/kubelet/real.yaml"), "readOnlyPort")->value(), "10255");
  EXPECT_EQ(find_setting(*find_config(node, "/opt/kubelet/conf.d/99-last.conf"), "readOnlyPort")->value(),
            "0");
}

TEST(PeersDefects, AShellThatGrepsForTheKubeletIsNone) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process({.pid = 10, .argv = {"grep", "kubelet"}, .exe = "/usr/bin/grep"});
  tree.process({.pid = 11, .argv = {"/bin/sh", "-c", "/usr/bin/kubelet --config /x"}, .exe = "/bin/dash"});
  tree.process({.pid = 12, .argv = {"/usr/bin/python3", "/opt/kubelet"}, .exe = "/usr/bin/python3.11"});
  EXPECT_EQ(collect_from(tree).processes_size(), 0);
}

TEST(PeersDefects, AbsoluteLinksStayInsideTheRoot) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  tree.file("/secure/admin.conf", "inside", 0640);
  tree.link("/etc/kubernetes/admin.conf", "/secure/admin.conf");
  const auto node = collect_from(tree);
  const auto* file = find_file(node, "/etc/kubernetes/admin.conf");
  EXPECT_EQ(file->mode(), 0640U);
  EXPECT_EQ(file->target(), "/secure/admin.conf");
  tree.link("/etc/kubernetes/admin.conf",
            tree.root() + "/secure/admin.conf");  // outside, as the host sees it
  EXPECT_EQ(find_file(collect_from(tree), "/etc/kubernetes/admin.conf")->presence(), facts::ABSENT);
}

TEST(PeersDefects, ExternalEtcdIsStillNamedByTheApiServer) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  tree.remove("/proc/900").remove("/etc/kubernetes/manifests/etcd.yaml");
  const auto node = collect_from(tree);
  EXPECT_EQ(find_process(node, "etcd"), nullptr);
  EXPECT_NE(find_in(find_process(node, "kube-apiserver")->argv(),
                    [](const std::string& word) { return word == "--etcd-servers=https://127.0.0.1:2379"; }),
            nullptr);
}

TEST(PeersDefects, AWrongManifestDoesNotGiveTheVersion) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  // An API server started by hand in the host's root: the manifest beside it is not its own.
  tree.process({.pid = test::kApiServerPid, .argv = {"kube-apiserver", "--secure-port=6443"}});
  const auto node = collect_from(tree);
  EXPECT_EQ(find_process(node, "kube-apiserver")->manifest(), "");
  EXPECT_EQ(find_process(node, "kube-apiserver")->version(), "");
}

}  // namespace
}  // namespace baseline::runner
