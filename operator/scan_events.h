#pragma once

#include <string>

#include "controllers/scan_observer.h"
#include "operator/heartbeat.h"
#include "operator/metrics.h"
#include "operator/notifier.h"

namespace baseline::op {

// Passes what happens to scans on to all who want to know: metrics and log, the heartbeat, and where there is
// one, the notifier. All of them must outlive it.
class ScanEvents final : public controllers::ScanObserver {
 public:
  ScanEvents(Metrics& metrics, Heartbeat& heartbeat, Notifier* notifier)
      : metrics_(metrics), heartbeat_(heartbeat), notifier_(notifier) {}

  void run_started(const std::string& scan, const std::string& trigger) override;
  void node_reported(const std::string& scan, const std::string& node, double seconds) override;
  void node_missing(const std::string& scan, const std::string& node, const std::string& reason) override;
  void run_completed(const std::string& scan, const std::string& name, const Report& report,
                     double seconds) override;
  void run_stalled(const std::string& scan, const std::string& reason, const std::string& message) override;
  void result_known(const crds::BaselineScan& scan) override { metrics_.result_known(scan); }
  void scan_gone(const std::string& scan) override { metrics_.scan_gone(scan); }

 private:
  Metrics& metrics_;
  Heartbeat& heartbeat_;
  Notifier* notifier_;
};

// What a receiver is told of a report; `name` is the object's.
Notice notice_of(const std::string& name, const Report& report);

}  // namespace baseline::op
