#include "node-runner/json_members.h"

#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::Value;

constexpr auto kNames = std::to_array<std::string_view>({"a", "b"});

TEST(ParseJsonMembers, KeepsWhatIsNamedAndPassesOverTheRest) {
  const auto value = parse_json_members(
      R"({"x":{"a":1,"deep":[[[{"b":2}]]]},"a":{"k":["v",1,true,null,-2,1.5],"m":{}},"z":"a","b":"t\u00e9"})",
      kNames);
  ASSERT_TRUE(value.has_value()) << value.error().message;
  EXPECT_EQ(value->members().size(), 2U);
  EXPECT_EQ((*value)["a"]["k"].items().size(), 6U);
  EXPECT_EQ((*value)["a"]["k"].items()[0].as_string(), "v");
  EXPECT_EQ((*value)["a"]["k"].items()[4].as_int(), -2);
  EXPECT_TRUE((*value)["a"]["m"].is_map());
  EXPECT_EQ((*value)["b"].as_string(), "t\xc3\xa9");
}

TEST(ParseJsonMembers, LargeIntegersStayIntegers) {
  const auto value = parse_json_members(R"({"a":5368709120,"b":9223372036854775807})", kNames);
  ASSERT_TRUE(value.has_value()) << value.error().message;
  EXPECT_EQ((*value)["a"].as_int(), 5'368'709'120);
  EXPECT_EQ((*value)["b"].as_int(), INT64_MAX);
  const auto beyond = parse_json_members(R"({"a":9223372036854775808})", kNames);
  EXPECT_EQ((*beyond)["a"].as_double(), 9223372036854775808.0);
}

TEST(ParseJsonMembers, WhatIsNoObjectIsRefused) {
  for (const char* text : {"[]", "1", "\"a\"", "null", "[{\"a\":1}]"})
    EXPECT_EQ(parse_json_members(text, kNames).error().code, ErrorCode::kInvalid) << text;
  for (const char* text :
       {"", "{", "{\"a\":", "{\"a\":1", "{\"a\":1}}", "{\"a\":1} x", "{a:1}", "{\"x\":[1}"})
    EXPECT_EQ(parse_json_members(text, kNames).error().code, ErrorCode::kCorrupt) << text;
}

TEST(ParseJsonMembers, AKeyThatStandsTwiceIsRefused) {
  EXPECT_EQ(parse_json_members(R"({"a":1,"a":2})", kNames).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(parse_json_members(R"({"a":{"k":1,"k":2}})", kNames).error().code, ErrorCode::kCorrupt);
  EXPECT_TRUE(parse_json_members(R"({"x":{"k":1,"k":2}})", kNames).has_value());
}

TEST(ParseJsonMembers, Bounds) {
  EXPECT_EQ(parse_json_members(std::string(100'000, '['), kNames).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(parse_json_members("{\"x\":" + std::string(100'000, '['), kNames).error().code,
            ErrorCode::kLimit);
  std::string many = "{\"a\":[0";
  for (int i = 0; i < 1000; ++i) many += ",0";
  many += "]}";
  EXPECT_TRUE(parse_json_members(many, kNames).has_value());
  EXPECT_EQ(parse_json_members(many, kNames, {.values = 500}).error().code, ErrorCode::kLimit);
}

TEST(ParseJsonItems, EachObjectInTurn) {
  std::vector<std::string> seen;
  const auto done = parse_json_items(R"([{"a":"1","x":[{}]},{},{"a":"3"}])", kNames,
                                     [&seen](const Value& item) { seen.push_back(item["a"].as_string()); });
  EXPECT_TRUE(done.has_value());
  EXPECT_THAT(seen, ::testing::ElementsAre("1", "", "3"));
  const auto none = [](const Value&) {};
  EXPECT_EQ(parse_json_items(R"({"a":1})", kNames, none).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(parse_json_items("[1]", kNames, none).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(parse_json_items("[{}", kNames, none).error().code, ErrorCode::kCorrupt);
  EXPECT_TRUE(parse_json_items("[]", kNames, none).has_value());
}

}  // namespace
}  // namespace baseline::runner
