#include "controllers/scan_status.h"

#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::at;

const base::Time kNow = at("2026-01-01T00:00:00Z");

std::string text(const crds::BaselineScan& s, std::string_view type) {
  const crds::Condition* c = crds::find_condition(s.status.conditions, type);
  return c ? c->status + " " + c->reason : "";
}

crds::BaselineScan fresh() {
  crds::BaselineScan s;
  s.metadata.generation = 3;
  return s;
}

Report finished() {
  Report report;
  report.profile_hash = "h";
  report.finished = kNow;
  report.coverage.nodes_expected = 2;
  report.coverage.nodes_reported = 2;
  report.summary.by_status = {{Status::kPass, 3}, {Status::kFail, 1}};
  report.summary.score = 75;
  return report;
}

TEST(ScanStatus, GoesFromWaitingToCompleted) {
  crds::BaselineScan s = fresh();
  status_waiting(s, {.trigger = {}, .next_run = kNow}, kNow);
  EXPECT_EQ(s.status.phase, crds::ScanPhase::kPending);
  EXPECT_EQ(text(s, "Ready"), "False Scheduled");
  EXPECT_EQ(s.status.observed_generation, 3);

  crds::ScanRun run = testing::run_of("r", "rep");
  run.generation = 3;
  run.rescan = "x";
  status_started(s, run, kNow);
  EXPECT_EQ(s.status.phase, crds::ScanPhase::kCollecting);
  EXPECT_EQ(text(s, "Reconciling"), "True Collecting");
  EXPECT_EQ(text(s, "Ready"), "False Collecting");

  status_completed(s, finished(), kNow);
  EXPECT_EQ(s.status.phase, crds::ScanPhase::kCompleted);
  EXPECT_EQ(s.status.progress, "2/2");
  EXPECT_EQ(s.status.score, "75.0");
  EXPECT_EQ(s.status.last_report, "rep");
  EXPECT_EQ(s.status.last_run, kNow);
  EXPECT_EQ(s.status.handled_generation, 3);
  EXPECT_EQ(s.status.handled_rescan, "x");
  EXPECT_FALSE(s.status.run.has_value());
  EXPECT_EQ(text(s, "Ready"), "True Completed");
  EXPECT_EQ(text(s, "Reconciling"), "");
}

TEST(ScanStatus, NamesNodesThatDidNotReport) {
  crds::BaselineScan s = fresh();
  status_started(s, testing::run_of("r", "rep"), kNow);
  Report report = finished();
  report.coverage.nodes_reported = 1;
  report.coverage.missing = {{"n7", "gone"}, {"n8", "gone"}};
  status_completed(s, report, kNow);
  EXPECT_EQ(text(s, "Ready"), "True CompletedWithMissingNodes");
  EXPECT_NE(crds::find_condition(s.status.conditions, "Ready")->message.find("without n7 and 1 more"),
            std::string::npos);
}

TEST(ScanStatus, ComesBackFromAStallToWhatItWas) {
  crds::BaselineScan s = fresh();
  status_started(s, testing::run_of("r", "rep"), kNow);
  status_completed(s, finished(), kNow);
  status_stalled(s, "ProfileNotReady", "why", crds::ScanPhase::kPending, kNow);
  EXPECT_EQ(text(s, "Ready"), "False ProfileNotReady");
  EXPECT_EQ(text(s, "Stalled"), "True ProfileNotReady");
  status_waiting(s, {}, kNow);
  EXPECT_EQ(s.status.phase, crds::ScanPhase::kCompleted);
  EXPECT_EQ(text(s, "Ready"), "True Completed");
  EXPECT_EQ(text(s, "Stalled"), "");
}

TEST(ScanStatus, TroubleShowsAndGoesAway) {
  crds::BaselineScan s = fresh();
  status_started(s, testing::run_of("r", "rep"), kNow);
  const crds::ScanStatus before = s.status;
  status_trouble(s, "namespaces \"x\" not found", kNow);
  EXPECT_EQ(text(s, "Reconciling"), "True Retrying");
  status_collecting(s, kNow);
  EXPECT_EQ(s.status, before);
}

TEST(ScanStatus, WaitingTwiceChangesNothing) {
  crds::BaselineScan s = fresh();
  s.spec.suspend = true;
  status_waiting(s, {}, kNow);
  EXPECT_EQ(text(s, "Ready"), "False Suspended");
  const crds::ScanStatus before = s.status;
  status_waiting(s, {}, kNow + std::chrono::hours(1));
  EXPECT_EQ(s.status, before);
}

TEST(ScanStatus, TellsWhetherTheProfileHasChanged) {
  crds::BaselineScan s = fresh();
  status_profile_changed(s, "h", kNow);
  EXPECT_EQ(text(s, "ProfileChanged"), "");  // nothing to compare with
  status_started(s, testing::run_of("r", "rep"), kNow);
  status_completed(s, finished(), kNow);
  status_profile_changed(s, "h", kNow);
  EXPECT_EQ(text(s, "ProfileChanged"), "False UpToDate");
  status_profile_changed(s, "other", kNow);
  EXPECT_EQ(text(s, "ProfileChanged"), "True ProfileChanged");
}

}  // namespace
}  // namespace baseline::controllers
