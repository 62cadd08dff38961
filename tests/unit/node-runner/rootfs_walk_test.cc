#include "node-runner/rootfs_walk.h"

#include <gmock/gmock.h>

#include "container_layouts.h"
#include "lookup.h"
#include "node_tree.h"

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Each reading of the steady clock is a millisecond later.
class TickingClock final : public base::Clock {
 public:
  base::Time now() const override { return {}; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(++ticks_));
  }

 private:
  mutable int ticks_ = 0;
};

class RootfsWalkTest : public ::testing::Test {
 protected:
  facts::RootFilesystem walk(const std::string& path = "/r", const Limits& limits = {},
                             std::set<std::string> mounts = {}) {
    const auto host = RootView::open(tree.root());
    const TickingClock clock;
    Context context(*host, limits, clock);
    facts::RootFilesystem out;
    ContainerRoot root{*host->below(path), std::move(mounts)};
    root.view.close(root.mounts);
    look_through_root(context, root, context.now() + limits.walk_time, out);
    return out;
  }
  static std::vector<std::string> set_id(const facts::RootFilesystem& root) {
    std::vector<std::string> out;
    for (const facts::File& file : root.set_id_files()) out.push_back(file.path());
    return out;
  }
  test::NodeTree tree;
};

TEST_F(RootfsWalkTest, ProgramsSystemAndSetIdFiles) {
  tree.file("/r/etc/os-release", "PRETTY_NAME=\"Alpine Linux v3.22\"\n");
  tree.file("/r/bin/busybox", "x", 0755).link("/r/bin/sh", "/bin/busybox").link("/r/bin/ash", "busybox");
  tree.file("/r/sbin/apk", "x", 0755).file("/r/usr/bin/curl", "x", 0755).file("/r/usr/bin/gcc", "x", 0644);
  tree.file("/r/opt/vendor/bin/bash", "x", 0755).file("/r/etc/cron.daily/dpkg", "x", 0755);
  tree.file("/r/usr/bin/su", "x", 04755).file("/r/usr/bin/wall", "x", 02755).file("/r/usr/bin/id", "x", 0755);
  const auto root = walk();
  EXPECT_TRUE(root.read());
  EXPECT_TRUE(root.complete()) << root.error();
  EXPECT_EQ(root.os_name(), "Alpine Linux v3.22");
  EXPECT_THAT(root.shells(), ElementsAre("/bin/ash", "/bin/busybox", "/bin/sh", "/opt/vendor/bin/bash"));
  EXPECT_THAT(root.package_managers(), ElementsAre("/sbin/apk"));
  EXPECT_THAT(root.tools(), ElementsAre("/usr/bin/curl"));
  EXPECT_THAT(set_id(root), ElementsAre("/usr/bin/su", "/usr/bin/wall"));
  EXPECT_EQ(root.set_id_files(0).mode(), 04755U);
  EXPECT_EQ(root.set_id_total(), 2U);
  EXPECT_GT(root.files_seen(), 10U);
}

TEST_F(RootfsWalkTest, AnEmptyRootHasNothing) {
  tree.file("/r/app", "x", 0755);
  const auto root = walk();
  EXPECT_TRUE(root.read());
  EXPECT_TRUE(root.complete());
  EXPECT_THAT(root.shells(), IsEmpty());
  EXPECT_EQ(root.os_name(), "");
}

TEST_F(RootfsWalkTest, AMergedUsrIsToldOnce) {
  tree.file("/r/usr/bin/bash", "x", 0755).link("/r/bin", "usr/bin").link("/r/sbin", "/usr/bin");
  EXPECT_THAT(walk().shells(), ElementsAre("/usr/bin/bash"));
}

TEST_F(RootfsWalkTest, LinksLeadNowhereOutside) {
  tree.file("/host-secret/bin/bash", "x", 04755).file("/etc/os-release", "PRETTY_NAME=host\n");
  tree.link("/r/bin", "../../host-secret/bin").link("/r/up", "..").link("/r/etc", "/etc");
  tree.link("/r/usr/bin/sh", "/host-secret/bin/bash")
      .link("/r/usr/bin/bash", "../../../host-secret/bin/bash");
  const auto root = walk();
  EXPECT_TRUE(root.complete()) << root.error();
  EXPECT_THAT(root.shells(), IsEmpty());
  EXPECT_THAT(set_id(root), IsEmpty());
  EXPECT_EQ(root.os_name(), "");
}

TEST_F(RootfsWalkTest, FifosAreNeverOpened) {
  tree.fifo("/r/bin/sh", 0755).fifo("/r/etc/os-release").fifo("/r/x", 0777);
  const auto root = walk();
  EXPECT_TRUE(root.complete());
  EXPECT_THAT(root.shells(), IsEmpty());
}

TEST_F(RootfsWalkTest, WhatIsMountedIsNotTheImage) {
  tree.file("/r/data/bin/su", "x", 04755).file("/r/bin/su", "x", 04755).file("/r/bin/mnt", "x", 04755);
  EXPECT_THAT(set_id(walk("/r", {}, {"/data", "/bin/mnt"})), ElementsAre("/bin/su"));
}

