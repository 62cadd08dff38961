#pragma once

#include <string>

#include "baseline/report.h"
#include "crds/baseline_scan.h"

namespace baseline::controllers {

// What happens to scans, for metrics and logs. Called on a worker's thread; must return soon.
class ScanObserver {
 public:
  virtual ~ScanObserver() = default;
  virtual void run_started(const std::string& scan, const std::string& trigger) = 0;
  // `seconds` from the creation of the node's Job to the moment its facts were judged.
  virtual void node_reported(const std::string& scan, const std::string& node, double seconds) = 0;
  virtual void node_missing(const std::string& scan, const std::string& node, const std::string& reason) = 0;
  // `name` is that of the report object.
  virtual void run_completed(const std::string& scan, const std::string& name, const Report& report,
                             double seconds) = 0;
  virtual void run_stalled(const std::string& scan, const std::string& reason,
                           const std::string& message) = 0;
  // The scan's status holds the result of its last report: told when a run completes, and at the first look
  // at a scan, so that a new process knows what an earlier one found.
  virtual void result_known(const crds::BaselineScan& scan) = 0;
  // It was deleted.
  virtual void scan_gone(const std::string& scan) = 0;
};

}  // namespace baseline::controllers
