#include "node-runner/collect.h"

#include <gmock/gmock.h>

#include "baseline/facts/schema.h"
#include "lookup.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

using ::testing::HasSubstr;

TEST(CollectControlPlane, NothingIsMissing) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  const auto node = collect_from(tree);
  EXPECT_EQ(node.schema_version(), facts::kSchemaVersion);
  for (const auto& error : node.errors()) ADD_FAILURE() << error.ShortDebugString();
  for (const char* component :
       {"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubelet", "containerd"}) {
    EXPECT_NE(find_process(node, component), nullptr) << component;
  }
  EXPECT_EQ(node.processes_size(), 6);
  EXPECT_EQ(node.host().hostname(), "node-1");
  EXPECT_EQ(node.host().os_id(), "debian");
  EXPECT_EQ(node.host().kernel(), "6.1.0");
  EXPECT_TRUE(node.lsm().known());
  EXPECT_TRUE(node.lsm().apparmor());
  EXPECT_FALSE(node.lsm().selinux());
}

TEST(CollectControlPlane, ProcessesInFull) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  const auto node = collect_from(tree);
  const auto* server = find_process(node, "kube-apiserver");
  EXPECT_EQ(server->pid(), test::kApiServerPid);
  EXPECT_EQ(server->exe(), "/usr/local/bin/kube-apiserver");
  EXPECT_EQ(std::vector<std::string>(server->argv().begin(), server->argv().end()), test::api_server_argv());
  EXPECT_EQ(server->version(), "1.36.3");
  EXPECT_EQ(server->version_origin(), "image tag in /etc/kubernetes/manifests/kube-apiserver.yaml");
  EXPECT_EQ(server->manifest(), "/etc/kubernetes/manifests/kube-apiserver.yaml");
  EXPECT_TRUE(server->own_root());
  EXPECT_EQ(server->start_ticks(), 100 + test::kApiServerPid);
  EXPECT_FALSE(server->argv_truncated());
  EXPECT_EQ(find_process(node, "etcd")->version(), "3.6.8");
  const auto* kubelet = find_process(node, "kubelet");
  EXPECT_FALSE(kubelet->own_root());
  EXPECT_EQ(kubelet->version(), "1.36.3");
  EXPECT_EQ(kubelet->version_origin(), "package database");
  EXPECT_EQ(kubelet->manifest(), "");
}

TEST(CollectControlPlane, SocketsOfTheProcessOnly) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  const auto node = collect_from(tree);
  const auto* kubelet = find_process(node, "kubelet");
  EXPECT_TRUE(kubelet->listening_known());
  ASSERT_EQ(kubelet->listening_size(), 2);
  EXPECT_EQ(kubelet->listening(0).port(), 10248U);
  EXPECT_EQ(kubelet->listening(0).address(), "127.0.0.1");
  EXPECT_EQ(kubelet->listening(1).port(), 10250U);
  EXPECT_EQ(kubelet->listening(1).protocol(), "tcp6");
}

TEST(CollectControlPlane, UnreadableDescriptorsAreNotNoSockets) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  tree.remove("/proc/800/fd");
  const auto node = collect_from(tree);
  EXPECT_FALSE(find_process(node, "kubelet")->listening_known());
  EXPECT_NE(error_about(node, "processes", "sockets of kubelet"), "");
}

TEST(CollectControlPlane, FilesAsTheProcessSeesThem) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  const auto node = collect_from(tree);
  const auto* key = find_file(node, "/etc/kubernetes/pki/apiserver.key", test::kApiServerPid);
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->presence(), facts::PRESENT);
  EXPECT_EQ(key->type(), "file");
  EXPECT_EQ(key->mode(), 0600U);
  EXPECT_EQ(key->uid(), test::NodeTree::owner_of(0));
  EXPECT_EQ(find_file(node, "/etc/kubernetes/scheduler.conf", test::kSchedulerPid)->presence(),
            facts::PRESENT);
  EXPECT_EQ(find_file(node, "/etc/kubernetes/admin.conf")->presence(), facts::PRESENT);
  // Not mounted into the container: the process does not see what the host has.
  auto argv = test::api_server_argv();
  argv.emplace_back("--audit-log-path=/etc/kubernetes/admin.conf");
  tree.process({.pid = test::kApiServerPid, .argv = argv, .root = "/run/containerd/kube-apiserver/rootfs"});
  EXPECT_EQ(find_file(collect_from(tree), "/etc/kubernetes/admin.conf", test::kApiServerPid)->presence(),
            facts::ABSENT);
}

