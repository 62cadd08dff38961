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
#include "baseline/cluster/cluster_facts.h"
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

// The pods of one node as the API server has them; nothing when they could not be had. Called on a worker's
// thread.
using ReadPods = std::function<std::optional<std::vector<cluster::Pod>>(const std::string& node)>;

// Reads the cluster's objects and judges the requirements that rest on them. What cannot be read is an Error
// in the outcome, so it always gives one. Called on a worker's thread.
using JudgeCluster = std::function<ClusterOutcome(const std::shared_ptr<const ResolvedProfile>&,
                                                  cluster::ClusterContext, base::Time now)>;

// Does work that what it works on may end, in a process of its own that has little memory and time and whose
// results are lost: an error says that it did not end well. Called on a worker's thread; nothing the work
// touches changes meanwhile.
using Rehearse = std::function<base::Result<void>(const std::function<void()>& work)>;

struct ScanSettings {
  JobParameters jobs;
  Evaluate evaluate;
  ReadPods read_pods;                                    // none: nodes are judged without knowing their pods
  JudgeCluster judge_cluster;                            // none: requirements about objects are NotChecked
  Rehearse rehearse;                                     // none: what a node sent is judged at once, always
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

  std::mutex judging_;  // held while what a node sent is unpacked and judged
  std::mutex mutex_;    // guards memory_ (the map, not what it points to)
  std::map<std::string, std::shared_ptr<ScanMemory>> memory_;
};

}  // namespace baseline::controllers
