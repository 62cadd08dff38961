#include "baseline/version.h"

#include <gtest/gtest.h>

namespace baseline {
namespace {

TEST(VersionTest, ReadsWhatComponentsSay) {
  EXPECT_EQ(parse_version("1.24"), (Version{1, 24, 0}));
  EXPECT_EQ(parse_version("v1.36.3"), (Version{1, 36, 3}));
  EXPECT_EQ(parse_version("v1.28.4-gke.100"), (Version{1, 28, 4}));
  EXPECT_EQ(parse_version("v1.31.0+k3s1"), (Version{1, 31, 0}));
  EXPECT_EQ(parse_version("1.27+"), (Version{1, 27, 0}));
  for (const char* wrong :
       {"", "v", "1", "1.", "one.two", "1.x", "1.2.", "1.2.3.4", "latest", "-1.2", "1.99999"}) {
    EXPECT_FALSE(parse_version(wrong)) << wrong;
  }
}

TEST(VersionTest, OrdersByNumber) {
  EXPECT_LT(*parse_version("1.9"), *parse_version("1.25"));
  EXPECT_LT(*parse_version("1.25.1"), *parse_version("1.25.10"));
}

TEST(VersionTest, ARangeTakesInItsFirstAndNotItsLast) {
  const VersionRange range{"1.20", "1.25"};
  EXPECT_FALSE(in_range({1, 19, 9}, range));
  EXPECT_TRUE(in_range({1, 20, 0}, range));
  EXPECT_TRUE(in_range({1, 24, 99}, range));
  EXPECT_FALSE(in_range({1, 25, 0}, range));
  EXPECT_TRUE(in_range({9, 0, 0}, {"1.20", ""}));
  EXPECT_TRUE(in_range({0, 1, 0}, {"", "1.20"}));
}

}  // namespace
}  // namespace baseline
