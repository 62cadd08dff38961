// A broken or hostile host: nothing here may hang, crash, grow without bound, or pass for an answer.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "baseline/facts/frame.h"
#include "lookup.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

using ::testing::HasSubstr;

class HostileTest : public ::testing::Test {
 protected:
  HostileTest() { test::lay_out_control_plane(tree); }
  test::NodeTree tree;
};

TEST_F(HostileTest, HugeFilesAreNotRead) {
  tree.sparse_file("/var/lib/kubelet/config.yaml", std::uint64_t{1} << 40);
  tree.sparse_file("/etc/kubernetes/pki/huge.crt", std::uint64_t{1} << 40);
  tree.sparse_file("/etc/kubernetes/manifests/huge.yaml", std::uint64_t{1} << 40);
  const auto node = collect_from(tree);
  EXPECT_THAT(find_config(node, "/var/lib/kubelet/config.yaml")->error(), HasSubstr("larger than"));
  EXPECT_THAT(error_about(node, "certificates", "/etc/kubernetes/pki/huge.crt"), HasSubstr("larger than"));
  EXPECT_NE(error_about(node, "configs", "/etc/kubernetes/manifests/huge.yaml"), "");
  EXPECT_EQ(find_file(node, "/etc/kubernetes/pki/huge.crt")->size(), std::uint64_t{1} << 40);
}

TEST_F(HostileTest, FifosAreLookedAtNotOpened) {
  tree.remove("/var/lib/kubelet/config.yaml").fifo("/var/lib/kubelet/config.yaml");
  tree.fifo("/etc/kubernetes/pki/pipe.crt").fifo("/etc/kubernetes/manifests/pipe.yaml");
  tree.remove("/etc/passwd").fifo("/etc/passwd");
  const auto node = collect_from(tree);
  EXPECT_EQ(find_config(node, "/var/lib/kubelet/config.yaml")->error(), "it is not a regular file");
  EXPECT_EQ(find_file(node, "/etc/kubernetes/pki/pipe.crt")->type(), "fifo");
  EXPECT_NE(error_about(node, "host", "/etc/passwd"), "");
}

TEST_F(HostileTest, CirclesOfLinks) {
  tree.link("/etc/kubernetes/pki/a.crt", "b.crt").link("/etc/kubernetes/pki/b.crt", "a.crt");
  tree.link("/etc/kubernetes/pki/self", ".").link("/etc/kubernetes/pki/up", "/etc/kubernetes");
  const auto node = collect_from(tree);
  EXPECT_EQ(find_file(node, "/etc/kubernetes/pki/a.crt")->presence(), facts::UNREADABLE);
  EXPECT_THAT(find_file(node, "/etc/kubernetes/pki/a.crt")->error(), HasSubstr("circle"));
  EXPECT_EQ(find_file(node, "/etc/kubernetes/pki/up")->target(), "/etc/kubernetes");
  EXPECT_FALSE(find_directory(node, "/etc/kubernetes/pki")->complete());
}

TEST_F(HostileTest, ADirectoryOfAHundredThousandFiles) {
  for (int i = 0; i < 100'000; ++i) {
    std::ofstream(tree.real("/etc/kubernetes/pki/" + std::to_string(i) + ".crt"));
  }
  const auto node = collect_from(tree);
  const auto* pki = find_directory(node, "/etc/kubernetes/pki");
  EXPECT_FALSE(pki->complete());
  EXPECT_LE(static_cast<std::size_t>(pki->entries_size()), Limits().directory_entries);
  EXPECT_THAT(error_about(node, "files", "/etc/kubernetes/pki"), HasSubstr("more entries"));
}

TEST_F(HostileTest, DirectoriesNestedWithoutEnd) {
  std::string path = "/etc/kubernetes/pki";
  for (int i = 0; i < 60; ++i) path += "/d";
  tree.file(path + "/deep.crt", "x");
  const auto node = collect_from(tree);
  EXPECT_FALSE(find_directory(node, "/etc/kubernetes/pki")->complete());
}

TEST_F(HostileTest, TwoMegabytesOfArguments) {
  auto argv = test::kubelet_argv();
  argv.emplace_back(std::size_t{3} << 20, 'x');
  argv.emplace_back("--late=1");
  tree.process({.pid = test::kKubeletPid, .argv = argv});
  const auto node = collect_from(tree);
  const auto* kubelet = find_process(node, "kubelet");
  ASSERT_NE(kubelet, nullptr);
  EXPECT_TRUE(kubelet->argv_truncated());
  EXPECT_EQ(kubelet->argv_size(), 5);  // the cut word and what follows are left out
  EXPECT_EQ(node.host().hostname(), "node-1");
}

TEST_F(HostileTest, AnEmptyCommandLineIsNoAnswer) {
  tree.file("/proc/800/cmdline", "");
  const auto node = collect_from(tree);
  EXPECT_TRUE(find_process(node, "kubelet")->argv_truncated());
  EXPECT_NE(error_about(node, "processes", "kubelet"), "");
}

TEST_F(HostileTest, AProcessThatDiesMeanwhileIsLeftOut) {
  tree.remove("/proc/930/cmdline");
  tree.directory("/proc/999999");
  const auto node = collect_from(tree);
  EXPECT_EQ(find_process(node, "kube-scheduler"), nullptr);
  EXPECT_EQ(node.errors_size(), 0);
}

