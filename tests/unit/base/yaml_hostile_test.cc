// Texts made to cost much: each is refused, or read, with what its size allows.
#include <functional>

#include <gmock/gmock.h>

#include "base/yaml.h"

namespace baseline::base {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kMegabyte = std::size_t{1} << 20;
// As cli's reading of manifests has them.
constexpr YamlLimits kWide{.bytes = 64 * kMegabyte, .nodes = 5'000'000, .depth = 256};

std::string filled(const std::string& piece, std::size_t size) {
  std::string text;
  text.reserve(size + piece.size());
  while (text.size() < size) text += piece;
  return text;
}

std::string numbered(std::size_t size, const std::function<std::string(int)>& line) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += line(i);
  return text;
}

std::string times(int count, const std::string& piece) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

Error refused(const std::string& text, const YamlLimits& limits = {}) {
  const auto documents = parse_yaml_documents(text, "f", limits);
  EXPECT_FALSE(documents.has_value());
  return documents ? Error{} : documents.error();
}

TEST(YamlHostile, NestingIsRefusedWhereItGetsTooDeep) {
  for (const YamlLimits& limits : {YamlLimits{}, kWide}) {
    const int line = limits.depth + 1;
    for (const std::string& text :
         {filled("[", 2 * kMegabyte), filled("{a: ", 2 * kMegabyte), filled("[a: ", 2 * kMegabyte),
          filled("- ", 2 * kMegabyte), filled("[{\"a\":", 2 * kMegabyte)}) {
      const Error error = refused(text, limits);
      EXPECT_EQ(error.code, ErrorCode::kLimit) << text.substr(0, 10);
      EXPECT_THAT(error.message, HasSubstr("nested deeper than"));
      EXPECT_EQ(error.where, "f:1");
    }
    const Error map =
        refused(numbered(2 * kMegabyte, [](int i) { return std::string(i, ' ') + "a:\n"; }), limits);
    EXPECT_EQ(map.code, ErrorCode::kLimit);
    EXPECT_EQ(map.where, "f:" + std::to_string(line));
  }
}

TEST(YamlHostile, AFlowThatFillsTheTextIsCountedWhileItIsRead) {
  EXPECT_EQ(refused("[" + filled("1,", 4 * kMegabyte - 16) + "1]").message, "more than 200000 values");
  EXPECT_EQ(refused("[" + filled("{\"a\":1},", 4 * kMegabyte - 16) + "1]").code, ErrorCode::kLimit);
}

TEST(YamlHostile, AMegabyteOfAliases) {
  for (const char* anchored : {"[x,x,x,x,x,x,x,x,x,x]", "{a: 1, b: 2, c: 3}", "[[],[],[],[],[],[]]"}) {
    const std::string text = std::string("a: &a ") + anchored + "\nb:\n" + filled("- *a\n", kMegabyte);
    EXPECT_EQ(refused(text).code, ErrorCode::kLimit);
    EXPECT_EQ(refused(text, kWide).message, "too much of it comes out of aliases");
  }
  // Few values and much text.
  const std::string text = "a: &a " + std::string(10'000, 'x') + "\nb:\n" + filled("- *a\n", kMegabyte);
  EXPECT_EQ(refused(text, kWide).message, "too much of it comes out of aliases");
}

TEST(YamlHostile, AnchorsAroundAnchorsAreKeptOnce) {
  const std::string text = numbered(350, [](int i) { return "&a" + std::to_string(i) + " ["; }) +
                           filled("1,", 200'000) + std::string(60, ']');
  const auto value = parse_yaml(text, "f");
  ASSERT_TRUE(value.has_value()) << value.error().text();
  const Value* at = &*value;
  while (at->items().size() == 1) at = &at->items()[0];
  EXPECT_EQ(at->items().size(), 100'000U);
}

// go-yaml: of up to 400,000 values 99 % may come out of aliases, then less, down to 10 % of 4,000,000. Its
// answer to each of these is the one that is expected here.
TEST(YamlHostile, WhatKubernetesTakesOfAliasesIsTaken) {
  const auto read = [](int values, int aliases) {
    return parse_yaml("a: &a [" + times(values - 1, "x,") + "x]\nb:\n" + times(aliases, "- *a\n"), "f", kWide)
        .has_value();
  };
  EXPECT_TRUE(read(10, 9));
  EXPECT_TRUE(read(1000, 110));
  EXPECT_FALSE(read(1000, 111));
  EXPECT_FALSE(read(3000, 130));
  EXPECT_TRUE(read(20'000, 24));
  EXPECT_FALSE(read(20'000, 30));
  EXPECT_TRUE(read(100'000, 6));
}

TEST(YamlHostile, WhatAnAliasStandsFor) {
  const auto value = parse_yaml(
      "a: &a {k: &k v, l: [*k, &n null, *n, &t \"true\", *t]}\n"
      "b: *a\n"
      "c: &a [*a]\n"
      "d: *a\n"
      "*k : as a key\n",
      "f");
  ASSERT_FALSE(value.has_value());  // the list would hold itself
  EXPECT_EQ(value.error().message, "an alias refers to itself");
  EXPECT_EQ(value.error().where, "f:3");

  const auto again = parse_yaml(
      "a: &a {k: &k v, l: [*k, &n null, *n, &t \"true\", *t]}\n"
      "b: *a\n"
      "c: &a 1\n"
      "d: *a\n"
      "*k : as a key\n",
      "f");
  ASSERT_TRUE(again.has_value()) << again.error().text();
  EXPECT_EQ((*again)["b"], (*again)["a"]);
  EXPECT_TRUE((*again)["b"]["l"].items()[2].is_null());
  EXPECT_TRUE((*again)["b"]["l"].items()[4].is_string());
  EXPECT_EQ((*again)["d"].as_int(), 1);
  EXPECT_EQ((*again)["v"].as_string(), "as a key");
  EXPECT_EQ((*again)["d"].line(), 4);

  EXPECT_EQ(refused("a: *none\n").message, "there is no anchor for the alias \"none\"");
  EXPECT_EQ(refused("a: &x 1\n---\nb: *x\n").where, "f:3");  // anchors end with their document
}

TEST(YamlHostile, DirectivesAreFew) {
  const auto tags = [](int i) { return "%TAG !a" + std::to_string(i) + "! b\n"; };
  EXPECT_EQ(refused(numbered(2 * kMegabyte, tags) + "---\na\n").code, ErrorCode::kLimit);
  EXPECT_TRUE(parse_yaml(numbered(500, tags) + "---\na\n", "f").has_value());
}

TEST(YamlHostile, LongTextsOfOneKindAreRead) {
  constexpr std::size_t kSize = 2 * kMegabyte;
  for (const std::string& text :
       {filled("abc ", kSize), "a" + filled("\n \n", kSize) + "b", "\"" + filled("\\n", kSize) + "\"",
        "a: |\n" + filled("\n", kSize), "a: >\n" + filled("  x\n\n   y\n", kSize), filled("#c\n", kSize),
        filled("\r\n", kSize), numbered(kSize, [](int i) { return "- &a" + std::to_string(i) + " b\n"; })}) {
    EXPECT_TRUE(parse_yaml_documents(text, "f").has_value()) << text.substr(0, 10);
  }
}

}  // namespace
}  // namespace baseline::base
