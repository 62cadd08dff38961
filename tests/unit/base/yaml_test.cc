#include "base/yaml.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace baseline::base {
namespace {

Value parsed(std::string_view text) {
  auto value = parse_yaml(text, "test.yaml");
  EXPECT_TRUE(value.has_value()) << value.error().text();
  return value.value_or(Value());
}

Error failed(std::string_view text, const YamlLimits& limits = {}) {
  const auto value = parse_yaml(text, "test.yaml", limits);
  EXPECT_FALSE(value.has_value());
  return value ? Error{} : value.error();
}

TEST(Yaml, TypesAsGoYamlHasThem) {
  const Value v = parsed(
      "{a: true, b: \"true\", c: 30, d: '30', e: 1.5, f: yes, g: on, h: ~, i: 0755, j: 1.24.0, k: -3, l: "
      "1e3}");
  EXPECT_TRUE(v["a"].is_bool());
  EXPECT_TRUE(v["b"].is_string());
  EXPECT_EQ(v["c"].as_int(), 30);
  EXPECT_EQ(v["d"].as_string(), "30");
  EXPECT_EQ(v["e"].as_double(), 1.5);
  EXPECT_EQ(v["f"], Value(true));
  EXPECT_EQ(v["g"], Value(true));
  EXPECT_TRUE(v["h"].is_null());
  EXPECT_EQ(v["i"].as_int(), 493);
  EXPECT_EQ(v["j"].as_string(), "1.24.0");
  EXPECT_EQ(v["k"].as_int(), -3);
  EXPECT_EQ(v["l"].as_double(), 1000);
}

TEST(Yaml, WordsAndNumbersOfYaml11) {
  for (const char* text : {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"})
    EXPECT_EQ(parsed(text), Value(true)) << text;
  for (const char* text : {"n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"})
    EXPECT_EQ(parsed(text), Value(false)) << text;
  for (const char* text : {"yEs", "oN", "t", "f", "yess", "'yes'", "\"off\"", "!!str no"})
    EXPECT_TRUE(parsed(text).is_string()) << text;
  EXPECT_EQ(parsed("1_000").as_int(), 1000);
  EXPECT_EQ(parsed("0x1F").as_int(), 31);
  EXPECT_EQ(parsed("0b11").as_int(), 3);
  EXPECT_EQ(parsed("0o17").as_int(), 15);
  EXPECT_EQ(parsed("08").as_double(), 8);
  EXPECT_TRUE(parsed("1_000_x").is_string());
  EXPECT_TRUE(parsed("2026-01-31").is_string());
  EXPECT_EQ(parsed("{on: 1}")["on"].as_int(), 1);  // a key is a string
}

TEST(Yaml, MergeKeys) {
  const Value v = parsed(
      "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\n"
      "one: {<<: *base, b: 5}\n"
      "list: {<<: [*other, *base], d: 6}\n"
      "behind: {a: 7, <<: *base}\n"
      "inline: {<<: {x: {y: 1}}}\n"
      "quoted: {\"<<\": 1}\n"
      "nested: &nested {<<: *base, z: 1}\nagain: {<<: *nested, a: 9}\n");
  EXPECT_EQ(v["one"], parsed("{a: 1, b: 5}"));
  EXPECT_EQ(v["list"], parsed("{a: 1, b: 3, c: 4, d: 6}"));
  EXPECT_EQ(v["behind"], parsed("{a: 1, b: 2}"));  // as go-yaml v2: what comes later wins
  EXPECT_EQ(v["inline"]["x"]["y"].as_int(), 1);
  EXPECT_EQ(v["quoted"]["<<"].as_int(), 1);
  EXPECT_EQ(v["again"], parsed("{a: 9, b: 2, z: 1}"));
  for (const char* text :
       {"{<<: 1}", "{<<: [1]}", "{<<: [[{a: 1}]]}", "{<<: {a: 1}, a: 2, a: 3}", "{a: 1, a: 2, <<: {}}"})
    EXPECT_EQ(failed(text).code, ErrorCode::kInvalid) << text;
}

TEST(Yaml, MergingManyKeysIsLinear) {
  std::string text = "base: &base\n";
  for (int i = 0; i < 20'000; ++i) text += "  k" + std::to_string(i) + ": 1\n";
  text += "own:\n  <<: *base\n";
  for (int i = 0; i < 20'000; ++i) text += "  k" + std::to_string(i) + ": 2\n";
  const Value v = parsed(text);
  EXPECT_EQ(v["own"].members().size(), 20'000U);
  EXPECT_EQ(v["own"]["k19999"].as_int(), 2);
}

TEST(Yaml, WhatReadsBackAsAnotherTypeIsQuoted) {
  for (const char* text : {"yes", "off", "y", "0x1F", "1_000", "030", "<<"}) {
    EXPECT_EQ(parsed(write_yaml(Value(text))).as_string(), text);
    Value map = Value::map();
    map.set(text, 1);
    EXPECT_EQ(parsed(write_yaml(map)), map) << write_yaml(map);
  }
}

TEST(Yaml, KnowsTheLineOfEachValue) {
  const Value v = parsed("a: 1\nb:\n  - x\n  - y: 2\n");
  EXPECT_EQ(v["a"].line(), 1);
  EXPECT_EQ(v["b"].items()[0].line(), 3);
  EXPECT_EQ(v["b"].items()[1]["y"].line(), 4);
}

TEST(Yaml, NoLineIsBeyondTheText) {
  EXPECT_EQ(parse_yaml("---", "t")->line(), 1);
  EXPECT_EQ((*parse_yaml("a: 1\nb:", "t"))["b"].line(), 2);
  EXPECT_EQ(parse_yaml("a: [", "t").error().where, "t:1");
}

TEST(Yaml, ReadsJson) {
  const Value v = parsed(R"({"plugins": [{"type": "bridge", "isGateway": true}], "text": "a\nb"})");
  EXPECT_TRUE(v["plugins"].items()[0]["isGateway"].as_bool());
  EXPECT_EQ(v["text"].as_string(), "a\nb");
}

TEST(Yaml, ExpandsAliases) {
  const Value v = parsed("a: &x {k: 1}\nb: *x\n");
  EXPECT_EQ(v["b"]["k"].as_int(), 1);
}

TEST(Yaml, ReadsManyDocuments) {
  const auto docs = parse_yaml_documents("a: 1\n---\nb: 2\n---\n", "test.yaml");
  ASSERT_TRUE(docs.has_value());
  ASSERT_EQ(docs->size(), 3U);
  EXPECT_EQ((*docs)[1]["b"].as_int(), 2);
  EXPECT_TRUE((*docs)[2].is_null());
  EXPECT_EQ(failed("a: 1\n---\nb: 2\n").code, ErrorCode::kInvalid);
}

TEST(Yaml, NamesTheLineOfAMistake) {
  EXPECT_EQ(failed("a: 1\nb: [1, 2\nc: 3\n").where.substr(0, 10), "test.yaml:");
  const Error twice = failed("a: 1\na: 2\n");
  EXPECT_EQ(twice.where, "test.yaml:2");
  EXPECT_NE(twice.message.find("twice"), std::string::npos);
  EXPECT_EQ(failed("{[1]: 2}").code, ErrorCode::kInvalid);
}

TEST(Yaml, WhatBelongsToNothingIsAMistakeAtItsLine) {
  for (const char* text : {",", "]", "}", "a: 1\n]\n", "--- [a]\n}"}) {
    const auto documents = parse_yaml_documents(text, "test.yaml");
    ASSERT_FALSE(documents.has_value()) << text;
    EXPECT_EQ(documents.error().code, ErrorCode::kInvalid) << text;
  }
  EXPECT_EQ(failed("a: 1\n]\n").where, "test.yaml:2");
}

TEST(Yaml, TextsThatAreNoUtf8AreRefused) {
  for (const char* text : {"a: \"x\xff\"", "\xfe: 1", "{\"a\": [\"\xed\xa0\x80\"]}"}) {
    EXPECT_EQ(failed(text).code, ErrorCode::kInvalid) << text;
  }
  EXPECT_EQ(failed("a: 1\nb: \xc3\n").where, "test.yaml:2");
  EXPECT_EQ(parsed("a: \"中\\u4e2d\"")["a"].as_string(), "中中");
}

TEST(Yaml, AKeyThatStandsTwiceIsFoundAmongMany) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "key" + std::to_string(i) + ": " + std::to_string(i) + "\n";
  const Value many = parsed(text.c_str());
  ASSERT_EQ(many.members().size(), 100U);
  EXPECT_EQ(many["key0"].as_int(), 0);
  EXPECT_EQ(many["key99"].as_int(), 99);
  for (const char* again : {"key0", "key31", "key32", "key99"}) {
    EXPECT_EQ(failed(text + again + ": 1\n").where, "test.yaml:101") << again;
  }
}

TEST(Yaml, IsBounded) {
  EXPECT_EQ(failed(std::string(200, '[') + std::string(200, ']'), {.depth = 32}).code, ErrorCode::kLimit);
  EXPECT_EQ(failed("[1, 2, 3, 4]", {.nodes = 3}).code, ErrorCode::kLimit);
  EXPECT_EQ(failed("abcdef", {.bytes = 3}).code, ErrorCode::kLimit);
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j > 0 ? ", " : "") + before;
    bomb += "]\n";
  }
  EXPECT_EQ(failed(bomb).code, ErrorCode::kLimit);
}

TEST(Yaml, WhatATerminalObeysIsWrittenAsEscapes) {
  Value value = Value::map();
  value.set("k\u202Ey", Value(Value::List{"a\x1b[2J", "\u009b\x7f", "one\ntwo \u200b\n", "整改\n"}));
  const std::string text = write_yaml(value);
  for (const std::string_view hidden : {"\x1b", "\x7f", "\u009b", "\u202E", "\u200b"})
    EXPECT_FALSE(text.contains(hidden)) << text;
  EXPECT_EQ(parse_yaml(text, "test").value(), value) << text;
}

TEST(Yaml, WhatIsWrittenReadsBackTheSame) {
  const Value v = parsed(
      R"({"a": [1, "1", true, "true", null, 1.5], "b": {"c": "x: y", "d": "", "e": [], "f": {}}, "g": "two\nlines\n", "h": "null"})");
  EXPECT_EQ(parsed(write_yaml(v)), v) << write_yaml(v);
  for (const char* text :
       {"...",          "---",     "a\r",       "a\x7f",      "--- a",   "~",        "a\nb",     "a\n\n",
        "\na\n",        " a\nb\n", "a\tb\n",    "a\x01\nb\n", "\n",      "a\r\nb\n", "a\n  b\n", "a \u2028 b",
        "a \u0085 b\n", "\uFEFFa", "中 \u2029", "\u009f",     "a\x7f\n", "中\n文"}) {
    const Value list(Value::List{text, 1000.0, -0.5, 1e300});
    EXPECT_EQ(parsed(write_yaml(list)), list) << write_yaml(list);
    EXPECT_EQ(parsed(write_yaml(text)), Value(text)) << write_yaml(text);
    const Value map(Value::Map{{text, text}});
    EXPECT_EQ(parsed(write_yaml(map)), map) << write_yaml(map);
  }
}

}  // namespace
}  // namespace baseline::base
