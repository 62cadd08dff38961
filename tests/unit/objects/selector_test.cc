#include "objects/selector.h"

#include <gmock/gmock.h>

namespace baseline::objects {
namespace {

using cluster::LabelSelector;
using ::testing::ElementsAre;
using Operator = LabelSelector::Operator;

LabelSelector read(std::string_view json) {
  simdjson::dom::parser parser;
  Reader reader;
  return read_selector(reader, parser.parse(json.data(), json.size()).value());
}

TEST(Selector, LabelsAndExpressions) {
  const LabelSelector it = read(R"({"matchLabels":{"app":"x","empty":""},"matchExpressions":[
    {"key":"a.io/tier","operator":"In","values":["1","2"]},{"key":"b","operator":"NotIn","values":["3"]},
    {"key":"c","operator":"Exists"},{"key":"d","operator":"DoesNotExist","values":[]}]})");
  EXPECT_FALSE(it.invalid);
  EXPECT_EQ(it.match_labels, (cluster::Labels{{"app", "x"}, {"empty", ""}}));
  ASSERT_EQ(it.expressions.size(), 4U);
  EXPECT_EQ(it.expressions[0].key, "a.io/tier");
  EXPECT_THAT(it.expressions[0].values, ElementsAre("1", "2"));
  EXPECT_EQ(it.expressions[1].op, Operator::kNotIn);
  EXPECT_EQ(it.expressions[2].op, Operator::kExists);
  EXPECT_EQ(it.expressions[3].op, Operator::kDoesNotExist);
}

TEST(Selector, EmptyOnesSelectEverything) {
  for (const char* json : {"{}", "null", R"({"matchLabels":null,"matchExpressions":[]})"}) {
    const LabelSelector it = read(json);
    EXPECT_FALSE(it.invalid) << json;
    EXPECT_TRUE(it.match_labels.empty() && it.expressions.empty()) << json;
  }
}

TEST(Selector, WhatTheApiRefusesIsInvalidAndHoldsNothing) {
  for (const char* json :
       {"[]", R"("app=x")", R"({"matchLabels":{"app":1}})", R"({"matchLabels":{"-x":"y"}})",
        R"({"matchLabels":{"app":"no blanks"}})", R"({"matchLabels":["app"]})",
        R"({"matchLabels":{"good":"x"},"matchExpressions":[{"key":"a","operator":"in","values":["1"]}]})",
        R"({"matchExpressions":[{"key":"a","operator":"In","values":[]}]})",
        R"({"matchExpressions":[{"key":"a","operator":"Exists","values":["x"]}]})",
        R"({"matchExpressions":[{"operator":"Exists"}]})", R"({"matchExpressions":[null]})",
        R"({"matchExpressions":[{"key":"a","operator":"In","values":[1]}]})"}) {
    const LabelSelector it = read(json);
    EXPECT_TRUE(it.invalid) << json;
    EXPECT_TRUE(it.match_labels.empty() && it.expressions.empty()) << json;
  }
}

TEST(CalicoSelector, TermsThatSayTheSame) {
  const auto it = parse_calico_selector(
      R"(app == 'web' && tier != "db"&&zone in {'a', 'b'} && rack not in {'c'} && has(x.io/y) && !has(z))");
  ASSERT_TRUE(it.has_value());
  ASSERT_EQ(it->expressions.size(), 6U);
  EXPECT_EQ(it->expressions[0].key, "app");
  EXPECT_EQ(it->expressions[0].op, Operator::kIn);
  EXPECT_THAT(it->expressions[0].values, ElementsAre("web"));
  EXPECT_EQ(it->expressions[1].op, Operator::kNotIn);
  EXPECT_THAT(it->expressions[2].values, ElementsAre("a", "b"));
  EXPECT_EQ(it->expressions[3].op, Operator::kNotIn);
  EXPECT_EQ(it->expressions[4].key, "x.io/y");
  EXPECT_EQ(it->expressions[4].op, Operator::kExists);
  EXPECT_EQ(it->expressions[5].op, Operator::kDoesNotExist);
}

TEST(CalicoSelector, All) {
  for (const char* text : {"", "  ", "all()", " all( ) "}) {
    const auto it = parse_calico_selector(text);
    ASSERT_TRUE(it.has_value()) << text;
    EXPECT_TRUE(it->expressions.empty()) << text;
  }
}

TEST(CalicoSelector, WhatALabelSelectorCannotSay) {
  for (const char* text :
       {"app == 'a' || app == 'b'", "!(app == 'a')", "app contains 'a'", "app starts with 'a'", "global()",
        "projectcalico.org/namespace == 'shop'", "pcsa.role == 'x'", "app == a", "app ==", "app", "has(app",
        "app in {}", "app in {'a'", "app == 'a' &&", "(app == 'a')", "app == 'unclosed", "!app == 'a'",
        "app not 'x'", "inner == 'a' junk"}) {
    EXPECT_FALSE(parse_calico_selector(text).has_value()) << text;
  }
  EXPECT_TRUE(parse_calico_selector("inner == 'a'").has_value());
}

}  // namespace
}  // namespace baseline::objects
