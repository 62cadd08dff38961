// The truth tables of tests/data/rows: every node requirement of the built-in standard against described
// nodes.
#include <gtest/gtest.h>

#include "evaluate_support.h"
#include "facts_dsl.h"
#include "phrase_templates.h"
#include "row_tables.h"

namespace baseline::test {
namespace {

NodeContext context_from(const base::Value& known) {
  NodeContext context;
  context.kubelet_version = known["kubelet"].as_string();
  context.apiserver_version = known["apiserver"].as_string();
  for (const auto& [key, value] : known["labels"].members()) context.labels[key] = value.as_string();
  if (known.contains("pods")) context.pods.emplace();
  for (const base::Value& one : known["pods"].items()) context.pods->push_back(api_pod(one));
  return context;
}

class Row : public testing::TestWithParam<RowCase> {};

TEST_P(Row, IsJudgedAsTheTableSays) {
  const base::Value& description = GetParam().description;
  const auto profile = profile_of(GetParam().row);
  set_parameters(*profile, GetParam());
  const base::Value& known = description["context"];
  if (known.contains("system-namespaces")) {
    profile->system_namespaces.emplace();
    for (const base::Value& one : known["system-namespaces"].items())
      profile->system_namespaces->push_back(one.as_string());
  }
  const NodeOutcome outcome = evaluate_node(*profile, facts_from(description), context_from(known), {});
  ASSERT_EQ(outcome.results.size(), 1U);
  const NodeResult& result = outcome.results.front();
  const std::string all = describe(result);

  expect_verdict(GetParam(), result.status, result.message, all);
  EXPECT_EQ(result.absent_component, description["absent"].as_string()) << all;
  // Evidence stands behind every verdict, and a reason behind the rest.
  if (result.status != Status::kNotApplicable) {
    EXPECT_FALSE(result.findings.empty()) << all;
  }
  expect_whole_result(result);
}

INSTANTIATE_TEST_SUITE_P(Rows, Row, testing::ValuesIn(row_cases("rows")), row_case_name);

TEST(Rows, EveryNodeRequirementHasAPassAndAFail) {
  auto seen = verdicts_by_row(row_cases("rows"));
  const auto profile = whole_profile();
  int node_rows = 0;
  for (const SelectedRequirement& selected : profile->requirements) {
    if (selected.requirement->scope != Scope::kNode) continue;
    ++node_rows;
    const std::string& id = selected.requirement->id;
    EXPECT_GE(seen[id]["Pass"], 1) << id;
    EXPECT_GE(seen[id]["Fail"], 1) << id;
  }
  EXPECT_EQ(node_rows, 97);
}

}  // namespace
}  // namespace baseline::test
