#include "operator/metrics.h"

#include <array>
#include <fstream>

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

namespace baseline::op {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Histogram;

const Histogram::BucketBoundaries kNodeSeconds{1, 2, 5, 10, 20, 30, 60, 120, 300};
const Histogram::BucketBoundaries kRunSeconds{5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600};
const Histogram::BucketBoundaries kCallSeconds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

constexpr std::array<Status, 7> kStatuses{Status::kPass,          Status::kFail,  Status::kManual,
                                          Status::kNotApplicable, Status::kError, Status::kWaived,
                                          Status::kNotChecked};

// Second field of /proc/self/statm, in bytes; 0 when it cannot be read.
double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Gauge>& build =
      BuildGauge().Name("baseline_build_info").Help("Version of the operator").Register(registry);
  prometheus::Family<prometheus::Counter>& runs = BuildCounter()
                                                      .Name("baseline_scan_runs_total")
                                                      .Help("Runs by scan and outcome: completed, stalled")
                                                      .Register(registry);
  prometheus::Family<prometheus::Gauge>& results =
      BuildGauge()
          .Name("baseline_results")
          .Help("Requirements by status in the last report of a scan")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& score = BuildGauge()
                                                     .Name("baseline_score_percent")
                                                     .Help("Score of the last report of a scan")
                                                     .Register(registry);
  prometheus::Family<prometheus::Gauge>& finished = BuildGauge()
                                                        .Name("baseline_last_run_timestamp_seconds")
                                                        .Help("When the last report of a scan was finished")
                                                        .Register(registry);
  prometheus::Family<prometheus::Histogram>& run_seconds = BuildHistogram()
                                                               .Name("baseline_scan_duration_seconds")
                                                               .Help("From start to report of a run")
                                                               .Register(registry);
  prometheus::Family<prometheus::Histogram>& node_seconds = BuildHistogram()
                                                                .Name("baseline_node_duration_seconds")
                                                                .Help("From a node's Job to its judgement")
                                                                .Register(registry);
  prometheus::Family<prometheus::Counter>& missing = BuildCounter()
                                                         .Name("baseline_nodes_missing_total")
                                                         .Help("Nodes that did not report, by scan")
                                                         .Register(registry);
  prometheus::Family<prometheus::Counter>& reconciles = BuildCounter()
                                                            .Name("baseline_reconcile_total")
                                                            .Help("Reconciles by controller and result")
                                                            .Register(registry);
  prometheus::Family<prometheus::Histogram>& reconcile_seconds =
      BuildHistogram()
          .Name("baseline_reconcile_duration_seconds")
          .Help("Reconciles by controller")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& calls =
      BuildCounter()
          .Name("baseline_api_requests_total")
          .Help("Requests to the API server by verb, resource and HTTP status (0: no reply)")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& call_seconds = BuildHistogram()
                                                                .Name("baseline_api_request_duration_seconds")
                                                                .Help("Requests but watches, by verb")
                                                                .Register(registry);
  prometheus::Family<prometheus::Counter>& notices =
      BuildCounter()
          .Name("baseline_notifications_total")
          .Help("Notifications of finished runs by result: sent, failed, dropped")
          .Register(registry);
  prometheus::Gauge& leader = BuildGauge()
                                  .Name("baseline_leader")
                                  .Help("Whether this process holds the lease and acts")
                                  .Register(registry)
                                  .Add({});
  prometheus::Gauge& queue =
      BuildGauge().Name("baseline_queue_depth").Help("Keys waiting for a worker").Register(registry).Add({});
  prometheus::Gauge& memory = BuildGauge()
                                  .Name("process_resident_memory_bytes")
                                  .Help("Resident memory of this process")
                                  .Register(registry)
                                  .Add({});
};

Metrics::Metrics(const Log& log) : log_(log), impl_(std::make_unique<Impl>()) {
  impl_->build.Add({{"version", BASELINE_VERSION}}).Set(1);
}

Metrics::~Metrics() = default;

void Metrics::run_started(const std::string& scan, const std::string& trigger) {
  log_.info("scan started", {{"scan", scan}, {"trigger", trigger}});
}

