#pragma once

#include <memory>
#include <string>

#include "baseline/report.h"
#include "crds/baseline_scan.h"
#include "kube/client_options.h"
#include "operator/log.h"

namespace baseline::op {

// What Prometheus scrapes; also tells the log what happens to scans, as controllers::ScanObserver has it.
// Safe from any thread.
class Metrics {
 public:
  explicit Metrics(const Log& log);
  ~Metrics();

  void run_started(const std::string& scan, const std::string& trigger);
  void node_reported(const std::string& scan, const std::string& node, double seconds);
  void node_missing(const std::string& scan, const std::string& node, const std::string& reason);
  void run_completed(const std::string& scan, const Report& report, double seconds);
  void run_stalled(const std::string& scan, const std::string& reason, const std::string& message);
  void result_known(const crds::BaselineScan& scan);
  void scan_gone(const std::string& scan);

  void api_call(const kube::CallRecord& call);
  void reconciled(const std::string& controller, bool succeeded, double seconds);
  void notified(const std::string& result);  // of a webhook: sent, failed, dropped
  void set_leader(bool leading);
  void set_queue_depth(std::size_t depth);

  // The text exposition format, version 0.0.4.
  std::string expose() const;

 private:
  struct Impl;
  const Log& log_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::op