TEST_F(HostileTest, InvalidUtf8Everywhere) {
  const std::string bad = "\xff\xfe\x80";
  tree.file("/etc/kubernetes/pki/" + bad + ".crt", "x");
  tree.file("/etc/hostname", bad).file("/etc/passwd", bad + ":x:0:0\n");
  tree.file("/usr/lib/os-release", "ID=" + bad + "\n").file("/sys/kernel/security/lsm", bad);
  tree.file("/etc/cni/net.d/" + bad + ".conf", "{\"name\": \"" + bad + "\"}");
  tree.file("/var/lib/kubelet/config.yaml", "a: " + bad + "\n" + bad + ": b\n");
  tree.file("/etc/containerd/config.toml", "a = \"" + bad + "\"\n");
  tree.link("/etc/kubernetes/admin.conf", "/" + bad).file("/" + bad, "");
  auto argv = test::kubelet_argv();
  argv.push_back("--x=/" + bad);
  argv.push_back("--" + bad + "=/etc");
  tree.process({.pid = test::kKubeletPid, .argv = argv, .exe = "/usr/" + bad + "/kubelet"});
  tree.process({.pid = test::kEtcdPid, .argv = {"etcd"}, .env = {{"ETCD_" + bad, bad}}});
  const auto node = collect_from(tree);
  facts::NodeFacts again;
  EXPECT_TRUE(again.ParseFromString(node.SerializeAsString()));  // refuses strings that are not UTF-8
  EXPECT_TRUE(facts::decode_frame(facts::encode_frame(node).text, "").has_value());
}

TEST_F(HostileTest, ConfigurationMadeToExpand) {
  tree.file("/var/lib/kubelet/config.yaml",
            "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c "
            "[*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
            "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n");
  tree.file("/etc/cni/net.d/10-bridge.conflist", std::string(10'000, '['));
  tree.file("/etc/containerd/config.toml", "a = " + std::string(10'000, '['));
  const auto node = collect_from(tree);
  EXPECT_NE(find_config(node, "/var/lib/kubelet/config.yaml")->error(), "");
  EXPECT_NE(node.runtimes(0).config_error(), "");
  EXPECT_EQ(find_config(node, "/var/lib/kubelet/config.yaml")->settings_size(), 0);
}

TEST_F(HostileTest, BoundsOnTheWholeAreErrors) {
  Limits limits;
  limits.files = 20;
  auto node = collect_from(tree, limits);
  EXPECT_LE(node.files_size(), 40);
  EXPECT_NE(error_about(node, "files", "limits"), "");
  EXPECT_FALSE(find_directory(node, "/etc/kubernetes/pki")->complete());
  limits = {};
  limits.total_bytes = 1000;
  node = collect_from(tree, limits);
  EXPECT_GT(node.errors_size(), 0);
  limits = {};
  limits.processes = 2;
  node = collect_from(tree, limits);
  EXPECT_EQ(node.processes_size(), 2);
  EXPECT_NE(error_about(node, "processes", "/proc"), "");
}

class StoppedClock : public base::Clock {
 public:
  base::Time now() const override { return {}; }
  std::chrono::steady_clock::time_point steady() const override {
    return start + std::chrono::seconds(5) * calls++;
  }

 private:
  std::chrono::steady_clock::time_point start;
  mutable int calls = 0;
};

TEST_F(HostileTest, TimeRunsOut) {
  const StoppedClock clock;
  const auto node = collect({.root = tree.root(), .limits = {}}, clock);
  ASSERT_TRUE(node.has_value());
  EXPECT_EQ(error_about(*node, "processes", "/proc"), "the time for one collection is over");
  const auto* file = find_file(*node, "/etc/kubernetes/admin.conf");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->presence(), facts::UNREADABLE);
}

TEST_F(HostileTest, PermissionFaultsAreNotAbsence) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  tree.chmod("/etc/kubernetes/pki", 0).chmod("/proc/930/cmdline", 0);
  auto node = collect_from(tree);
  const auto* ca = find_file(node, "/etc/kubernetes/pki/ca.crt");  // named by the kubelet's configuration
  ASSERT_NE(ca, nullptr);
  EXPECT_EQ(ca->presence(), facts::UNREADABLE);
  EXPECT_EQ(ca->error(), "permission denied");
  EXPECT_FALSE(find_directory(node, "/etc/kubernetes/pki")->complete());
  EXPECT_EQ(error_about(node, "files", "/etc/kubernetes/pki"), "permission denied");
  EXPECT_TRUE(find_process(node, "kube-scheduler")->argv_truncated());  // by its executable
  EXPECT_EQ(error_about(node, "processes", "kube-scheduler"), "permission denied");
  tree.remove("/proc/930/exe");
  node = collect_from(tree);
  EXPECT_EQ(find_process(node, "kube-scheduler"), nullptr);
  EXPECT_EQ(error_about(node, "processes", "/proc"), "a command line cannot be read: permission denied");
  tree.chmod("/var/lib/kubelet/config.yaml", 0);
  node = collect_from(tree);
  ASSERT_NE(find_config(node, "/var/lib/kubelet/config.yaml"), nullptr);
  EXPECT_EQ(find_config(node, "/var/lib/kubelet/config.yaml")->error(), "permission denied");
  EXPECT_EQ(error_about(node, "configs", "/var/lib/kubelet/config.yaml"), "permission denied");
}

TEST_F(HostileTest, ARootThatCannotBeOpenedIsNotTheHosts) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  tree.chmod("/run/containerd/kube-apiserver", 0);
  const auto node = collect_from(tree);
  EXPECT_TRUE(find_process(node, "kube-apiserver")->own_root());
  EXPECT_EQ(find_file(node, "/etc/kubernetes/pki/apiserver.key", test::kApiServerPid)->presence(),
            facts::UNREADABLE);
}

}  // namespace
}  // namespace baseline::runner
