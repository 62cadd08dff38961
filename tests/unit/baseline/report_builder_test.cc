#include "baseline/report_builder.h"

#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/report_value.h"
#include "report_support.h"

namespace baseline {
namespace {

using testing::absent;
using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::finding;
using ::testing::HasSubstr;
using testing::header;
using ::testing::IsEmpty;
using testing::judged;
using testing::kNow;
using ::testing::Not;
using testing::outcome;
using testing::profile;
using testing::result;
using ::testing::SizeIs;
using testing::worker;

using Nodes = std::vector<std::pair<std::string, NodeOutcome>>;

Report finished(const Nodes& nodes, const std::vector<std::string>& missing = {},
                const std::string& more = {}) {
  ReportBuilder builder(profile(more), header(static_cast<int>(nodes.size() + missing.size())));
  for (const auto& [node, out] : nodes) builder.fold(node, out);
  for (const std::string& node : missing) builder.missing(node, "NotReady");
  return std::move(builder).finish(kNow);
}

const std::vector<std::string> kControlPlane{"etcd", "kube-apiserver", "kubelet"};

TEST(ReportBuilder, StartsWithEveryRequirementNotChecked) {
  const ReportBuilder builder(profile("language: zh"), header(2));
  const Report& report = builder.report();
  EXPECT_THAT(report.results, SizeIs(6));
  EXPECT_EQ(report.summary.count(Status::kNotChecked), 6);
  EXPECT_EQ(report.standard, "small");
  EXPECT_EQ(report.profile, "p");
  EXPECT_EQ(report.profile_hash, profile("language: zh")->hash);
  EXPECT_EQ(result(report, "5.1.2.1").title, "5.1.2.1 的标题");
  EXPECT_FALSE(report.finished);
}

TEST(ReportBuilder, NodesWithTheSameOutcomeAreOneGroup) {
  const Report report =
      finished({{"w2", worker()}, {"c1", outcome("a", {}, kControlPlane, 1)}, {"w1", worker()}});
  ASSERT_THAT(report.node_groups, SizeIs(2));
  EXPECT_EQ(report.node_groups[0].name, "group-1");
  EXPECT_THAT(report.node_groups[0].nodes, ElementsAre("c1"));
  EXPECT_EQ(report.node_groups[0].components, kControlPlane);
  EXPECT_THAT(report.node_groups[1].nodes, ElementsAre("w1", "w2"));
  EXPECT_EQ(report.coverage.nodes_reported, 3);
  EXPECT_EQ(report.finished, kNow);
}

TEST(ReportBuilder, TheWorstStatusWinsWithItsMessageAndFindings) {
  const std::vector<Status> worst_first{Status::kFail,      Status::kError, Status::kManual,
                                        Status::kWaived,    Status::kPass,  Status::kNotApplicable,
                                        Status::kNotChecked};
  for (std::size_t i = 0; i < worst_first.size(); ++i) {
    for (std::size_t j = i + 1; j < worst_first.size(); ++j) {
      const Status bad = worst_first[i];
      const Status good = worst_first[j];
      const Report report =
          finished({{"a", outcome("a", {judged("5.6.1.1", good, "good", {finding("g", good)})})},
                    {"b", outcome("b", {judged("5.6.1.1", bad, "bad", {finding("b", bad)})})}});
      const RequirementResult& r = result(report, "5.6.1.1");
      EXPECT_EQ(r.status, bad) << to_string(bad) << " " << to_string(good);
      EXPECT_THAT(r.message, ::testing::StartsWith("bad"));
      // What is right on other nodes is no finding where something is wrong.
      const bool good_is_wrong = worse(good, Status::kPass) == good && good != Status::kPass;
      EXPECT_EQ(r.findings_total, good_is_wrong ? 2 : 1) << to_string(bad) << " " << to_string(good);
      EXPECT_EQ(r.findings[0].subject, "b");
      EXPECT_EQ(r.findings[0].node_group, "group-2");
      EXPECT_EQ(r.remediation.empty(), bad == Status::kPass);
    }
  }
}

TEST(ReportBuilder, AWorkerDoesNotCountAgainstTheControlPlane) {
  for (const bool worker_first : {true, false}) {
    Nodes nodes{{"w", worker()}, {"c", outcome("a", {judged("5.1.2.2", Status::kFail)}, kControlPlane, 3)}};
    if (!worker_first) std::ranges::reverse(nodes);
    const Report report = finished(nodes);
    EXPECT_EQ(result(report, "5.1.2.1").status, Status::kPass);
    EXPECT_EQ(result(report, "5.1.2.1").message, "fine");
    EXPECT_EQ(result(report, "5.1.2.2").status, Status::kFail);
  }
}

TEST(ReportBuilder, AManagedControlPlaneIsNotApplicableWhenEveryNodeReported) {
  const Report report = finished({{"w1", worker()}, {"w2", worker()}});
  EXPECT_EQ(result(report, "5.1.2.1").status, Status::kNotApplicable);
  EXPECT_THAT(result(report, "5.1.2.1").message,
              AllOf(HasSubstr("kube-apiserver"), HasSubstr("managed elsewhere")));
  EXPECT_THAT(result(report, "5.1.2.1").absent_component, IsEmpty());
}

TEST(ReportBuilder, AnotherComponentThatRunsNowhereIsNotCalledManaged) {
  const Report report = finished({{"w1", outcome("a", {absent("5.6.1.1", "kube-proxy")})}});
  EXPECT_EQ(result(report, "5.6.1.1").status, Status::kNotApplicable);
  EXPECT_THAT(result(report, "5.6.1.1").message, AllOf(HasSubstr("kube-proxy"), Not(HasSubstr("managed"))));
}

TEST(ReportBuilder, AComponentThatMayRunOnAMissingNodeIsAnError) {
  const Report report = finished({{"w1", worker()}}, {"c1"});
  EXPECT_EQ(result(report, "5.1.2.1").status, Status::kError);
  EXPECT_THAT(result(report, "5.1.2.1").message, AllOf(HasSubstr("1 of 2"), HasSubstr("c1")));
}

TEST(ReportBuilder, ANodeLostWithoutAWordIsNoNodeReported) {
  ReportBuilder builder(profile(), header(2));
  builder.fold("w1", worker());
  const Report report = std::move(builder).finish(kNow);
  EXPECT_EQ(result(report, "5.1.2.1").status, Status::kError);
  EXPECT_THAT(result(report, "5.6.1.1").message, HasSubstr("1 of 2"));
}

TEST(ReportBuilder, APassOverSomeOfTheNodesSaysSo) {
  const Report report =
      finished({{"w1", worker("b", {judged("5.60.1.1", Status::kFail, "bad")})}}, {"w2", "w3"});
  EXPECT_EQ(result(report, "5.6.1.1").status, Status::kPass);
  EXPECT_THAT(result(report, "5.6.1.1").message,
              AllOf(HasSubstr("fine"), HasSubstr("1 of 3"), HasSubstr("w2, w3")));
  EXPECT_EQ(result(report, "5.60.1.1").message, "bad");
  EXPECT_THAT(report.coverage.missing, SizeIs(2));
  EXPECT_EQ(report.coverage.missing[0], (MissingNode{"w2", "NotReady"}));
}

TEST(ReportBuilder, AReasonOfItsOwnIsStrongerThanAbsence) {
  for (const bool reverse : {false, true}) {
    Nodes nodes{
        {"a", worker()},
        {"b", outcome("c", {judged("5.1.2.1", Status::kNotApplicable, "not in 1.36")}, kControlPlane)}};
    if (reverse) std::ranges::reverse(nodes);
    const Report report = finished(nodes, {"gone"});
    EXPECT_EQ(result(report, "5.1.2.1").status, Status::kNotApplicable);
    EXPECT_THAT(result(report, "5.1.2.1").message, ::testing::StartsWith("not in 1.36"));
  }
}

TEST(ReportBuilder, NoNodeAtAllIsNeverAPass) {
  const Report none = finished({});
  EXPECT_EQ(none.summary.count(Status::kError), 5);
  EXPECT_THAT(result(none, "5.1.2.1").message, HasSubstr("No node was selected"));
  const Report silent = finished({}, {"a", "b"});
  EXPECT_EQ(silent.summary.count(Status::kError), 5);
  EXPECT_THAT(result(silent, "5.1.2.1").message, HasSubstr("None of the 2 nodes"));
  const Report without = ReportBuilder(profile(), header(0)).finish(kNow, /*nodes_scanned=*/false);
  EXPECT_EQ(without.summary.count(Status::kNotChecked), 6);
  EXPECT_THAT(result(without, "5.1.2.1").message, HasSubstr("no node to look at"));
}

TEST(ReportBuilder, RowsOfTheClusterSayWhyTheyAreNotChecked) {
  const Report report = finished({{"w1", worker()}});
  EXPECT_EQ(result(report, "5.7.2.1").status, Status::kNotChecked);
  EXPECT_THAT(result(report, "5.7.2.1").message, HasSubstr("no check"));
}

TEST(ReportBuilder, RowsAboutEtcdMembersNeedSeveral) {
  const auto member = [](const std::string& hash, int named, Status status) {
    return outcome(hash, {judged("5.4.2.4", status, "peers")}, kControlPlane, named);
  };
  const auto row = [](const Nodes& nodes, const std::vector<std::string>& missing = {}) {
    return result(finished(nodes, missing), "5.4.2.4");
  };
  EXPECT_EQ(row({{"a", member("a", 1, Status::kFail)}}).status, Status::kNotApplicable);
  EXPECT_THAT(row({{"a", member("a", 1, Status::kFail)}}).findings, IsEmpty());
  EXPECT_EQ(row({{"a", member("a", 1, Status::kPass)}}).status, Status::kNotApplicable);
  EXPECT_EQ(row({{"a", member("a", 3, Status::kFail)}}).status, Status::kFail);
  // Each was started as the first: there are as many members as nodes that run one.
  EXPECT_EQ(row({{"a", member("a", 1, Status::kFail)}, {"b", member("a", 1, Status::kFail)}}).status,
            Status::kFail);
  EXPECT_EQ(row({{"a", member("a", 1, Status::kFail)}, {"b", member("b", 2, Status::kPass)}}).status,
            Status::kFail);
  // One member is named, but another node may run a second.
  EXPECT_EQ(row({{"a", member("a", 1, Status::kFail)}}, {"b"}).status, Status::kError);
  EXPECT_EQ(row({{"a", member("a", 1, Status::kPass)}}, {"b"}).status, Status::kPass);
  // Nothing tells how many there are: judged as it is.
  EXPECT_EQ(row({{"a", member("a", 0, Status::kFail)}}).status, Status::kFail);
}

constexpr const char* kAnswer =
    "attestations: [{requirement: 5.6.1.1, result: RESULT, evidence: seen it, by: Li, expires: 2026-02-01}]";

std::string answer(const std::string& word) {
  std::string text = kAnswer;
  return text.replace(text.find("RESULT"), 6, word);
}

TEST(ReportBuilder, AnAttestationAnswersManualUntilItExpires) {
  const Nodes manual{
      {"a", outcome("a", {judged("5.6.1.1", Status::kManual, "look", {finding("x", Status::kPass)})})}};
  const RequirementResult pass = result(finished(manual, {}, answer("Pass")), "5.6.1.1");
  EXPECT_EQ(pass.status, Status::kPass);
  EXPECT_THAT(pass.message, AllOf(HasSubstr("Li"), HasSubstr("seen it"), HasSubstr("2026-02-01")));
  EXPECT_THAT(pass.remediation, IsEmpty());
  EXPECT_EQ(pass.findings_total, 1);  // the evidence stays
  EXPECT_EQ(result(finished(manual, {}, answer("Fail")), "5.6.1.1").status, Status::kFail);

  ReportBuilder late(profile(answer("Pass")), header(1));
  late.fold("a", manual[0].second);
  const RequirementResult expired = result(std::move(late).finish(testing::at("2026-02-01")), "5.6.1.1");
  EXPECT_EQ(expired.status, Status::kManual);
  EXPECT_THAT(expired.message, AllOf(HasSubstr("look"), HasSubstr("Li"), HasSubstr("expired")));
}

TEST(ReportBuilder, AnAttestationOverridesNothingElse) {
  for (const Status status : {Status::kFail, Status::kError, Status::kWaived, Status::kPass,
                              Status::kNotApplicable, Status::kNotChecked}) {
    const Nodes nodes{{"a", outcome("a", {judged("5.6.1.1", status)})}};
    EXPECT_EQ(result(finished(nodes, {}, answer("Pass")), "5.6.1.1").status, status);
    EXPECT_EQ(result(finished(nodes, {}, answer("Fail")), "5.6.1.1").status, status);
  }
}

TEST(ReportBuilder, AnAnswerOverSomeOfTheNodesSaysSo) {
  const Report report =
      finished({{"a", outcome("a", {judged("5.6.1.1", Status::kManual)})}}, {"b"}, answer("Pass"));
  EXPECT_THAT(result(report, "5.6.1.1").message, AllOf(HasSubstr("seen it"), HasSubstr("1 of 2")));
}

TEST(ReportBuilder, WaivedGivesTheReasonOnce) {
  const auto waived = [](const char* message, const char* reason) {
    return judged("5.6.1.1", Status::kWaived, message, {finding("x", Status::kWaived, reason)});
  };
  const Report both = finished({{"a", outcome("a", {waived("waived: old", "old")})},
                                {"b", outcome("b", {waived("waived: other", "other")})}});
  const std::string& message = result(both, "5.6.1.1").message;
  EXPECT_EQ(result(both, "5.6.1.1").status, Status::kWaived);
  EXPECT_THAT(message, AllOf(HasSubstr("old"), HasSubstr("other")));
  EXPECT_EQ(message.find("old"), message.rfind("old"));
  EXPECT_EQ(result(both, "5.6.1.1").findings[0].waived_by, "old");
}

TEST(ReportBuilder, WhatIsWrongWithoutFindingsStillNamesItsNodes) {
  const Report report = finished({{"a", outcome("a", {judged("5.6.1.1", Status::kError, "no facts")})}});
  ASSERT_THAT(result(report, "5.6.1.1").findings, SizeIs(1));
  EXPECT_EQ(result(report, "5.6.1.1").findings[0].subject, "kubelet");
  EXPECT_EQ(result(report, "5.6.1.1").findings[0].actual, "no facts");
  EXPECT_EQ(result(report, "5.6.1.1").findings[0].node_group, "group-1");
}

TEST(ReportBuilder, AVerdictThatIsNotThereIsAnError) {
  NodeOutcome lacking = outcome("a", {});
  std::erase_if(lacking.results, [](const NodeResult& r) { return r.id == "5.6.1.1"; });
  lacking.results.push_back(judged("9.9.9.9", Status::kFail));  // of another profile: passed over
  const Report report = finished({{"a", lacking}});
  EXPECT_EQ(result(report, "5.6.1.1").status, Status::kError);
  EXPECT_THAT(report.results, SizeIs(6));
}

TEST(ReportBuilder, ANodeIsFoldedInOnce) {
  ReportBuilder builder(profile(), header(1));
  builder.missing("a", "NotReady");
  builder.missing("a", "gone");
  EXPECT_THAT(builder.report().coverage.missing, ElementsAre(MissingNode{"a", "gone"}));
  EXPECT_FALSE(builder.has_node("a"));
  builder.fold("a", worker());
  EXPECT_TRUE(builder.has_node("a"));
  builder.fold("a", outcome("c", {judged("5.6.1.1", Status::kFail)}));
  builder.missing("a", "late");
  EXPECT_EQ(builder.report().coverage.nodes_reported, 1);
  EXPECT_THAT(builder.report().coverage.missing, IsEmpty());
  EXPECT_EQ(result(builder.report(), "5.6.1.1").status, Status::kPass);
}

TEST(ReportBuilder, ChineseReportsAreChinese) {
  const Report report = finished({{"w1", worker()}}, {"w2"}, "language: zh");
  EXPECT_THAT(result(report, "5.6.1.1").message,
              HasSubstr("（仅适用于 2 个节点中已上报的 1 个；未上报：w2）"));
  EXPECT_EQ(result(report, "5.1.2.1").remediation, "整改 5.1.2.1");
}

// Ten nodes of several kinds: whatever the order, and wherever an operator stops and another goes on, the
// report is the same.
TEST(ReportBuilder, OrderAndResumptionDoNotMatter) {
  std::vector<NodeFinding> many;
  for (int i = 0; i < 40; ++i) many.push_back(finding("m" + std::to_string(i)));
  const Nodes nodes{
      {"n0", worker()},
      {"n1",
       outcome("c", {judged("5.6.1.1", Status::kFail, "z", {finding("y"), finding("x", Status::kPass)})})},
      {"n2", outcome("d", {judged("5.6.1.1", Status::kFail, "a", many)})},
      {"n3", outcome("e", {judged("5.6.1.1", Status::kError, "e"), judged("5.1.2.1", Status::kManual, "m")})},
      {"n4", outcome("f", {judged("5.6.1.1", Status::kFail, "b", many)}, kControlPlane, 3)},
      {"n5", worker()},
      {"n6", outcome("g", {judged("5.60.1.1", Status::kWaived, "w", {finding("x", Status::kWaived, "r")})})},
      {"n7", outcome("d", {judged("5.6.1.1", Status::kFail, "a", many)})},
      {"n8", outcome("h", {judged("5.60.1.1", Status::kPass, "p", {finding("e", Status::kPass)})})},
      {"n9", outcome("i", {judged("5.60.1.1", Status::kNotApplicable, "n"),
                           judged("5.1.2.2", Status::kPass, "q")})}};
  const auto in_order = [&](const std::vector<std::size_t>& order, std::size_t stop) {
    ReportBuilder builder(profile(), header(11));
    builder.missing("n10", "NotReady");
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == stop) {
        // Through the stored form and back, as after a restart.
        auto stored = report_from(to_value(builder.report()));
        EXPECT_TRUE(stored);
        builder = ReportBuilder::resume(profile(), *std::move(stored)).value();
      }
      builder.fold(nodes[order[i]].first, nodes[order[i]].second);
    }
    return std::move(builder).finish(kNow);
  };
  std::vector<std::size_t> order(nodes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const Report expected = in_order(order, 99);
  EXPECT_EQ(result(expected, "5.6.1.1").findings_total, 82);
  EXPECT_THAT(result(expected, "5.6.1.1").findings, SizeIs(kMaxFindingsPerRequirement));
  std::uint32_t random = 1;
  for (int round = 0; round < 200; ++round) {
    for (std::size_t i = order.size() - 1; i > 0; --i) {
      random = random * 1664525U + 1013904223U;
      std::swap(order[i], order[(random >> 16U) % (i + 1)]);
    }
    const Report report = in_order(order, static_cast<std::size_t>(round) % (order.size() + 1));
    ASSERT_EQ(report, expected) << ::testing::PrintToString(order);
  }
}

TEST(ReportBuilder, ResumesOnlyWhatItCanGoOnWith) {
  ReportBuilder builder(profile(), header(1));
  builder.fold("a", worker());
  EXPECT_TRUE(ReportBuilder::resume(profile(), builder.report()));
  EXPECT_EQ(ReportBuilder::resume(profile("language: zh"), builder.report()).error().code,
            base::ErrorCode::kConflict);
  Report other = builder.report();
  other.results.pop_back();
  EXPECT_EQ(ReportBuilder::resume(profile(), other).error().code, base::ErrorCode::kCorrupt);
  other = builder.report();
  other.node_groups[0].nodes.clear();
  EXPECT_EQ(ReportBuilder::resume(profile(), other).error().code, base::ErrorCode::kCorrupt);
  EXPECT_EQ(ReportBuilder::resume(profile(), std::move(builder).finish(kNow)).error().code,
            base::ErrorCode::kConflict);
}

}  // namespace
}  // namespace baseline
