#include "baseline/report.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/report_order.h"
#include "report_support.h"

namespace baseline {
namespace {

using testing::at;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<RequirementResult> results(const std::vector<std::pair<Status, int>>& counts) {
  std::vector<RequirementResult> all;
  for (const auto& [status, count] : counts) {
    for (int i = 0; i < count; ++i) {
      RequirementResult result;
      result.id = std::to_string(all.size());
      result.status = status;
      result.level = i % 2 == 0 ? Level::kMandatory : Level::kRecommended;
      all.push_back(std::move(result));
    }
  }
  return all;
}

double score(int pass, int fail, int error, int others = 0) {
  return summarize(results({{Status::kPass, pass},
                            {Status::kFail, fail},
                            {Status::kError, error},
                            {Status::kManual, others},
                            {Status::kWaived, others},
                            {Status::kNotChecked, others}}))
      .score;
}

TEST(ReportSummary, CountsByStatusAndLevel) {
  const Summary summary = summarize(results({{Status::kPass, 3}, {Status::kWaived, 2}}));
  EXPECT_EQ(summary.count(Status::kPass), 3);
  EXPECT_EQ(summary.count(Status::kWaived), 2);
  EXPECT_EQ(summary.count(Status::kFail), 0);
  EXPECT_EQ(summary.by_level.at(Level::kMandatory).at(Status::kPass), 2);
  EXPECT_EQ(summary.by_level.at(Level::kRecommended).at(Status::kPass), 1);
}

TEST(ReportSummary, ScoreIsPassOfPassFailAndErrorWithOneDecimal) {
  EXPECT_DOUBLE_EQ(score(7, 1, 0), 87.5);
  EXPECT_DOUBLE_EQ(score(2, 0, 1), 66.7);
  EXPECT_DOUBLE_EQ(score(1, 0, 0, 9), 100);
  EXPECT_DOUBLE_EQ(score(0, 0, 0, 9), 0);
  EXPECT_DOUBLE_EQ(score(0, 5, 0), 0);
}

TEST(ReportSummary, ScoreIsNeverRoundedToAllOrNone) {
  EXPECT_DOUBLE_EQ(score(9999, 1, 0), 99.9);
  EXPECT_DOUBLE_EQ(score(1, 9999, 0), 0.1);
}

Report with(const std::vector<std::pair<std::string, Status>>& statuses) {
  Report report;
  for (const auto& [id, status] : statuses) {
    RequirementResult result;
    result.id = id;
    result.status = status;
    report.results.push_back(std::move(result));
  }
  return report;
}

TEST(ReportChanges, TheFirstReportHasNone) {
  Report report = with({{"1", Status::kFail}, {"2", Status::kPass}});
  compare_with_previous(report, "", nullptr, at("2026-01-02"));
  EXPECT_EQ(report.changes, Changes{});
  EXPECT_EQ(report.results[0].since, at("2026-01-02"));
}

TEST(ReportChanges, SinceIsKeptWhileTheStatusStays) {
  Report previous = with({{"1", Status::kFail}, {"2", Status::kPass}, {"3", Status::kPass}});
  for (RequirementResult& result : previous.results) result.since = at("2026-01-01");
  previous.results[2].since.reset();
  Report report =
      with({{"1", Status::kFail}, {"2", Status::kFail}, {"3", Status::kPass}, {"4", Status::kPass}});
  compare_with_previous(report, "old", &previous, at("2026-01-02"));
  EXPECT_EQ(report.results[0].since, at("2026-01-01"));
  EXPECT_EQ(report.results[1].since, at("2026-01-02"));
  EXPECT_EQ(report.results[2].since, at("2026-01-02"));
  EXPECT_EQ(report.results[3].since, at("2026-01-02"));
  EXPECT_EQ(report.changes.previous, "old");
}

TEST(ReportChanges, NewlyFailingAndFixedForEveryPairOfStatuses) {
  const std::vector<Status> all{Status::kPass,  Status::kFail,   Status::kManual,    Status::kNotApplicable,
                                Status::kError, Status::kWaived, Status::kNotChecked};
  const auto fails = [](Status s) { return s == Status::kFail || s == Status::kError; };
  for (const Status before : all) {
    for (const Status now : all) {
      const Report previous = with({{"1", before}});
      Report report = with({{"1", now}});
      compare_with_previous(report, "old", &previous, at("2026-01-02"));
      EXPECT_EQ(report.changes.newly_failing.size(), fails(now) && !fails(before) ? 1U : 0U)
          << to_string(before) << " " << to_string(now);
      // A waiver mends nothing, and what was not looked at may still be wrong.
      const bool mended = !fails(now) && now != Status::kWaived && now != Status::kNotChecked;
      EXPECT_EQ(report.changes.fixed.size(), fails(before) && mended ? 1U : 0U)
          << to_string(before) << " " << to_string(now);
    }
  }
}

TEST(ReportChanges, ARequirementThatIsNewAndFailsIsNewlyFailing) {
  const Report previous = with({{"1", Status::kFail}});
  Report report = with({{"2", Status::kError}});
  compare_with_previous(report, "old", &previous, at("2026-01-02"));
  EXPECT_THAT(report.changes.newly_failing, ElementsAre("2"));
  EXPECT_THAT(report.changes.fixed, IsEmpty());
}

TEST(ReportOrder, TheWorstFirstThenTextThenGroupByNumber) {
  const auto make = [](Status status, const char* subject, const char* group) {
    Finding f;
    f.status = status;
    f.subject = subject;
    f.node_group = group;
    return f;
  };
  const std::vector<Finding> ordered{
      make(Status::kFail, "a", "group-2"), make(Status::kFail, "a", "group-10"),
      make(Status::kFail, "b", "group-1"), make(Status::kError, "a", "group-1"),
      make(Status::kManual, "a", ""),      make(Status::kWaived, "a", ""),
      make(Status::kPass, "a", "")};
  std::vector<Finding> shuffled(ordered.rbegin(), ordered.rend());
  std::ranges::sort(shuffled, comes_before);
  EXPECT_EQ(shuffled, ordered);
  for (const Finding& f : ordered) EXPECT_FALSE(comes_before(f, f));
}

}  // namespace
}  // namespace baseline
