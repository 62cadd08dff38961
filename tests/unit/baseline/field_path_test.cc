#include "baseline/cluster/field_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/yaml.h"

namespace baseline::cluster {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<FieldValue> found(const base::Value& object, std::string_view path) {
  std::vector<FieldValue> values;
  find_values(object, parse_field_path(path).value(), values);
  return values;
}

std::vector<std::string> paths(std::string_view object, std::string_view path) {
  const base::Value document = base::parse_yaml(object, "o.yaml").value();
  std::vector<std::string> all;
  for (const FieldValue& value : found(document, path)) {
    all.push_back(value.path + (value.stopped ? " stops"
                                : value.value ? "=" + value.value->scalar_text()
                                              : " absent"));
  }
  return all;
}

TEST(FieldPath, ReadsKeysQuotedKeysAndEach) {
  for (const char* text :
       {"spec.containers[*].image", "metadata.labels[\"app.kubernetes.io/name\"]", "spec.a-b.c_d[*][*].x"}) {
    EXPECT_EQ(to_string(parse_field_path(text).value()), text);
  }
  EXPECT_EQ(to_string(parse_field_path("$.spec.x").value()), "spec.x");
  EXPECT_EQ(to_string(parse_field_path(".spec.x").value()), "spec.x");
}

TEST(FieldPath, SaysWhatIsWrong) {
  for (const char* text :
       {"", ".", "a..b", "a.", "[*].a", "a[0]", "a[b]", "a[\"b]", "a[\"\"]", "a b", "a[*]b", "a[*"}) {
    EXPECT_FALSE(parse_field_path(text)) << text;
  }
  EXPECT_THAT(parse_field_path("a[0]").error(), HasSubstr("* for each item"));
  EXPECT_FALSE(parse_field_path("a" + std::string(64, '.')));
  std::string deep = "a";
  for (int i = 0; i < 40; ++i) deep += ".a";
  EXPECT_THAT(parse_field_path(deep).error(), HasSubstr("at most 32"));
}

TEST(FieldPath, FindsEachBranchByTheNameOfItsItem) {
  EXPECT_THAT(paths("spec: {containers: [{name: web, ports: [{p: 1}, {p: 2}]}, {ports: [{p: 3}]}]}",
                    "spec.containers[*].ports[*].p"),
              ElementsAre("spec.containers[web].ports[0].p=1", "spec.containers[web].ports[1].p=2",
                          "spec.containers[1].ports[0].p=3"));
  EXPECT_THAT(paths("data: {a: 1, b.c: 2}", "data[*]"), ElementsAre("data[\"a\"]=1", "data[\"b.c\"]=2"));
  EXPECT_THAT(paths("metadata: {labels: {a.b/c: x}}", "metadata.labels[\"a.b/c\"]"),
              ElementsAre("metadata.labels[\"a.b/c\"]=x"));
}

TEST(FieldPath, AnAbsentFieldIsOneBranchAndAnAbsentListIsNone) {
  EXPECT_THAT(paths("spec: {}", "spec.a.b"), ElementsAre("spec.a.b absent"));
  EXPECT_THAT(paths("{}", "spec.a.b"), ElementsAre("spec.a.b absent"));
  EXPECT_THAT(paths("spec: {a: null}", "spec.a.b"), ElementsAre("spec.a.b absent"));
  EXPECT_THAT(paths("spec: {a: {b: null}}", "spec.a.b"), ElementsAre("spec.a.b absent"));
  EXPECT_THAT(paths("spec: {}", "spec.list[*].b"), IsEmpty());
  EXPECT_THAT(paths("{}", "spec.list[*].b"), IsEmpty());
  EXPECT_THAT(paths("spec: {list: []}", "spec.list[*].b"), IsEmpty());
  EXPECT_THAT(paths("spec: {list: [{b: 1}, {}]}", "spec.list[*].b"),
              ElementsAre("spec.list[0].b=1", "spec.list[1].b absent"));
}

TEST(FieldPath, StopsWhereTheObjectIsOfAnotherShape) {
  EXPECT_THAT(paths("spec: {a: 3}", "spec.a.b"), ElementsAre("spec.a stops"));
  EXPECT_THAT(paths("spec: {a: [1]}", "spec.a.b"), ElementsAre("spec.a stops"));
  EXPECT_THAT(paths("spec: {a: text}", "spec.a[*].b"), ElementsAre("spec.a stops"));
  EXPECT_THAT(paths("[1]", "spec.a"), ElementsAre(" stops"));
}

TEST(FieldPath, TellsTheContainer) {
  const base::Value document =
      base::parse_yaml("spec: {initContainers: [{name: init, env: [{name: TOKEN, value: x}]}]}", "o").value();
  const auto values = found(document, "spec.initContainers[*].env[*].value");
  ASSERT_EQ(values.size(), 1U);
  EXPECT_EQ(values[0].container, "init");
  EXPECT_EQ(values[0].item_name, "TOKEN");
  EXPECT_EQ(values[0].last_key, "value");
}

TEST(FieldPath, BranchesAreBounded) {
  base::Value inner = base::Value::list();
  for (int i = 0; i < 200; ++i) inner.push_back(i);
  base::Value outer = base::Value::list();
  for (int i = 0; i < 50; ++i) outer.push_back(inner);
  base::Value object = base::Value::map();
  object.set("a", outer);
  std::vector<FieldValue> values;
  EXPECT_TRUE(find_values(object, parse_field_path("a[*][*]").value(), values));
  EXPECT_EQ(values.size(), kMostFieldValues);
  object.find("a")->push_back(inner);
  values.clear();
  EXPECT_FALSE(find_values(object, parse_field_path("a[*][*]").value(), values));
  EXPECT_EQ(values.size(), kMostFieldValues);
}

}  // namespace
}  // namespace baseline::cluster