TEST(CollectControlPlane, ListingsTellAbsentFromNotLooked) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  const auto node = collect_from(tree);
  const auto* pki = find_directory(node, "/etc/kubernetes/pki");
  ASSERT_NE(pki, nullptr);
  EXPECT_TRUE(pki->complete());
  EXPECT_TRUE(pki->recursive());
  EXPECT_EQ(pki->entries_size(), 22);
  EXPECT_TRUE(std::is_sorted(pki->entries().begin(), pki->entries().end()));
  for (const std::string& path : pki->entries()) EXPECT_NE(find_file(node, path), nullptr) << path;
  EXPECT_NE(find_file(node, "/etc/kubernetes/pki/etcd/ca.key"), nullptr);
  EXPECT_EQ(find_directory(node, "/var/lib/kube-proxy")->presence(), facts::ABSENT);
  EXPECT_FALSE(find_directory(node, "/var/lib/kube-proxy")->complete());
}

TEST(CollectControlPlane, FoldersOfListingsHaveFilesToo) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  const auto node = collect_from(tree);
  EXPECT_EQ(find_file(node, "/etc/kubernetes/pki")->type(), "directory");
  EXPECT_EQ(find_file(node, "/etc/kubernetes/pki/etcd")->type(), "directory");
}

TEST(CollectControlPlane, KeysInAnotherFolderAreListedAsTheProcessSeesThem) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  const std::string root = "/run/containerd/kube-apiserver/rootfs";
  tree.file(root + "/opt/pki/server.crt", "x")
      .file(root + "/opt/pki/server.key", "x", 0640)
      .file(root + "/opt/pki/old.key", "x", 0644);
  tree.file(root + "/etc/ssl/certs/ca.crt", "x").file(root + "/etc/ssl/certs/other.crt", "x");
  auto argv = test::api_server_argv();
  argv.emplace_back("--tls-private-key-file=/opt/pki/server.key");
  argv.emplace_back("--kubelet-certificate-authority=/etc/ssl/certs/ca.crt");
  tree.process({.pid = test::kApiServerPid, .argv = argv, .root = root});
  const auto node = collect_from(tree);
  const auto* folder = find_directory(node, "/opt/pki");
  ASSERT_NE(folder, nullptr);
  EXPECT_EQ(folder->viewer(), test::kApiServerPid);
  EXPECT_EQ(find_file(node, "/opt/pki/old.key", test::kApiServerPid)->mode(), 0644U);
  EXPECT_EQ(find_file(node, "/etc/ssl/certs/other.crt", test::kApiServerPid), nullptr);
  // Mounted from the host: listed once, there.
  for (const auto& directory : node.directories()) {
    EXPECT_TRUE(directory.viewer() == 0 || directory.path() == "/opt/pki") << directory.path();
  }
}

TEST(CollectControlPlane, SpecialBitsAreKept) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  tree.chmod("/etc/kubernetes/admin.conf", 04640).chmod("/var/lib/etcd", 01777);
  const auto node = collect_from(tree);
  EXPECT_EQ(find_file(node, "/etc/kubernetes/admin.conf")->mode(), 04640U);
  EXPECT_EQ(find_file(node, "/var/lib/etcd")->mode(), 01777U);
}

TEST(Collect, SameNodeSameBytes) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  EXPECT_EQ(collect_from(tree).SerializeAsString(), collect_from(tree).SerializeAsString());
}

TEST(Collect, WorkerHasNoControlPlane) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  const auto node = collect_from(tree);
  EXPECT_EQ(find_process(node, "kube-apiserver"), nullptr);
  EXPECT_EQ(find_process(node, "etcd"), nullptr);
  EXPECT_EQ(find_file(node, "/etc/kubernetes/admin.conf")->presence(), facts::ABSENT);
  EXPECT_NE(find_process(node, "kube-proxy"), nullptr);
}

TEST(Collect, SeveralProcessesOfOneComponent) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  tree.process({.pid = 801, .argv = {"/opt/kubelet", "--config=/x"}, .exe = "/opt/kubelet"});
  const auto node = collect_from(tree);
  int kubelets = 0;
  for (const auto& process : node.processes()) kubelets += process.component() == "kubelet" ? 1 : 0;
  EXPECT_EQ(kubelets, 2);
}

TEST(Collect, RootsThatAreNoHost) {
  const base::SystemClock clock;
  const auto message = [&clock](const std::string& root) {
    const auto facts = collect({.root = root, .limits = {}}, clock);
    EXPECT_FALSE(facts.has_value());
    return facts ? std::string() : facts.error().message;
  };
  EXPECT_THAT(message("/no/such/directory"), HasSubstr("cannot be opened: no such file or directory"));
  test::NodeTree tree;
  EXPECT_THAT(message(tree.root()), HasSubstr("no processes below proc"));
  tree.remove("/proc");
  EXPECT_THAT(message(tree.root()), HasSubstr("no processes below proc"));
  tree.remove("/etc");
  EXPECT_THAT(message(tree.root()), HasSubstr("is not the root of a host"));
}

TEST(Collect, ThisMachineWithoutAnError) {
  const base::SystemClock clock;
  const auto facts = collect({}, clock);
  ASSERT_TRUE(facts.has_value()) << facts.error().text();
  facts::NodeFacts again;
  EXPECT_TRUE(again.ParseFromString(facts->SerializeAsString()));
}

}  // namespace
}  // namespace baseline::runner
