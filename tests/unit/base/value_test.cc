#include "base/value.h"

#include <gtest/gtest.h>

namespace baseline::base {
namespace {

TEST(Value, ReadsOfAnotherKindGiveTheFallback) {
  const Value text("x");
  EXPECT_EQ(text.as_int(7), 7);
  EXPECT_TRUE(text.as_bool(true));
  EXPECT_TRUE(text.items().empty());
  EXPECT_TRUE(text.members().empty());
  EXPECT_TRUE(text["key"].is_null());
  EXPECT_EQ(Value(3).as_double(), 3.0);
  EXPECT_EQ(Value(2.5).as_int(), 0);
}

TEST(Value, LooksUpByDottedPath) {
  Value v;
  v.set("spec", Value::map()).set("nodes", Value::map()).set("count", 3);
  EXPECT_EQ(v.at("spec.nodes.count").as_int(), 3);
  EXPECT_TRUE(v.at("spec.missing.count").is_null());
  EXPECT_EQ(&v.at(""), &v);
}

TEST(Value, SetReplacesInPlaceAndKeepsTheOrder) {
  Value v;
  v.set("b", 1);
  v.set("a", 2);
  v.set("b", 3);
  ASSERT_EQ(v.members().size(), 2U);
  EXPECT_EQ(v.members()[0].first, "b");
  EXPECT_EQ(v["b"].as_int(), 3);
  EXPECT_TRUE(v.erase("b"));
  EXPECT_FALSE(v.erase("b"));
}

TEST(Value, EqualityIgnoresLinesAndTheOrderOfKeys) {
  Value a, b;
  a.set("x", 1);
  a.set("y", Value(Value::List{1, "two"}));
  b.set("y", Value(Value::List{1, "two"}));
  b.set("x", 1).set_line(9);
  EXPECT_EQ(a, b);
  b.set("x", 2);
  EXPECT_NE(a, b);
}

TEST(Value, SaysScalarsInWords) {
  EXPECT_EQ(Value(true).scalar_text(), "true");
  EXPECT_EQ(Value(30).scalar_text(), "30");
  EXPECT_EQ(Value(0.5).scalar_text(), "0.5");
  EXPECT_EQ(Value("s").scalar_text(), "s");
  EXPECT_EQ(Value::list().scalar_text(), "");
  EXPECT_EQ(Value::list().kind_name(), "a list");
  EXPECT_EQ(Value().kind_name(), "nothing");
}

}  // namespace
}  // namespace baseline::base
