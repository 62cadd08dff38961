// The truth tables of tests/data/rows/nodes: what containers and images of a node say about requirements of
// scope cluster.
#include <gtest/gtest.h>

#include "../baseline/evaluate_support.h"
#include "base/yaml.h"
#include "node_dsl.h"
#include "phrase_templates.h"
#include "row_tables.h"

namespace baseline::test {
namespace {

class NodeRow : public testing::TestWithParam<RowCase> {};

TEST_P(NodeRow, IsJudgedAsTheTableSays) {
  const auto& [file, row, description] = GetParam();
  const auto profile = profile_of(row);
  set_parameters(*profile, GetParam());
  const NodeContext context = node_context_from(description);
  const NodeOutcome outcome = evaluate_node(*profile, node_facts_from(description), context, {});
  if (description["is"].as_string() == "nothing") {
    EXPECT_TRUE(outcome.objects.empty()) << describe(outcome.objects.front());
    return;
  }
  ASSERT_EQ(outcome.objects.size(), 1U);
  const ObjectResult& result = outcome.objects.front();
  const std::string all = describe(result);
  EXPECT_EQ(result.id, row);
  expect_verdict(GetParam(), result.status, result.message, all);
  expect_whole_result(result);
}

INSTANTIATE_TEST_SUITE_P(Nodes, NodeRow, testing::ValuesIn(row_cases("rows/nodes")), row_case_name);

TEST(NodeRows, EachHasAPassAFailAnErrorAndWhatElseItSays) {
  auto seen = verdicts_by_row(row_cases("rows/nodes"));
  for (const char* row : {"5.7.1.4", "5.7.1.7", "5.7.1.8", "5.7.1.9", "5.7.1.10", "5.7.1.11", "5.7.1.12"}) {
    for (const char* status : {"Pass", "Fail", "Error", "NotApplicable"}) {
      EXPECT_GE(seen[row][status], 1) << row << " " << status;
    }
  }
  for (const char* row : {"5.7.2.1", "5.7.2.2", "5.7.2.7", "5.7.2.15"}) {
    for (const char* status : {"Pass", "Fail", "Manual", "Error", "nothing"}) {
      EXPECT_GE(seen[row][status], 1) << row << " " << status;
    }
  }
  for (const char* row : {"5.7.2.3", "5.7.2.13", "5.7.2.16"}) {
    for (const char* status : {"Fail", "nothing"}) EXPECT_GE(seen[row][status], 1) << row << " " << status;
  }
}

// The result of the row on such a node, with one exemption for it.
ObjectResult exempted(std::string_view row, ExemptionScope scope, std::string_view node) {
  const auto profile = profile_of(row);
  profile->exemptions.push_back({{std::string(row)}, std::move(scope), "known", "us", {}});
  const auto description = base::parse_yaml(node, "case");
  EXPECT_TRUE(description);
  if (!description) return {};
  const NodeContext context = node_context_from(*description);
  const NodeOutcome outcome = evaluate_node(*profile, node_facts_from(*description), context, {});
  EXPECT_EQ(outcome.objects.size(), 1U);
  return outcome.objects.empty() ? ObjectResult{} : outcome.objects.front();
}

TEST(NodeRows, AnExemptionCoversImagesByTheirName) {
  constexpr std::string_view kNode =
      "{images: {reg.example/app: {root: {set-id: [/bin/su]}}}, containers: [{image: reg.example/app}]}";
  const ObjectResult covered = exempted("5.7.1.9", {.names = {"reg.example/*"}, .kinds = {"Image"}}, kNode);
  EXPECT_EQ(covered.status, Status::kWaived) << describe(covered);
  EXPECT_EQ(covered.findings.front().waived_by, "known");
  EXPECT_EQ(exempted("5.7.1.9", {.namespaces = {"shop"}}, kNode).status, Status::kFail);
}

TEST(NodeRows, AnExemptionCoversContainersByNamespaceNameAndContainer) {
  constexpr std::string_view kNode = "{pods: [{}], containers: [{uid: 0}]}";
  EXPECT_EQ(
      exempted("5.7.2.2", {.namespaces = {"shop"}, .names = {"cart-*"}, .containers = {"web"}}, kNode).status,
      Status::kWaived);
  EXPECT_EQ(exempted("5.7.2.2", {.namespaces = {"other"}}, kNode).status, Status::kFail);
  // It covers what a process does against its spec as well.
  constexpr std::string_view kHeld = "{pods: [{security: {drop: [ALL]}}], containers: [{}]}";
  EXPECT_EQ(exempted("5.7.2.13", {.namespaces = {"shop"}}, kHeld).status, Status::kWaived);
}

TEST(NodeRows, ImagesAreNoPartOfANodesHash) {
  const auto profile = whole_profile();
  const auto facts = [](const std::string& containers) {
    const auto description =
        base::parse_yaml("{run: {kubelet: --read-only-port=0}, " + containers + "}", "case");
    EXPECT_TRUE(description);
    return node_facts_from(*description);
  };
  const auto one = facts("images: {a: {maintainer: true}}, containers: [{image: a}]");
  const auto other = facts("images: {b: {exposes: [80/tcp]}}, containers: [{is: x/y/z, image: b}]");
  const NodeOutcome first = evaluate_node(*profile, one, {}, {});
  const NodeOutcome second = evaluate_node(*profile, other, {}, {});
  EXPECT_NE(first.objects.size(), 0U);
  EXPECT_EQ(first.hash, second.hash);
}

TEST(NodeRows, FactsOfAnotherVersionAreAnErrorForEachRow) {
  facts::NodeFacts facts;
  facts.set_schema_version(1000);
  facts.set_containers_known(true);
  const NodeOutcome outcome = evaluate_node(*whole_profile(), facts, {}, {});
  EXPECT_EQ(outcome.objects.size(), 8U);
  for (const ObjectResult& result : outcome.objects) EXPECT_EQ(result.status, Status::kError) << result.id;
}

}  // namespace
}  // namespace baseline::test
