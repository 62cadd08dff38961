#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "baseline/phrase.h"
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

// What this process remembers of the Job it made last for a node.
struct Launched {
  base::Time since;  // when this attempt was first asked for: the node's time runs from here
  base::Time asked;  // when it was last asked for
  int attempt = 1;
  bool seen = false;  // the cache has shown it: when it is missing there, it is gone
};

// A cache may be this far behind what was just written, and behind another cache.
inline constexpr std::chrono::seconds kCacheLag{30};

struct RunObservation {
  const crds::BaselineScan* scan = nullptr;
  const std::vector<NodeState>* nodes = nullptr;
  const std::vector<RunnerState>* runners = nullptr;  // Jobs of this scan, of this run and of others
  // Nodes still awaited; the rest are folded into the report or given up.
  const std::vector<std::string>* awaited = nullptr;
  // Nodes folded in memory whose report has not been written yet: their Jobs must stay.
  const std::vector<std::string>* unsaved = nullptr;
  const std::map<std::string, Launched>* launched = nullptr;  // by node
  base::Time now;
};

struct RunDecision {
  struct Launch {
    std::string node;
    int attempt = 1;
  };
  struct Collect {
    std::string node, pod, sha256;
    base::Time since;  // when the attempt began; after spec.timeout no more is tried
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

// Nodes beyond spec.parallelism wait for a place. A node is given up when it is gone or, before it has a Job,
// no longer fit for one; when its Job failed; when it has not reported `timeout` after its Job was created. A
// Job that succeeded but whose pod was removed before its log was read is followed by one more, once.
RunDecision decide_run(const RunObservation& observed);

// Jobs to remove while the scan has no run in progress.
std::vector<std::string> leftover_jobs(const std::vector<RunnerState>& runners);

struct KnownReport {
  std::string name;
  bool finished = false;
  base::Time created;
};
// While the scan has no run in progress: names of finished reports beyond the number to keep, and of
// unfinished ones, which a run left that was abandoned. Oldest first.
std::vector<std::string> reports_to_remove(std::vector<KnownReport> reports, std::size_t keep);

}  // namespace baseline::controllers
