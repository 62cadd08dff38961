#include "node-runner/root_view.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "node_tree.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using ::testing::ElementsAre;

// Every promise is held by both ways of looking up.
class RootViewTest : public ::testing::TestWithParam<RootView::Method> {
 protected:
  RootView open() { return std::move(*RootView::open(tree.root(), GetParam())); }
  test::NodeTree tree;
};

INSTANTIATE_TEST_SUITE_P(Both, RootViewTest,
                         ::testing::Values(RootView::Method::kOpenat2, RootView::Method::kWalk));

TEST_P(RootViewTest, ReadsFilesWithAndWithoutLeadingSlash) {
  tree.file("/etc/a/b", "text");
  EXPECT_EQ(open().read("/etc/a/b", 100).value(), "text");
  EXPECT_EQ(open().read("etc//a/./b", 100).value(), "text");
  EXPECT_EQ(open().read("/etc/a/../a/b", 100).value(), "text");
}

TEST_P(RootViewTest, AbsoluteLinksEndInsideTheRoot) {
  tree.file("/usr/lib/real", "inside");
  tree.link("/etc/link", "/usr/lib/real");
  const RootView view = open();
  EXPECT_EQ(view.read("/etc/link", 100).value(), "inside");
  EXPECT_EQ(view.find("/etc/link")->target, "/usr/lib/real");
}

TEST_P(RootViewTest, LinksThatClimbOutEndAtTheRoot) {
  tree.file("/passwd", "inside");
  tree.link("/etc/up", "../../../../../../../../passwd");
  tree.link("/etc/out", "/../../etc/hosts");
  const RootView view = open();
  EXPECT_EQ(view.read("/etc/up", 100).value(), "inside");
  EXPECT_EQ(view.find("/etc/up")->target, "/passwd");
  EXPECT_EQ(view.read("/etc/out", 100).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(view.read("/../../../etc/hosts", 100).error().code, ErrorCode::kNotFound);
}

TEST_P(RootViewTest, LinkedDirectoriesOnTheWayAreNamedInTheTarget) {
  tree.file("/data/k8s/pki/ca.crt", "x");
  tree.link("/etc/kubernetes", "../data/k8s");
  EXPECT_EQ(open().find("/etc/kubernetes/pki/ca.crt")->target, "/data/k8s/pki/ca.crt");
  EXPECT_EQ(open().find("/data/k8s/pki/ca.crt")->target, "");
}

TEST_P(RootViewTest, CirclesAreNamed) {
  tree.link("/etc/a", "b").link("/etc/b", "/etc/a");
  EXPECT_EQ(open().find("/etc/a").error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(open().find("/etc/a", false).has_value());
}

TEST_P(RootViewTest, AFileOnTheWayMeansAbsent) {
  tree.file("/etc/file", "x");
  EXPECT_EQ(open().find("/etc/file/below").error().code, ErrorCode::kNotFound);
}

TEST_P(RootViewTest, OnlyRegularFilesAreOpened) {
  tree.fifo("/etc/fifo").directory("/etc/dir");
  EXPECT_EQ(open().read("/etc/fifo", 100).error().code, ErrorCode::kInvalid);  // would block for ever
  EXPECT_EQ(open().read("/etc/dir", 100).error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(open().find("/etc/fifo").has_value());
}

TEST_P(RootViewTest, BoundsHold) {
  tree.file("/etc/five", "12345").sparse_file("/etc/huge", std::uint64_t{1} << 40);
  const RootView view = open();
  EXPECT_EQ(view.read("/etc/five", 5).value(), "12345");
  EXPECT_EQ(view.read("/etc/five", 4).error().code, ErrorCode::kLimit);
  EXPECT_EQ(view.read("/etc/huge", 1000).error().code, ErrorCode::kLimit);
  const auto prefix = view.read_prefix("/etc/five", 2);
  EXPECT_EQ(prefix->bytes, "12");
  EXPECT_FALSE(prefix->complete);
}

TEST_P(RootViewTest, ListsSortedAndBounded) {
  tree.file("/etc/d/b", "").file("/etc/d/a", "").file("/etc/d/c", "");
  EXPECT_THAT(open().list("/etc/d", 10)->names, ElementsAre("a", "b", "c"));
  EXPECT_EQ(open().list("/etc/d", 2)->names.size(), 2U);
  EXPECT_FALSE(open().list("/etc/d", 2)->complete);
  EXPECT_EQ(open().list("/etc/none", 2).error().code, ErrorCode::kNotFound);
}

TEST_P(RootViewTest, PermissionIsNotAbsence) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  tree.file("/etc/closed/file", "x").file("/etc/secret", "x", 0).chmod("/etc/closed", 0);
  EXPECT_EQ(open().find("/etc/closed/file").error().code, ErrorCode::kForbidden);
  EXPECT_EQ(open().read("/etc/secret", 10).error().code, ErrorCode::kForbidden);
}

TEST_P(RootViewTest, BadPathsAreRefused) {
  EXPECT_FALSE(open().find(std::string(5000, 'a')).has_value());
  EXPECT_FALSE(open().find(std::string_view("etc\0x", 5)).has_value());
  EXPECT_TRUE(open().find("").has_value());
  EXPECT_TRUE(open().find("..").has_value());
}

TEST_P(RootViewTest, BelowIsARootOfItsOwn) {
  tree.file("/container/etc/x", "in").link("/container/etc/abs", "/etc/x").file("/etc/x", "host");
  const auto below = open().below("/container");
  ASSERT_TRUE(below.has_value());
  EXPECT_EQ(below->read("/etc/abs", 10).value(), "in");
  EXPECT_EQ(below->read("../etc/x", 10).value(), "in");
  EXPECT_FALSE(below->same_directory(open()));
  EXPECT_TRUE(open().below("/")->same_directory(open()));
}

TEST_P(RootViewTest, MagicLinksAreNotFollowed) {
  const auto host = RootView::open("/", GetParam());
  ASSERT_TRUE(host.has_value());
  // As a magic link this would lead to this process's descriptor, as a text "/…" inside the root it does not
  // exist.
  tree.file("/etc/only-here", "x");
  const auto outside = RootView::open(tree.root());
  ASSERT_TRUE(outside.has_value());
  EXPECT_FALSE(RootView::open("/proc/self", GetParam())->find("root/etc").has_value());
}

TEST(RootView, OpenSaysWhatIsWrong) {
  EXPECT_EQ(RootView::open("/does/not/exist").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(RootView::open("/etc/passwd").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace baseline::runner
