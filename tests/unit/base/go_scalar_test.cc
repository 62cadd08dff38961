#include "base/go_scalar.h"

#include <string>

#include <gtest/gtest.h>

namespace baseline::base {
namespace {

TEST(GoInt, AsParseIntWithBaseZero) {
  const std::pair<const char*, std::int64_t> numbers[] = {{"0", 0},
                                                          {"30", 30},
                                                          {"-5", -5},
                                                          {"+7", 7},
                                                          {"030", 24},
                                                          {"0x1F", 31},
                                                          {"-0X1f", -31},
                                                          {"0b101", 5},
                                                          {"0o17", 15},
                                                          {"0O17", 15},
                                                          {"0x1_000", 4096},
                                                          {"0_17", 15},
                                                          {"0x_1", 1},
                                                          {"00", 0},
                                                          {"9223372036854775807", INT64_MAX},
                                                          {"-9223372036854775808", INT64_MIN}};
  for (const auto& [text, number] : numbers) EXPECT_EQ(parse_go_int(text), number) << text;
  for (const char* text : {"",
                           "-",
                           "+",
                           "--1",
                           "1_000",
                           "08",
                           "0x",
                           "0b2",
                           "0o8",
                           "0x1__0",
                           "0x1_",
                           "_1",
                           "1_",
                           "1.0",
                           "1e3",
                           " 1",
                           "1 ",
                           "0xg",
                           "9223372036854775808",
                           "-9223372036854775809",
                           "0xFFFFFFFFFFFFFFFF",
                           "x"})
    EXPECT_EQ(parse_go_int(text), std::nullopt) << text;
}

TEST(GoBool, AsParseBool) {
  for (const char* text : {"1", "t", "T", "TRUE", "true", "True"})
    EXPECT_EQ(parse_go_bool(text), true) << text;
  for (const char* text : {"0", "f", "F", "FALSE", "false", "False"})
    EXPECT_EQ(parse_go_bool(text), false) << text;
  for (const char* text : {"", "yes", "on", "tRUE", "2"})
    EXPECT_EQ(parse_go_bool(text), std::nullopt) << text;
}

}  // namespace
}  // namespace baseline::base
