#include "operator/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baseline::op {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MetricsTest : public ::testing::Test {
 protected:
  const base::SystemClock clock_;
  const Log log_{false, Log::Level::kError, clock_};
  Metrics metrics_{log_};
};

crds::BaselineScan scan() {
  crds::BaselineScan s;
  s.metadata.name = "nightly";
  s.status.summary = crds::StatusCounts{{Status::kPass, 90}, {Status::kFail, 5}};
  s.status.score = "94.7";
  s.status.last_run = base::parse_time("2026-01-31T08:15:00Z").value();
  return s;
}

TEST_F(MetricsTest, ShowTheResultOfTheLastReportUntilTheScanIsGone) {
  metrics_.result_known(scan());
  std::string text = metrics_.expose();
  EXPECT_THAT(text, HasSubstr("baseline_results{scan=\"nightly\",status=\"Pass\"} 90"));
  EXPECT_THAT(text, HasSubstr("baseline_results{scan=\"nightly\",status=\"Waived\"} 0"));
  EXPECT_THAT(text, HasSubstr("baseline_score_percent{scan=\"nightly\"} 94.7"));
  EXPECT_THAT(text, HasSubstr("baseline_last_run_timestamp_seconds{scan=\"nightly\"} 1769847300"));
  metrics_.scan_gone("nightly");
  metrics_.scan_gone("nightly");
  text = metrics_.expose();
  EXPECT_THAT(text, Not(HasSubstr("baseline_results{")));
  EXPECT_THAT(text, Not(HasSubstr("baseline_score_percent{")));
}

TEST_F(MetricsTest, CountRunsNodesAndRequests) {
  Report report;
  report.summary.by_status = {{Status::kPass, 1}};
  metrics_.run_started("nightly", "Rescan");
  metrics_.node_reported("nightly", "n1", 2.5);
  metrics_.node_missing("nightly", "n2", "gone");
  metrics_.run_completed("nightly", report, 7);
  metrics_.run_stalled("nightly", "ProfileNotReady", "why");
  metrics_.api_call({"create", "jobs.batch", 201, 0.02});
  metrics_.api_call({"watch", "nodes", 200, 300});
  metrics_.reconciled("scan", true, 0.01);
  metrics_.reconciled("scan", false, 0.01);
  metrics_.set_leader(true);
  metrics_.set_queue_depth(4);
  const std::string text = metrics_.expose();
  EXPECT_THAT(text, HasSubstr("# TYPE baseline_scan_runs_total counter"));
  EXPECT_THAT(text, HasSubstr("baseline_scan_runs_total{outcome=\"completed\",scan=\"nightly\"} 1"));
  EXPECT_THAT(text, HasSubstr("baseline_scan_runs_total{outcome=\"stalled\",scan=\"nightly\"} 1"));
  EXPECT_THAT(text, HasSubstr("baseline_nodes_missing_total{scan=\"nightly\"} 1"));
  EXPECT_THAT(text, HasSubstr("baseline_node_duration_seconds_bucket{le=\"5\"} 1"));
  EXPECT_THAT(text, HasSubstr("baseline_scan_duration_seconds_sum 7"));
  EXPECT_THAT(
      text, HasSubstr("baseline_api_requests_total{code=\"201\",resource=\"jobs.batch\",verb=\"create\"} 1"));
  EXPECT_THAT(text, HasSubstr("baseline_api_request_duration_seconds_count{verb=\"create\"} 1"));
  EXPECT_THAT(text, Not(HasSubstr("baseline_api_request_duration_seconds_count{verb=\"watch\"}")));
  EXPECT_THAT(text, HasSubstr("baseline_reconcile_total{controller=\"scan\",result=\"error\"} 1"));
  EXPECT_THAT(text, HasSubstr("baseline_leader 1"));
  EXPECT_THAT(text, HasSubstr("baseline_queue_depth 4"));
  EXPECT_THAT(text, HasSubstr("baseline_build_info{version=\"" BASELINE_VERSION "\"} 1"));
  EXPECT_THAT(text, Not(HasSubstr("process_resident_memory_bytes 0\n")));
}

}  // namespace
}  // namespace baseline::op
