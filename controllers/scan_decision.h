#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "baseline/phrase.h"
#include "baseline/report.h"
#include "controllers/node_state.h"
#include "controllers/runner_job.h"
#include "crds/baseline_scan.h"

// What to do next for a run in progress: a pure function of what is, so that it can be called again after any
// fault.
namespace baseline::controllers {

// A node that the run means to hear from.
struct PlannedNode {
  std::string node;
  Phrase unavailable;  // why no runner can be sent there now; empty when one can
};

// Every node the scan selects, sorted by name; those that cannot run a runner are there too, with the reason.
std::vector<PlannedNode> plan_nodes(const crds::ScanSpec& spec, const std::vector<NodeState>& nodes);

struct RunObservation {
  const crds::BaselineScan* scan = nullptr;
  const std::vector<NodeState>* nodes = nullptr;
  const std::vector<RunnerState>* runners = nullptr;  // Jobs of this scan, of this run and of others
  // Nodes still awaited; the rest are folded into the report or given up.
  const std::vector<std::string>* awaited = nullptr;
  // Nodes folded in memory whose report has not been written yet: their Jobs must stay.
  const std::vector<std::string>* unsaved = nullptr;
  std::map<std::string, base::Time> launched;  // when a node's first Job was created, for nodes that had one
  base::Time now;
};

struct RunDecision {
  struct Launch {
    std::string node;
    int attempt = 1;
  };
  struct Collect {
    std::string node, pod, sha256;
  };
  struct GiveUp {
    std::string node;
    Phrase reason;
  };
  std::vector<Launch> launch;         // nodes that get a Job now
  std::vector<Collect> collect;       // pods that ended well: read their log
  std::vector<GiveUp> give_up;        // nodes that will not report, and why
  std::vector<std::string> remove;    // Jobs no longer needed
  std::optional<base::Time> wake_at;  // when time alone will change the decision
};

// Nodes beyond spec.parallelism wait for a place. A node is given up when it is gone, when its Job failed, or
// when it has not reported `timeout` after its first Job was created.
RunDecision decide_run(const RunObservation& observed);

// Jobs of the scan that belong to no run in progress.
std::vector<std::string> leftover_jobs(const std::vector<RunnerState>& runners,
                                       const std::string& current_run);

// Names of finished reports beyond the number to keep, oldest first.
struct KnownReport {
  std::string name;
  bool finished = false;
  base::Time created;
};
std::vector<std::string> reports_to_remove(std::vector<KnownReport> reports, std::size_t keep,
                                           const std::string& in_progress);

}  // namespace baseline::controllers
