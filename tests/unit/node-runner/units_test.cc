#include "node-runner/units.h"

#include <gmock/gmock.h>

#include "lookup.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;

TEST(DropInDirectories, MostSpecificFirst) {
  EXPECT_THAT(drop_in_directories("kubelet.service"), ElementsAre("kubelet.service.d", "service.d"));
  EXPECT_THAT(drop_in_directories("a-b-c.service"),
              ElementsAre("a-b-c.service.d", "a-b-.service.d", "a-.service.d", "service.d"));
}

TEST(CollectUnits, FragmentAndDropInsAsSystemdWouldUseThem) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process({.pid = 1, .argv = {"init"}});
  tree.file("/usr/lib/systemd/system/kubelet.service", "")
      .file("/etc/systemd/system/kubelet.service", "", 0600);
  tree.file("/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", "");
  tree.file("/usr/lib/systemd/system/kubelet.service.d/20-x.conf", "");
  tree.file("/etc/systemd/system/kubelet.service.d/20-x.conf", "", 0666);  // hides the one above
  tree.file("/run/systemd/system/kubelet.service.d/05-first.conf", "");
  tree.file("/etc/systemd/system/service.d/15-all.conf", "");
  tree.file("/etc/systemd/system/kubelet.service.d/readme.txt", "");
  tree.link("/etc/systemd/system/kubelet.service.d/90-masked.conf", "/dev/null");
  tree.file("/usr/lib/systemd/system/kubelet.service.d/90-masked.conf", "");
  tree.file("/dev/null", "");
  const auto node = collect_from(tree);
  ASSERT_EQ(node.units_size(), 1);
  EXPECT_EQ(node.units(0).fragment_path(), "/etc/systemd/system/kubelet.service");
  EXPECT_THAT(node.units(0).drop_in_paths(),
              ElementsAre("/run/systemd/system/kubelet.service.d/05-first.conf",
                          "/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf",
                          "/etc/systemd/system/service.d/15-all.conf",
                          "/etc/systemd/system/kubelet.service.d/20-x.conf"));
  for (const std::string& path : node.units(0).drop_in_paths())
    EXPECT_NE(find_file(node, path), nullptr) << path;
  EXPECT_EQ(find_file(node, "/etc/systemd/system/kubelet.service")->mode(), 0600U);
  EXPECT_EQ(find_file(node, "/etc/systemd/system/kubelet.service.d/20-x.conf")->mode(), 0666U);
}

TEST(CollectUnits, AMaskedUnitIsNone) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process({.pid = 1, .argv = {"init"}}).file("/dev/null", "");
  tree.link("/etc/systemd/system/kubelet.service", "/dev/null")
      .file("/usr/lib/systemd/system/kubelet.service", "");
  const auto node = collect_from(tree);
  EXPECT_EQ(node.units_size(), 0);
  EXPECT_EQ(find_file(node, "/etc/systemd/system/kubelet.service")->target(), "/dev/null");
}

TEST(CollectUnits, TheKubeletsOwnWhateverItIsCalled) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process({.pid = 1, .argv = {"init"}});
  tree.process({.pid = 5, .argv = {"kubelet"}, .cgroup = "0::/system.slice/site-kubelet.service/x\n"});
  tree.file("/etc/systemd/system/site-kubelet.service", "[Service]\n");
  tree.file("/etc/systemd/system/other.service", "[Service]\n");
  const auto node = collect_from(tree);
  EXPECT_EQ(find_process(node, "kubelet")->unit(), "site-kubelet.service");
  ASSERT_EQ(node.units_size(), 1);
  EXPECT_EQ(node.units(0).fragment_path(), "/etc/systemd/system/site-kubelet.service");
}

TEST(CollectUnits, NoUnitIsShownAsLookedFor) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process({.pid = 1, .argv = {"init"}});
  const auto node = collect_from(tree);
  EXPECT_EQ(node.units_size(), 0);
  EXPECT_EQ(find_file(node, "/etc/systemd/system/kubelet.service")->presence(), facts::ABSENT);
}

}  // namespace
}  // namespace baseline::runner
