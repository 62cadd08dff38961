#include "node-runner/text.h"

#include <gmock/gmock.h>

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;

TEST(Text, Paths) {
  EXPECT_EQ(base_name("/usr/bin/kubelet"), "kubelet");
  EXPECT_EQ(base_name("kubelet"), "kubelet");
  EXPECT_EQ(base_name("/"), "");
  EXPECT_EQ(parent_path("/a/b"), "/a");
  EXPECT_EQ(parent_path("/a"), "/");
  EXPECT_EQ(parent_path("a"), "");
  EXPECT_EQ(join_path("/a", "b"), "/a/b");
  EXPECT_EQ(join_path("/", "b"), "/b");
  EXPECT_EQ(join_path("/a", "/b"), "/b");
}

TEST(Text, LeadingVersion) {
  EXPECT_EQ(leading_version("v1.36.3"), "1.36.3");
  EXPECT_EQ(leading_version("1.28.3-rke2r1"), "1.28.3");
  EXPECT_EQ(leading_version("3.6.8-0"), "3.6.8");
  EXPECT_EQ(leading_version("1.36"), "");
  EXPECT_EQ(leading_version("1.36."), "");
  EXPECT_EQ(leading_version("latest"), "");
  EXPECT_EQ(leading_version(""), "");
}

TEST(Text, Pieces) {
  EXPECT_THAT(split("a,,b", ','), ElementsAre("a", "", "b"));
  EXPECT_THAT(fields("  a\tb \n"), ElementsAre("a", "b"));
  EXPECT_EQ(trim(" \tx y\r\n"), "x y");
  EXPECT_EQ(trim("  "), "");
  EXPECT_EQ(to_number<int>("12"), 12);
  EXPECT_EQ(to_number<int>("12x"), std::nullopt);
  EXPECT_EQ(to_number<unsigned>("ff", 16), 255U);
}

}  // namespace
}  // namespace baseline::runner
