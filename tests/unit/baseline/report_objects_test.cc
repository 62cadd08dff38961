// What objects and images add to a report.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/report_value.h"
#include "report_support.h"

namespace baseline::testing {
namespace {

constexpr const char* kRow = "5.7.2.1";  // of scope cluster in the small standard

ObjectFinding found(const std::string& subject, int pods = 0, Status status = Status::kFail) {
  return {words(subject), words("wanted"), words("found"), status, "shop/Deployment/" + subject, "", pods};
}

ObjectResult says(Status status, std::vector<ObjectFinding> findings = {},
                  const std::string& message = "said") {
  std::ranges::sort(findings);
  return {kRow, status, words(message), std::move(findings), {}};
}

NodeOutcome with(NodeOutcome outcome, ObjectResult result) {
  outcome.objects.push_back(std::move(result));
  return outcome;
}

TEST(ReportObjects, FindingsOfSeveralNodesCountOnceAndTheirPodsAddUp) {
  ReportBuilder builder(profile(), header(2));
  builder.fold("n1", with(worker(), says(Status::kFail, {found("a", 2), found("b", 1)})));
  builder.fold("n2", with(worker(), says(Status::kFail, {found("a", 3)})));
  const Report report = std::move(builder).finish(kNow);
  const RequirementResult& row = result(report, kRow);
  EXPECT_EQ(row.status, Status::kFail);
  EXPECT_EQ(row.findings_total, 2);
  ASSERT_EQ(row.findings.size(), 2U);
  EXPECT_EQ(row.findings[0].subject, "a (5 pods)");
  EXPECT_EQ(row.findings[1].subject, "b (1 pod)");
  EXPECT_EQ(row.findings[0].object, "shop/Deployment/a");
  EXPECT_EQ(report.node_groups.size(), 1U) << "images do not tear nodes apart";
}

TEST(ReportObjects, NodesAndObjectsAreTakenTogetherTheWorstWins) {
  ReportBuilder builder(profile(), header(1));
  builder.fold("n1", with(worker(), says(Status::kPass, {found("a", 0, Status::kPass)}, "fine")));
  ClusterOutcome cluster;
  cluster.results.push_back(says(Status::kManual, {found("b", 0, Status::kManual)}, "look"));
  cluster.objects = {{"pods", 7}};
  builder.fold_cluster(cluster);
  const Report report = std::move(builder).finish(kNow);
  EXPECT_EQ(result(report, kRow).status, Status::kManual);
  EXPECT_EQ(result(report, kRow).message, "look");
  ASSERT_EQ(result(report, kRow).findings.size(), 1U);
  EXPECT_EQ(report.coverage.objects.at("pods"), 7);
}

TEST(ReportObjects, ACheckpointGoesOnToTheSameReportInAnyOrder) {
  const auto a = with(worker(), says(Status::kFail, {found("a", 2), found("c", 1)}));
  const auto b = with(worker(), says(Status::kFail, {found("a", 1), found("b", 4)}));
  ReportBuilder whole(profile(), header(2));
  whole.fold("n1", a);
  whole.fold("n2", b);
  const Report expected = std::move(whole).finish(kNow);

  ReportBuilder first(profile(), header(2));
  first.fold("n2", b);
  const Report checkpoint = report_from(to_value(first.report())).value();
  ReportBuilder second = ReportBuilder::resume(profile(), checkpoint).value();
  second.fold("n1", a);
  EXPECT_EQ(std::move(second).finish(kNow), expected);
}

TEST(ReportObjects, WhatWasLeftOutCountsOnceEvenAfterARestart) {
  ObjectResult many = says(Status::kFail, {found("a")});
  for (std::uint64_t key = 1; key <= 100; ++key) many.more.push_back(key);
  ReportBuilder first(profile(), header(2));
  first.fold("n1", with(worker(), many));
  const Report checkpoint = report_from(to_value(first.report())).value();
  ReportBuilder second = ReportBuilder::resume(profile(), checkpoint).value();
  second.fold("n2", with(worker(), many));
  const Report report = std::move(second).finish(kNow);
  EXPECT_EQ(result(report, kRow).findings_total, 101);
  EXPECT_TRUE(result(report, kRow).seen.empty()) << "only the checkpoint needs them";
  EXPECT_TRUE(report.truncated);
}

TEST(ReportObjects, WhatIsBeyondTheKeysIsInTheTotal) {
  ObjectResult many = says(Status::kFail, {found("a")});
  many.more = {1, 2, 3};
  many.beyond = 1'000'000;
  ReportBuilder builder(profile(), header(2));
  builder.fold("n1", with(worker(), many));
  builder.fold("n2", with(worker(), says(Status::kFail, {found("b")})));
  const Report report = std::move(builder).finish(kNow);
  EXPECT_EQ(result(report, kRow).findings_total, 1'000'005);
  EXPECT_EQ(result(report, kRow).beyond, 0) << "only a report in progress needs it";
}

TEST(ReportObjects, ObjectsSettleWhatNodesLeaveToAPerson) {
  const auto manual = [] {
    ReportBuilder builder(profile(), header(1));
    builder.fold("n1", outcome("a", {judged("5.1.2.1", Status::kManual, "bindings decide", {finding("x")})}));
    return builder;
  };
  const auto judge = [&](Status status) {
    ReportBuilder builder = manual();
    ClusterOutcome cluster;
    cluster.results.push_back({"5.1.2.1", status, words("objects say"), {found("binding")}, {}});
    builder.fold_cluster(cluster);
    return std::move(builder).finish(kNow);
  };
  const Report failed = judge(Status::kFail);
  EXPECT_EQ(result(failed, "5.1.2.1").status, Status::kFail);
  EXPECT_EQ(result(failed, "5.1.2.1").message, "objects say");
  EXPECT_EQ(result(failed, "5.1.2.1").findings_total, 1);
  EXPECT_EQ(result(judge(Status::kPass), "5.1.2.1").status, Status::kPass);

  const Report open = judge(Status::kManual);
  EXPECT_EQ(result(open, "5.1.2.1").status, Status::kManual);
  EXPECT_EQ(result(open, "5.1.2.1").findings_total, 2) << "all evidence is laid out";
  EXPECT_EQ(result(judge(Status::kNotChecked), "5.1.2.1").message, "bindings decide");
}

TEST(ReportObjects, ObjectsDoNotTouchWhatNodesHaveSettled) {
  ReportBuilder builder(profile(), header(1));
  builder.fold("n1", outcome("a", {judged("5.1.2.1", Status::kFail, "bad", {finding("x")})}));
  ClusterOutcome cluster;
  cluster.results.push_back({"5.1.2.1", Status::kPass, words("objects say"), {}, {}});
  builder.fold_cluster(cluster);
  EXPECT_EQ(result(std::move(builder).finish(kNow), "5.1.2.1").status, Status::kFail);
}

const char* const kExemptions = R"(
exemptions:
  - {requirements: ["5.7.2.1"], namespaces: [shop], reason: used one, owner: me, expires: "2026-06-01"}
  - {requirements: ["5.7.2.1"], namespaces: [gone], reason: covers nothing, owner: me, expires: "2026-06-01"}
  - {requirements: ["5.7.2.1"], namespaces: [cart], reason: ends soon, owner: me, expires: "2026-01-10"}
  - {requirements: ["5.7.2.1"], namespaces: [blog], reason: has ended, owner: me, expires: "2025-12-24"}
  - {requirements: ["5.7.2.1"], namespaces: [desk], reason: long ago, owner: me, expires: "2025-11-01"}
)";

TEST(ReportObjects, ExemptionsThatCoverNothingOrRunOutAreListed) {
  ReportBuilder builder(profile(kExemptions), header(1));
  builder.fold("n1", worker());
  ClusterOutcome cluster;
  cluster.results.push_back(says(Status::kPass));
  cluster.used_exemptions = {"used one", "ends soon"};
  builder.fold_cluster(cluster);
  const Report report = std::move(builder).finish(kNow);
  std::vector<std::string> notes;
  for (const ExemptionNote& note : report.exemptions)
    notes.push_back(std::string(to_string(note.state)) + " " + note.reason);
  EXPECT_THAT(notes,
              ::testing::ElementsAre("unused covers nothing", "expiring ends soon", "expired has ended"));
  EXPECT_EQ(report_from(to_value(report)).value(), report);
}

TEST(ReportObjects, WhatWasNotLookedAtMakesNoExemptionUnused) {
  ReportBuilder builder(profile(kExemptions), header(1));
  builder.fold("n1", worker());
  const Report report = std::move(builder).finish(kNow);  // no objects were read: the row is NotChecked
  for (const ExemptionNote& note : report.exemptions)
    EXPECT_NE(note.state, ExemptionNote::State::kUnused) << note.reason;
}

}  // namespace
}  // namespace baseline::testing
