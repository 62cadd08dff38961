#pragma once

#include <memory>
#include <string>

#include "controllers/scan_observer.h"
#include "kube/client_options.h"
#include "operator/log.h"

namespace baseline::op {

// What Prometheus scrapes; also tells the log what happens to scans. Safe from any thread.
class Metrics final : public controllers::ScanObserver {
 public:
  explicit Metrics(const Log& log);
  ~Metrics() override;

  void run_started(const std::string& scan, const std::string& trigger) override;
  void node_reported(const std::string& scan, const std::string& node, double seconds) override;
  void node_missing(const std::string& scan, const std::string& node, const std::string& reason) override;
  void run_completed(const std::string& scan, const Report& report, double seconds) override;
  void run_stalled(const std::string& scan, const std::string& reason, const std::string& message) override;
  void result_known(const crds::BaselineScan& scan) override;
  void scan_gone(const std::string& scan) override;

  void api_call(const kube::CallRecord& call);
  void reconciled(const std::string& controller, bool succeeded, double seconds);
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
