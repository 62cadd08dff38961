#include "node-runner/container_process.h"

#include <gmock/gmock.h>

#include "container_layouts.h"
#include "lookup.h"
#include "node-runner/parse_proc.h"

namespace baseline::runner {
namespace {

using ::testing::HasSubstr;

class ContainerProcessTest : public ::testing::Test {
 protected:
  ContainerProcessTest() {
    test::lay_out_init(tree);
    tree.directory("/roots/web");
  }
  FoundContainer read(int pid, const std::string& id = test::container_id('a')) {
    const auto host = RootView::open(tree.root());
    const base::SystemClock clock;
    Context context(*host, {}, clock);
    FoundContainer container{id, pid, {}};
    ContainerProcesses(context).read(container);
    return container;
  }
  test::NodeTree tree;
};

TEST_F(ContainerProcessTest, WhatTheKernelSays) {
  test::lay_out_container_process(tree, {.pid = 50, .uid = 1000});
  const facts::Container fact = read(50).fact;
  ASSERT_TRUE(fact.process_read()) << fact.error();
  EXPECT_EQ(fact.uid(), 1000U);
  EXPECT_EQ(fact.seccomp(), 2U);
  EXPECT_TRUE(fact.no_new_privs());
  EXPECT_EQ(fact.capabilities(), 0xa80425fbU);
  EXPECT_EQ(fact.lsm_label(), "cri-containerd.apparmor.d (enforce)");
  EXPECT_FALSE(fact.user_namespace());
  EXPECT_FALSE(fact.host_network());
  ASSERT_TRUE(fact.listening_known());
  // The listener of another process in the same network namespace counts as well; connections do not.
  std::set<std::string> sockets;
  for (const facts::Socket& s : fact.listening())
    sockets.insert(s.protocol() + " " + std::to_string(s.port()));
  EXPECT_TRUE(sockets.contains("tcp 8080"));
  EXPECT_TRUE(sockets.contains("udp 53"));
  EXPECT_FALSE(sockets.contains("udp 40000"));
}

TEST_F(ContainerProcessTest, NamespacesOfTheHostAndOfItsOwn) {
  test::lay_out_container_process(tree, {.pid = 50, .user_namespace = "user:[2]", .network = "net:[1]"});
  const facts::Container fact = read(50).fact;
  EXPECT_TRUE(fact.user_namespace());
  EXPECT_TRUE(fact.host_network());
  EXPECT_FALSE(fact.listening_known());
  EXPECT_EQ(fact.listening_size(), 0);
}

TEST_F(ContainerProcessTest, ALabelThatIsMissingIsNoFailure) {
  test::lay_out_container_process(tree, {.pid = 50});
  tree.remove("/proc/50/attr");
  EXPECT_EQ(read(50).fact.lsm_label(), "");
  EXPECT_TRUE(read(50).fact.process_read());
  tree.file("/proc/50/attr/current", std::string("system_u:system_r:container_t:s0\0", 33));
  EXPECT_EQ(read(50).fact.lsm_label(), "system_u:system_r:container_t:s0");
}

TEST_F(ContainerProcessTest, ANumberGivenOutAnewIsNotTaken) {
  test::lay_out_container_process(tree, {.pid = 50, .id = test::container_id('b')});
  const FoundContainer other = read(50);
  EXPECT_FALSE(other.fact.process_read());
  EXPECT_EQ(other.pid, 0);
  EXPECT_EQ(other.fact.error(), "no process of it was found");
}

TEST_F(ContainerProcessTest, AGroupNamedAfterAnotherContainerIsNotTaken) {
  const std::string other = test::FakePod{.container = test::container_id('b')}.cgroup();
  for (const std::string& below : std::vector<std::string>{
           "/" + test::container_id('a'), "/cri-containerd-" + test::container_id('a') + ".scope"}) {
    test::lay_out_container_process(tree, {.pid = 50, .uid = 1000});
    tree.file("/proc/50/cgroup", other.substr(0, other.size() - 1) + below + "\n");
    EXPECT_EQ(read(50).pid, 0) << below;
    EXPECT_EQ(read(0).pid, 0) << below;
  }
  // Nor is the monitor that CRI-O runs beside a container.
  std::string monitor = test::FakePod().cgroup();
  monitor.replace(monitor.find("cri-containerd-"), 15, "crio-conmon-");
  tree.file("/proc/50/cgroup", monitor);
  EXPECT_EQ(read(0).pid, 0);
}

TEST_F(ContainerProcessTest, WithoutANumberItIsFoundByItsControlGroup) {
  test::lay_out_container_process(tree, {.pid = 70, .uid = 7});
  test::lay_out_container_process(tree, {.pid = 60, .uid = 6});
  EXPECT_EQ(read(0).pid, 60);
  EXPECT_EQ(read(99).fact.uid(), 6U);
}

TEST_F(ContainerProcessTest, AProcessThatDiesMeanwhile) {
  test::lay_out_container_process(tree, {.pid = 50});
  for (const char* file : {"/proc/50/status", "/proc/50/ns/user", "/proc/50/ns/net"}) {
    test::lay_out_container_process(tree, {.pid = 50});
    tree.remove(file);
    const FoundContainer container = read(50);
    EXPECT_FALSE(container.fact.process_read()) << file;
    EXPECT_EQ(container.fact.error(), "its process has ended") << file;
    EXPECT_EQ(container.pid, 0);
  }
}

TEST_F(ContainerProcessTest, WithoutProcessOneNothingIsClaimed) {
  test::lay_out_container_process(tree, {.pid = 50});
  tree.remove("/proc/1");
  EXPECT_FALSE(read(50).fact.process_read());
  EXPECT_THAT(read(50).fact.error(), HasSubstr("process 1"));
}

TEST_F(ContainerProcessTest, AStatusWithoutCapabilitiesIsNoAnswer) {
  test::lay_out_container_process(tree, {.pid = 50});
  tree.file("/proc/50/status", "Uid:\t0\t0\t0\t0\n");
  EXPECT_FALSE(read(50).fact.process_read());
  EXPECT_THAT(read(50).fact.error(), HasSubstr("does not name"));
}

TEST_F(ContainerProcessTest, TheHostsRootIsNoImage) {
  test::lay_out_container_process(tree, {.pid = 50, .root = "/"});
  const auto host = RootView::open(tree.root());
  const base::SystemClock clock;
  Context context(*host, {}, clock);
  EXPECT_EQ(container_root(context, 50).error().code, base::ErrorCode::kInvalid);
  EXPECT_EQ(container_root(context, 51).error().code, base::ErrorCode::kNotFound);
}

TEST_F(ContainerProcessTest, ARootThatTheProcessChoseIsNoImage) {
  test::lay_out_container_process(tree, {.pid = 50});
  const auto host = RootView::open(tree.root());
  const base::SystemClock clock;
  Context context(*host, {}, clock);
  tree.file("/proc/50/mountinfo", "1 0 0:1 / / rw - overlay overlay rw\n2 1 0:2 / /proc rw - proc proc rw\n");
  EXPECT_TRUE(container_root(context, 50).has_value());
  tree.file("/proc/50/mountinfo", "");  // after chroot("/empty") nothing is mounted at or below it
  EXPECT_EQ(container_root(context, 50).error().code, base::ErrorCode::kInvalid);
}

TEST(ParseMountPoints, EscapesAndTheRoot) {
  const auto points = parse_mount_points(
      "1 0 0:1 / / rw - overlay overlay rw\n2 1 0:2 / /proc rw - proc proc rw\n"
      "3 1 0:3 / /a\\040b rw shared:1 - tmpfs tmpfs rw\nshort line\n");
  EXPECT_THAT(points, ::testing::ElementsAre("/a b", "/proc"));
}

}  // namespace
}  // namespace baseline::runner
