#include "base/json.h"

#include <gtest/gtest.h>

namespace baseline::base {
namespace {

TEST(Json, RoundTripKeepsOrderAndTypes) {
  const std::string text = R"({"z":1,"a":[true,null,"x",-2,1.5],"m":{"k":"\u00e9"}})";
  const auto value = parse_json(text, "test");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->members()[0].first, "z");
  EXPECT_TRUE((*value)["z"].is_int());
  EXPECT_EQ((*value)["m"]["k"].as_string(), "é");
  EXPECT_EQ(*parse_json(write_json(*value), "test"), *value);
  EXPECT_EQ(write_json(*value), R"({"z":1,"a":[true,null,"x",-2,1.5],"m":{"k":"é"}})");
}

TEST(Json, TellsTruncatedFromWrong) {
  EXPECT_EQ(parse_json(R"({"a": "b)", "test").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(parse_json("", "test").error().code, ErrorCode::kCorrupt);
  const auto wrong = parse_json(R"({"a": nope})", "reply");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(wrong.error().where, "reply");
}

TEST(Json, IsBounded) {
  EXPECT_EQ(parse_json("[1,2,3]", "test", 3).error().code, ErrorCode::kLimit);
  EXPECT_FALSE(parse_json(std::string(100, '[') + std::string(100, ']'), "test").has_value());
}

TEST(Json, WritesValidUtf8WhateverItIsGiven) {
  Value v;
  v.set("ok", "日本");
  v.set("bad", std::string("a\xFF\xC0\x80\xED\xA0\x80z"));
  const std::string text = write_json(v);
  const auto back = parse_json(text, "test");
  ASSERT_TRUE(back.has_value()) << text;
  EXPECT_EQ((*back)["ok"].as_string(), "日本");
  EXPECT_TRUE((*back)["bad"].as_string().starts_with("a\xEF\xBF\xBD"));
  EXPECT_TRUE((*back)["bad"].as_string().ends_with("z"));
}

TEST(Json, PrettyReadsBackTheSame) {
  Value v;
  v.set("a", Value(Value::List{1, Value::map()}));
  EXPECT_EQ(*parse_json(write_json_pretty(v), "test"), v);
  EXPECT_TRUE(write_json_pretty(v).ends_with("}\n"));
}

}  // namespace
}  // namespace baseline::base