void Metrics::node_reported(const std::string& scan, const std::string& node, double seconds) {
  impl_->node_seconds.Add({}, kNodeSeconds).Observe(seconds);
  log_.info("node reported", {{"scan", scan}, {"node", node}, {"seconds", fmt::format("{:.0f}", seconds)}});
}

void Metrics::node_missing(const std::string& scan, const std::string& node, const std::string& reason) {
  impl_->missing.Add({{"scan", scan}}).Increment();
  log_.warn("node will not report", {{"scan", scan}, {"node", node}, {"reason", reason}});
}

void Metrics::run_completed(const std::string& scan, const Report& report, double seconds) {
  impl_->runs.Add({{"scan", scan}, {"outcome", "completed"}}).Increment();
  impl_->run_seconds.Add({}, kRunSeconds).Observe(seconds);
  log_.info("scan completed",
            {{"scan", scan},
             {"pass", std::to_string(report.summary.count(Status::kPass))},
             {"fail", std::to_string(report.summary.count(Status::kFail))},
             {"manual", std::to_string(report.summary.count(Status::kManual))},
             {"error", std::to_string(report.summary.count(Status::kError))},
             {"score", fmt::format("{:.1f}", report.summary.score)},
             {"nodes", fmt::format("{}/{}", report.coverage.nodes_reported, report.coverage.nodes_expected)},
             {"seconds", fmt::format("{:.0f}", seconds)}});
}

void Metrics::run_stalled(const std::string& scan, const std::string& reason, const std::string& message) {
  impl_->runs.Add({{"scan", scan}, {"outcome", "stalled"}}).Increment();
  log_.warn("scan cannot run", {{"scan", scan}, {"reason", reason}, {"detail", message}});
}

void Metrics::result_known(const crds::BaselineScan& scan) {
  const crds::ScanStatus& status = scan.status;
  const std::string& name = scan.metadata.name;
  if (!status.summary) return;
  for (const Status each : kStatuses) {
    const auto count = status.summary->find(each);
    impl_->results.Add({{"scan", name}, {"status", std::string(to_string(each))}})
        .Set(count == status.summary->end() ? 0 : count->second);
  }
  impl_->score.Add({{"scan", name}}).Set(crds::score_from(status.score));
  if (status.last_run)
    impl_->finished.Add({{"scan", name}})
        .Set(static_cast<double>(status.last_run->time_since_epoch().count()));
}

void Metrics::scan_gone(const std::string& scan) {
  for (const Status each : kStatuses) {
    const prometheus::Labels labels{{"scan", scan}, {"status", std::string(to_string(each))}};
    if (impl_->results.Has(labels)) impl_->results.Remove(&impl_->results.Add(labels));
  }
  for (auto* family : {&impl_->score, &impl_->finished}) {
    if (family->Has({{"scan", scan}})) family->Remove(&family->Add({{"scan", scan}}));
  }
}

void Metrics::api_call(const kube::CallRecord& call) {
  impl_->calls.Add({{"verb", call.verb}, {"resource", call.resource}, {"code", std::to_string(call.status)}})
      .Increment();
  if (call.verb != "watch")
    impl_->call_seconds.Add({{"verb", call.verb}}, kCallSeconds).Observe(call.seconds);
  log_.debug("api request",
             {{"verb", call.verb}, {"resource", call.resource}, {"status", std::to_string(call.status)}});
}

void Metrics::reconciled(const std::string& controller, bool succeeded, double seconds) {
  impl_->reconciles.Add({{"controller", controller}, {"result", succeeded ? "success" : "error"}})
      .Increment();
  impl_->reconcile_seconds.Add({{"controller", controller}}, kCallSeconds).Observe(seconds);
}

void Metrics::notified(const std::string& result) {
  impl_->notices.Add({{"result", result}}).Increment();
}

void Metrics::set_leader(bool leading) {
  impl_->leader.Set(leading ? 1 : 0);
}

void Metrics::set_queue_depth(std::size_t depth) {
  impl_->queue.Set(static_cast<double>(depth));
}

std::string Metrics::expose() const {
  impl_->memory.Set(resident_bytes());
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace baseline::op
