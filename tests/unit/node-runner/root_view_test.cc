#include "node-runner/root_view.h"

#include <cstdio>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <unistd.h>

#include "node_tree.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using ::testing::ElementsAre;

class RootViewTest : public ::testing::Test {
 protected:
  RootView open() { return std::move(*RootView::open(tree.root())); }
  test::NodeTree tree;
};

TEST_F(RootViewTest, ReadsFilesWithAndWithoutLeadingSlash) {
  tree.file("/etc/a/b", "text");
  EXPECT_EQ(open().read("/etc/a/b", 100).value(), "text");
  EXPECT_EQ(open().read("etc//a/./b", 100).value(), "text");
  EXPECT_EQ(open().read("/etc/a/../a/b", 100).value(), "text");
}

TEST_F(RootViewTest, AbsoluteLinksEndInsideTheRoot) {
  tree.file("/usr/lib/real", "inside");
  tree.link("/etc/link", "/usr/lib/real");
  const RootView view = open();
  EXPECT_EQ(view.read("/etc/link", 100).value(), "inside");
  EXPECT_EQ(view.find("/etc/link")->target, "/usr/lib/real");
}

TEST_F(RootViewTest, LinksThatClimbOutEndAtTheRoot) {
  tree.file("/passwd", "inside");
  tree.link("/etc/up", "../../../../../../../../passwd");
  tree.link("/etc/out", "/../../etc/hosts");
  const RootView view = open();
  EXPECT_EQ(view.read("/etc/up", 100).value(), "inside");
  EXPECT_EQ(view.find("/etc/up")->target, "/passwd");
  EXPECT_EQ(view.read("/etc/out", 100).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(view.read("/../../../etc/hosts", 100).error().code, ErrorCode::kNotFound);
}

TEST_F(RootViewTest, LinkedDirectoriesOnTheWayAreNamedInTheTarget) {
  tree.file("/data/k8s/pki/ca.crt", "x");
  tree.link("/etc/kubernetes", "../data/k8s");
  EXPECT_EQ(open().find("/etc/kubernetes/pki/ca.crt")->target, "/data/k8s/pki/ca.crt");
  EXPECT_EQ(open().find("/data/k8s/pki/ca.crt")->target, "");
}

TEST_F(RootViewTest, CirclesAreNamed) {
  tree.link("/etc/a", "b").link("/etc/b", "/etc/a");
  EXPECT_EQ(open().find("/etc/a").error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(open().find("/etc/a", false).has_value());
}

TEST_F(RootViewTest, AFileOnTheWayMeansAbsent) {
  tree.file("/etc/file", "x");
  EXPECT_EQ(open().find("/etc/file/below").error().code, ErrorCode::kNotFound);
}

TEST_F(RootViewTest, OnlyRegularFilesAreOpened) {
  tree.fifo("/etc/fifo").directory("/etc/dir");
  EXPECT_EQ(open().read("/etc/fifo", 100).error().code, ErrorCode::kInvalid);  // would block for ever
  EXPECT_EQ(open().read("/etc/dir", 100).error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(open().find("/etc/fifo").has_value());
}

TEST_F(RootViewTest, BoundsHold) {
  tree.file("/etc/five", "12345").sparse_file("/etc/huge", std::uint64_t{1} << 40);
  const RootView view = open();
  EXPECT_EQ(view.read("/etc/five", 5).value(), "12345");
  EXPECT_EQ(view.read("/etc/five", 4).error().code, ErrorCode::kLimit);
  EXPECT_EQ(view.read("/etc/huge", 1000).error().code, ErrorCode::kLimit);
  const auto prefix = view.read_prefix("/etc/five", 2);
  EXPECT_EQ(prefix->bytes, "12");
  EXPECT_FALSE(prefix->complete);
}

TEST_F(RootViewTest, ListsSortedAndBounded) {
  tree.file("/etc/d/b", "").file("/etc/d/a", "").file("/etc/d/c", "");
  EXPECT_THAT(open().list("/etc/d", 10)->names, ElementsAre("a", "b", "c"));
  EXPECT_EQ(open().list("/etc/d", 2)->names.size(), 2U);
  EXPECT_FALSE(open().list("/etc/d", 2)->complete);
  EXPECT_EQ(open().list("/etc/none", 2).error().code, ErrorCode::kNotFound);
}

TEST_F(RootViewTest, PermissionIsNotAbsence) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  tree.file("/etc/closed/file", "x").file("/etc/secret", "x", 0).chmod("/etc/closed", 0);
  EXPECT_EQ(open().find("/etc/closed/file").error().code, ErrorCode::kForbidden);
  EXPECT_EQ(open().read("/etc/secret", 10).error().code, ErrorCode::kForbidden);
}

TEST_F(RootViewTest, BadPathsAreRefused) {
  EXPECT_FALSE(open().find(std::string(5000, 'a')).has_value());
  EXPECT_FALSE(open().find(std::string_view("etc\0x", 5)).has_value());
  EXPECT_TRUE(open().find("").has_value());
  EXPECT_TRUE(open().find("..").has_value());
}

TEST_F(RootViewTest, BelowIsARootOfItsOwn) {
  tree.file("/container/etc/x", "in").link("/container/etc/abs", "/etc/x").file("/etc/x", "host");
  const auto below = open().below("/container");
  ASSERT_TRUE(below.has_value());
  EXPECT_EQ(below->read("/etc/abs", 10).value(), "in");
  EXPECT_EQ(below->read("../etc/x", 10).value(), "in");
  EXPECT_FALSE(below->same_directory(open()));
  EXPECT_TRUE(open().below("/")->same_directory(open()));
}

TEST_F(RootViewTest, MagicLinksAreNotFollowed) {
  const auto host = RootView::open("/");
  ASSERT_TRUE(host.has_value());
  // As a magic link this would lead to this process's descriptor, as a text "/…" inside the root it does not
  // exist.
  tree.file("/etc/only-here", "x");
  const auto outside = RootView::open(tree.root());
  ASSERT_TRUE(outside.has_value());
  EXPECT_FALSE(RootView::open("/proc/self")->find("root/etc").has_value());
}

// Whoever writes in the tree moves directories and puts links in their place while they are walked through.
TEST_F(RootViewTest, WhatChangesDuringAWalkLeadsNowhereElse) {
  const test::NodeTree outside;
  std::ofstream(outside.real("/etc/secret")) << "outside";
  tree.file("/secret", "inside").file("/etc/a/b/file", "inside").file("/etc/secret", "inside");
  const std::string inner = tree.real("/etc/a/b");
  const std::string moved = outside.real("/etc/b");
  std::jthread hostile([&](const std::stop_token& end) {
    while (!end.stop_requested()) {
      ::rename(inner.c_str(), moved.c_str());
      ::symlink(outside.root().c_str(), inner.c_str());
      ::unlink(inner.c_str());
      ::rename(moved.c_str(), inner.c_str());
    }
  });
  const RootView view = open();
  for (int i = 0; i < 3000; ++i) {
    for (const char* path :
         {"/etc/a/b/../../secret", "/etc/a/b/../secret", "/etc/a/b/etc/secret", "/etc/a/b/file"}) {
      EXPECT_EQ(view.read(path, 100).value_or("inside"), "inside") << path;
    }
  }
}

TEST(RootView, OpenSaysWhatIsWrong) {
  EXPECT_EQ(RootView::open("/does/not/exist").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(RootView::open("/etc/passwd").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace baseline::runner
