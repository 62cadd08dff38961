#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "baseline/report_value.h"
#include "report_support.h"

namespace baseline {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using testing::finding;
using ::testing::HasSubstr;
using testing::header;
using ::testing::IsEmpty;
using testing::judged;
using testing::kNow;
using ::testing::Le;
using testing::outcome;
using testing::profile;
using testing::result;

std::size_t json_size(const Report& report) {
  return base::write_json(to_value(report)).size();
}

// The same number in every place of 16, so that outcomes differ where a group's name is taken from.
std::string hash(int i) {
  return fmt::format("{:016x}", i);
}

TEST(ReportBound, AReportThatFitsIsLeftAlone) {
  ReportBuilder builder(profile(), header(1));
  builder.fold("a", outcome("a", {judged("5.6.1.1", Status::kFail, "f", {finding("x")})}));
  Report report = std::move(builder).finish(kNow);
  const Report before = report;
  EXPECT_TRUE(bound(report, kMaxReportBytes));
  EXPECT_EQ(report, before);
  EXPECT_FALSE(report.truncated);
}

TEST(ReportBound, FiveThousandOutcomesFit) {
  ReportBuilder builder(profile(), header(5000));
  const std::string longest(2000, 'x');
  for (int i = 0; i < 5000; ++i) {
    std::vector<NodeResult> results;
    for (const char* id : {"5.1.2.1", "5.1.2.2", "5.6.1.1", "5.60.1.1"}) {
      std::vector<NodeFinding> findings;
      for (int j = 0; j < 2; ++j) {
        findings.push_back(
            {{longest + std::to_string(i), {}}, {longest, {}}, {longest, {}}, Status::kFail, longest});
      }
      results.push_back(judged(id, Status::kFail, longest, findings));
    }
    builder.fold(fmt::format("node-{:04}.a-pool-with-a-long-name.internal", i), outcome(hash(i), results));
  }
  EXPECT_LT(json_size(builder.report()), kMaxReportBytes);  // the checkpoint too
  const Report report = std::move(builder).finish(kNow);
  EXPECT_LT(json_size(report), kMaxReportBytes);
  EXPECT_EQ(report.node_groups.size(), 5000U);
  EXPECT_TRUE(report.truncated);
  const RequirementResult& row = result(report, "5.6.1.1");
  EXPECT_EQ(row.status, Status::kFail);
  EXPECT_EQ(row.findings_total, 10000);
  EXPECT_GT(row.findings.size(), 10U);
  EXPECT_THAT(row.message, HasSubstr("of 10000 findings shown"));
  EXPECT_FALSE(result(report, "5.4.2.4").message.empty());
}

TEST(ReportBound, AStoppedCheckpointOfManyOutcomesIsGoneOnWith) {
  ReportBuilder builder(profile(), header(5000));
  const auto fail = [](int i) {
    return outcome(hash(i), {judged("5.6.1.1", Status::kFail, "f", {finding("s" + std::to_string(i))})},
                   {"kube-proxy", "kubelet", "container-runtime"});
  };
  const auto name = [](int i) { return fmt::format("node-{:04}.{}", i, std::string(60, 'n')); };
  for (int i = 0; i < 4999; ++i) builder.fold(name(i), fail(i));
  const base::Value stored = to_value(builder.report());
  EXPECT_LT(base::write_json(stored).size(), kMaxReportBytes);
  auto resumed = ReportBuilder::resume(profile(), report_from(stored).value());
  ASSERT_TRUE(resumed) << resumed.error().text();
  EXPECT_TRUE(resumed->has_node(name(17)));
  EXPECT_EQ(resumed->report().coverage.nodes_reported, 4999);
  resumed->fold("another", fail(17));  // joins the group that it had before
  EXPECT_EQ(resumed->report().node_groups.size(), 4999U);
  EXPECT_EQ(result(resumed->report(), "5.6.1.1").findings_total, 4999);
}

TEST(ReportBound, TheLongestListsLoseFirst) {
  Report report;
  for (int i = 0; i < 10; ++i) {
    RequirementResult r;
    r.id = std::to_string(i);
    r.status = Status::kFail;
    r.findings_total = i < 5 ? 3 : 50;
    for (int j = 0; j < r.findings_total; ++j) {
      Finding f;
      f.subject = std::string(100, 's');
      r.findings.push_back(f);
    }
    report.results.push_back(r);
  }
  EXPECT_TRUE(bound(report, 20'000));
  EXPECT_TRUE(report.truncated);
  EXPECT_LE(base::write_json(to_value(report)).size(), 20'000U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(report.results[static_cast<std::size_t>(i)].findings.size(), 3U);
  const std::size_t kept = report.results[5].findings.size();
  EXPECT_GT(kept, 10U);
  for (std::size_t i = 5; i < 10; ++i) EXPECT_EQ(report.results[i].findings.size(), kept);
}

TEST(ReportBound, WhatTheServerEscapesIsCounted) {
  // Go writes each of these as six characters: 200 kB become 1.2 MB.
  Report report;
  for (int i = 0; i < 20; ++i) {
    RequirementResult r;
    r.id = std::to_string(i);
    for (int j = 0; j < 10; ++j) {
      Finding f;
      f.subject = std::string(1000, '<');
      r.findings.push_back(f);
    }
    report.results.push_back(r);
  }
  const std::string json = base::write_json(to_value(report));
  const auto brackets = static_cast<std::size_t>(std::ranges::count(json, '<'));
  EXPECT_LE(json.size() + 5 * brackets, kMaxReportBytes);
}

TEST(ReportBound, TextsOfANodeAreCutAndKeptWhole) {
  ReportBuilder builder(profile("language: zh"), header(1));
  std::string chinese;
  for (int i = 0; i < 1000; ++i) chinese += "汉";
  builder.fold("a", outcome("a", {judged("5.6.1.1", Status::kFail, chinese, {finding(chinese)})}));
  const Finding& f = result(builder.report(), "5.6.1.1").findings[0];
  EXPECT_LE(f.subject.size(), 1024U + 3);
  EXPECT_TRUE(f.subject.ends_with("汉…"));
  EXPECT_THAT(result(builder.report(), "5.6.1.1").message.size(), Le(1024U + 3));
}

TEST(ReportBound, MoreFindingsThanShownAreSaid) {
  ReportBuilder builder(profile(), header(1));
  std::vector<NodeFinding> many;
  for (int i = 0; i < 51; ++i) many.push_back(finding("m" + std::to_string(i)));
  builder.fold("a", outcome("a", {judged("5.6.1.1", Status::kFail, "f", many)}));
  const Report report = std::move(builder).finish(kNow);
  EXPECT_TRUE(report.truncated);
  EXPECT_EQ(result(report, "5.6.1.1").findings.size(), 50U);
  EXPECT_THAT(result(report, "5.6.1.1").message, HasSubstr("50 of 51 findings shown"));
  EXPECT_EQ(result(report, "5.1.2.1").message, "fine");
}

TEST(ReportBound, WhatANodeLeftOutIsCounted) {
  ReportBuilder builder(profile(), header(2));
  NodeResult many = judged("5.6.1.1", Status::kFail, "f", {finding("x")});
  many.more = 1949;
  builder.fold("a", outcome("a", {many}));
  builder.fold("b", outcome("b", {judged("5.6.1.1", Status::kFail, "f", {finding("y")})}));
  EXPECT_EQ(result(builder.report(), "5.6.1.1").findings_total, 1951);
}

TEST(ReportValue, ReadsBackWhatItWrote) {
  ReportBuilder builder(profile("language: zh"), header(3));
  builder.fold("a", outcome("a", {judged("5.6.1.1", Status::kFail, "f", {finding("x")})}, {"etcd"}, 3));
  builder.fold("b", testing::worker());
  builder.missing("c", "NotReady");
  Report report = builder.report();
  EXPECT_EQ(report_from(to_value(report)), report);
  report = std::move(builder).finish(kNow);
  report.coverage.objects = {{"Pod", 7}};
  report.cluster_version = "1.36.3";
  Report previous = report;
  previous.results[0].status = Status::kFail;
  compare_with_previous(report, "before", &previous, kNow);
  const auto read = report_from(to_value(report));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, report);
  EXPECT_EQ(to_value(report)["summary"]["score"].as_string().find('.') + 2,
            to_value(report)["summary"]["score"].as_string().size());
}

TEST(ReportValue, WhatIsWrongIsNamedByItsPath) {
  base::Value value = to_value(testing::header(1));
  value.set("results", base::Value::list());
  base::Value row = base::Value::map();
  row.set("status", "Fine");
  value.find("results")->push_back(row);
  EXPECT_EQ(report_from(value).error().where, "results[0].status");
  value.set("results", "many");
  EXPECT_EQ(report_from(value).error().where, "results");
  EXPECT_EQ(report_from(base::Value("text")).error().code, base::ErrorCode::kInvalid);
}

TEST(ReportValue, Scores) {
  EXPECT_EQ(score_text(87.5), "87.5");
  EXPECT_EQ(score_text(100), "100.0");
  EXPECT_EQ(score_text(0), "0.0");
  EXPECT_DOUBLE_EQ(score_from("87.5"), 87.5);
  EXPECT_DOUBLE_EQ(score_from("many"), 0);
  EXPECT_DOUBLE_EQ(score_from("1 2"), 0);
}

}  // namespace
}  // namespace baseline
