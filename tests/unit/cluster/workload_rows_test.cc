// The truth tables of tests/data/object-rows: requirements about pods, namespaces, secrets and add-ons
// against objects as the API writes them.
#include <set>

#include <gtest/gtest.h>

#include "../baseline/evaluate_support.h"
#include "base/json.h"
#include "baseline/cluster/evaluator.h"
#include "objects/parse.h"
#include "phrase_templates.h"
#include "row_tables.h"

namespace baseline::cluster {
namespace {

using base::Value;

// Names and images that a case leaves out.
Value completed(Value spec) {
  for (const char* list : {"containers", "initContainers", "ephemeralContainers"}) {
    const Value* given = spec.find(list);
    if (!given) continue;
    Value out = Value::list();
    for (Value container : given->items()) {
      if (container.is_null()) container = Value::map();
      if (!container.contains("name")) container.set("name", "web");
      if (!container.contains("image")) container.set("image", "registry.example/cart:1.4.2");
      out.push_back(std::move(container));
    }
    spec.set(list, std::move(out));
  }
  return spec;
}

std::vector<Value> manifests_of(const Value& description) {
  std::vector<Value> all(description["objects"].items().begin(), description["objects"].items().end());
  Value spec = description["pod"];
  if (description.contains("container")) {
    spec = Value::map();
    spec.set("containers", Value(Value::List{description["container"]}));
  }
  if (spec.is_null()) return all;
  Value metadata = Value::map();
  metadata.set("name", "cart");
  metadata.set("namespace", "shop");
  metadata.set("annotations", description["annotations"]);
  Value pod = Value::map();
  pod.set("apiVersion", "v1");
  pod.set("kind", "Pod");
  pod.set("metadata", std::move(metadata));
  pod.set("spec", completed(std::move(spec)));
  all.push_back(std::move(pod));
  return all;
}

std::set<std::string> texts(const Value& list) {
  std::set<std::string> out;
  for (const Value& one : list.items()) out.insert(one.as_string());
  return out;
}

ClusterContext context_of(const Value& description) {
  ClusterContext context;
  context.live = !description["files"].as_bool();
  context.reported_nodes = texts(description["reported"]);
  context.signals = texts(description["signals"]);
  const std::set<std::string> namespaces = texts(description["namespaces"]);
  context.include_namespaces.assign(namespaces.begin(), namespaces.end());
  return context;
}

void add_objects(const Value& description, ClusterEvaluator& evaluator) {
  objects::ObjectParser parser({.default_namespace = "default"});
  for (const Value& manifest : manifests_of(description)) {
    const std::string json = base::write_json(manifest);
    const auto read = parser.parse_manifest(json, [&](objects::ManifestObject&& one) {
      ASSERT_FALSE(one.error) << json;
      for (Object& object : one.objects) evaluator.add(std::move(object));
    });
    ASSERT_TRUE(read) << json;
  }
}

std::string describe(const ObjectResult& result) {
  std::string out = std::string(to_string(result.status)) + ": " + render(result.message, Language::kEnglish);
  for (const ObjectFinding& one : result.findings) {
    out += "\n  " + std::string(to_string(one.status)) + " " + render(one.subject, Language::kEnglish) +
           ": " + render(one.actual, Language::kEnglish) + " (" + render(one.expected, Language::kEnglish) +
           ")";
  }
  return out;
}

class WorkloadRow : public testing::TestWithParam<test::RowCase> {};

TEST_P(WorkloadRow, IsJudgedAsTheTableSays) {
  const Value& description = GetParam().description;
  const auto profile = test::profile_of(GetParam().row);
  test::set_parameters(*profile, GetParam());
  const ClusterContext context = context_of(description);
  ClusterEvaluator evaluator(profile, context, base::Time{});
  if (context.live) {
    for (const KindInfo& kind : kinds()) evaluator.read(kind.kind);
  }
  add_objects(description, evaluator);
  const ClusterOutcome outcome = std::move(evaluator).finish();
  ASSERT_EQ(outcome.results.size(), 1U);
  const ObjectResult& result = outcome.results.front();
  const std::string all = describe(result);

  test::expect_verdict(GetParam(), result.status, result.message, all);
  if (description.contains("object")) {
    ASSERT_FALSE(result.findings.empty()) << all;
    EXPECT_EQ(result.findings.front().object, description["object"].as_string()) << all;
  }
  if (description.contains("findings")) {
    EXPECT_EQ(result.findings.size(), static_cast<std::size_t>(description["findings"].as_int())) << all;
  }
  EXPECT_EQ(all.find("hunter2"), std::string::npos) << "a value is told";
  test::expect_whole_result(result);
}

INSTANTIATE_TEST_SUITE_P(Rows, WorkloadRow, testing::ValuesIn(test::row_cases("object-rows")),
                         test::row_case_name);

TEST(WorkloadRows, EachHasEveryVerdictThatItCanGive) {
  const auto seen = test::verdicts_by_row(test::row_cases("object-rows"));
  EXPECT_EQ(seen.size(), 30U);
  for (const auto& [row, verdicts] : seen) {
    if (row == "5.7.2.7") continue;  // without the node's facts, a person must judge
    EXPECT_TRUE(verdicts.contains("Pass")) << row;
    const bool for_a_person = row == "5.7.4.2" || row == "5.7.1.1" || row == "5.7.1.16";
    EXPECT_TRUE(verdicts.contains(for_a_person ? "Manual" : "Fail")) << row;
  }
}

}  // namespace
}  // namespace baseline::cluster
