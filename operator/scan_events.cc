#include "operator/scan_events.h"

#include "base/time.h"

namespace baseline::op {

void ScanEvents::run_started(const std::string& scan, const std::string& trigger) {
  heartbeat_.beat();
  metrics_.run_started(scan, trigger);
}

void ScanEvents::node_reported(const std::string& scan, const std::string& node, double seconds) {
  heartbeat_.beat();
  metrics_.node_reported(scan, node, seconds);
}

void ScanEvents::node_missing(const std::string& scan, const std::string& node, const std::string& reason) {
  heartbeat_.beat();
  metrics_.node_missing(scan, node, reason);
}

void ScanEvents::run_completed(const std::string& scan, const std::string& name, const Report& report,
                               double seconds) {
  heartbeat_.beat();
  metrics_.run_completed(scan, report, seconds);
  if (notifier_ != nullptr) notifier_->send(notice_of(name, report));
}

void ScanEvents::run_stalled(const std::string& scan, const std::string& reason, const std::string& message) {
  heartbeat_.beat();
  metrics_.run_stalled(scan, reason, message);
}

Notice notice_of(const std::string& name, const Report& report) {
  Notice notice;
  notice.scan = report.scan;
  notice.report = name;
  notice.cluster_uid = report.cluster_uid;
  notice.standard = report.standard;
  notice.profile = report.profile;
  if (report.finished) notice.finished = base::format_time(*report.finished);
  notice.score = report.summary.score;
  for (const auto& [status, count] : report.summary.by_status)
    notice.counts.emplace(to_string(status), count);
  notice.newly_failing = static_cast<int>(report.changes.newly_failing.size());
  notice.nodes_expected = report.coverage.nodes_expected;
  notice.nodes_reported = report.coverage.nodes_reported;
  return notice;
}

}  // namespace baseline::op