TEST_F(RootfsWalkTest, WhatIsMountedIsNotEnteredByName) {
  tree.file("/r/mnt/bin/bash", "x", 0755).file("/r/mnt/os-release", "PRETTY_NAME=\"mounted\"\n");
  tree.link("/r/usr/local/bin", "/mnt/bin").link("/r/etc/os-release", "../mnt/os-release");
  tree.link("/r/sbin", "./x/../mnt/bin").directory("/r/x");
  EXPECT_THAT(walk().shells(), ElementsAre("/mnt/bin/bash", "/sbin/bash", "/usr/local/bin/bash"));
  const auto root = walk("/r", {}, {"/mnt"});
  EXPECT_THAT(root.shells(), IsEmpty());
  EXPECT_EQ(root.os_name(), "");
}

TEST_F(RootfsWalkTest, AMountOverProgramsHidesTheImages) {
  tree.file("/r/usr/bin/id", "x", 0755).file("/r/bin/sh", "", 0644).file("/r/app/x", "x", 0755);
  for (const char* over : {"/usr", "/usr/bin", "/bin/sh", "/usr/local"}) {
    const auto root = walk("/r", {}, {over});
    EXPECT_TRUE(root.read()) << over;
    EXPECT_FALSE(root.complete()) << over;
    EXPECT_THAT(root.error(), HasSubstr(over));
  }
  for (const char* over :
       {"/proc", "/us", "/usr/binary", "/etc/hosts", "/app", "/usr/bin/id", "/data/usr/bin"})
    EXPECT_TRUE(walk("/r", {}, {over}).complete()) << over;
}

TEST_F(RootfsWalkTest, NobodyAnswersForAnothersContainer) {
  // The same image, of which one tenant has removed the shell from his container.
  tree.file("/r/bin/su", "x", 04755);
  tree.file("/whole/bin/sh", "x", 0755)
      .file("/whole/bin/mount", "x", 04755)
      .file("/whole/bin/su", "x", 04755);
  test::lay_out_container_process(tree, {.pid = 50, .root = "/r"});
  test::lay_out_container_process(tree, {.pid = 51, .root = "/whole"});
  const auto host = RootView::open(tree.root());
  const TickingClock clock;
  Context context(*host, {}, clock);
  RootfsWalks walks(context);
  facts::RootFilesystem both;
  walks.look({{"a", {50}}, {"shop", {51}}}, both);
  EXPECT_TRUE(both.read() && both.complete());
  EXPECT_THAT(both.shells(), ElementsAre("/bin/sh"));
  EXPECT_THAT(set_id(both), ElementsAre("/bin/mount", "/bin/su"));
  EXPECT_EQ(both.set_id_total(), 2U);

  // Within a namespace one is enough; where none can be looked at, the whole is not known.
  facts::RootFilesystem one;
  walks.look({{"a", {60, 50}}}, one);
  EXPECT_TRUE(one.complete());
  facts::RootFilesystem gone;
  walks.look({{"a", {50}}, {"shop", {61}}}, gone);
  EXPECT_TRUE(gone.read());
  EXPECT_FALSE(gone.complete());
  EXPECT_THAT(gone.error(), HasSubstr("has ended"));
  facts::RootFilesystem gone_first;
  walks.look({{"a", {61}}, {"shop", {50}}}, gone_first);
  EXPECT_FALSE(gone_first.complete());
  facts::RootFilesystem none;
  walks.look({}, none);
  EXPECT_FALSE(none.read());
  EXPECT_THAT(none.error(), HasSubstr("no running container"));
}

TEST_F(RootfsWalkTest, TheFirstFiftyByPathAndTheTrueTotal) {
  for (int i = 0; i < 120; ++i) tree.file("/r/d/f" + std::to_string(1000 + i), "", 04755);
  const auto root = walk();
  EXPECT_EQ(root.set_id_total(), 120U);
  ASSERT_EQ(root.set_id_files_size(), 50);
  EXPECT_EQ(root.set_id_files(0).path(), "/d/f1000");
  EXPECT_EQ(root.set_id_files(49).path(), "/d/f1049");
}

TEST_F(RootfsWalkTest, ABudgetThatIsUsedUpIsToldAndNeverComplete) {
  for (int i = 0; i < 300; ++i) tree.file("/r/d" + std::to_string(i % 9) + "/f" + std::to_string(i), "");
  Limits few;
  few.walk_files = 100;
  auto root = walk("/r", few);
  EXPECT_TRUE(root.read());
  EXPECT_FALSE(root.complete());
  EXPECT_EQ(root.files_seen(), 100U);
  EXPECT_THAT(root.error(), HasSubstr("--walk-files"));
  Limits short_time;
  short_time.walk_time = std::chrono::milliseconds(1);
  root = walk("/r", short_time);
  EXPECT_FALSE(root.complete());
  EXPECT_THAT(root.error(), HasSubstr("--walk-duration"));
}

TEST_F(RootfsWalkTest, NestedWithoutEnd) {
  std::string path = "/r";
  for (int i = 0; i < 150; ++i) path += "/d";
  tree.file(path + "/su", "", 04755);
  const auto root = walk();
  EXPECT_FALSE(root.complete());
  EXPECT_THAT(root.error(), HasSubstr("nested deeper"));
}

}  // namespace
}  // namespace baseline::runner
