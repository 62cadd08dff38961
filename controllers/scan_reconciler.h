#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/time.h"
#include "baseline/evaluate.h"
#include "controllers/profile_resolver.h"
#include "controllers/runner_job.h"
#include "controllers/scan_decision.h"
#include "controllers/scan_observer.h"
#include "controllers/scan_run.h"
#include "controllers/scan_trigger.h"
#include "controllers/stores.h"
#include "kube/client.h"
#include "kube/events.h"

namespace baseline::controllers {

// Judges one node: evaluate_node(), or what a test puts in its place. Called on a worker's thread.
using Evaluate = std::function<NodeOutcome(const ResolvedProfile&, const facts::NodeFacts&,
                                           const NodeContext&, base::Time now)>;

struct ScanSettings {
  JobParameters jobs;
  Evaluate evaluate;
  std::chrono::milliseconds checkpoint_interval{3'000};  // at most one write of the report in so long
  std::stop_token stop;                                  // ends the reading of a log that is under way
};

// Runs BaselineScans: starts a run when one is due, sends node-runners, folds what they report into the
// BaselineReport, finishes it, keeps the history. Level-triggered: each reconcile looks at what is. Different
// scans may be reconciled on different threads at once; one scan only by one thread at a time (the work queue
// sees to that).
class ScanReconciler {
 public:
  ScanReconciler(const kube::Client& client, Stores stores, const ProfileResolver& resolver,
                 const base::Clock& clock, kube::EventRecorder& events, ScanObserver& observer,
                 ScanSettings settings);
  ~ScanReconciler();

  // Nothing: a change of some object will bring the scan back. A moment: come back then even if nothing
  // changes. An error: come back with back-off.
  base::Result<std::optional<base::Time>> reconcile(const std::string& name);

 private:
  struct ScanMemory;  // what this process remembers of one scan
  class Pass;         // one reconcile

  std::shared_ptr<ScanMemory> memory_of(const crds::BaselineScan& scan);

  const kube::Client& client_;
  const kube::Client log_client_;  // tries once: a log that cannot be read must not hold up other nodes
  const Stores stores_;
  const ProfileResolver& resolver_;
  const base::Clock& clock_;
  kube::EventRecorder& events_;
  ScanObserver& observer_;
  const ScanSettings settings_;

  std::mutex mutex_;  // guards memory_ (the map, not what it points to)
  std::map<std::string, std::shared_ptr<ScanMemory>> memory_;
};

}  // namespace baseline::controllers
