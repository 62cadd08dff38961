#include "node-runner/flags.h"

#include <gtest/gtest.h>

namespace baseline::runner {
namespace {

TEST(ParseFlags, EveryWayOfWriting) {
  const auto flags = parse_flags({"x", "--a=1", "--b", "2", "-c", "3", "--d", "--e_f=x", "word", "--", "-"});
  ASSERT_EQ(flags.size(), 5U);
  EXPECT_EQ(flags[0].name, "a");
  EXPECT_EQ(flags[1].value, "2");
  EXPECT_EQ(flags[2].name, "c");
  EXPECT_FALSE(flags[3].has_value);
  EXPECT_EQ(flags[4].name, "e-f");
}

TEST(LastValue, TheLastWinsAndEmptyIsNotSet) {
  EXPECT_EQ(last_value(parse_flags({"x", "--a=1", "--a=2"}), "a"), "2");
  EXPECT_EQ(last_value(parse_flags({"x", "--a=1", "--a="}), "a"), std::nullopt);
  EXPECT_EQ(last_value(parse_flags({"x", "--a-b=1"}), "a"), std::nullopt);
  EXPECT_EQ(last_value({}, "a"), std::nullopt);
}

}  // namespace
}  // namespace baseline::runner
