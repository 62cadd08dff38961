#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/value.h"
#include "baseline/profile.h"
#include "crds/baseline_scan.h"

// The Job that runs one node-runner on one node, and what its Job and Pod objects tell.
namespace baseline::controllers {

inline constexpr const char* kManagedByLabel = "app.kubernetes.io/managed-by";
inline constexpr const char* kManagedBy = "baseline-operator";
inline constexpr const char* kScanUidLabel = "baseline.kxy.io/scan-uid";
inline constexpr const char* kRunLabel = "baseline.kxy.io/run";
inline constexpr const char* kAttemptLabel = "baseline.kxy.io/attempt";
inline constexpr const char* kNodeAnnotation = "baseline.kxy.io/node";

// The value of crds::kScanLabel: the scan's name, cut to what a label holds.
std::string scan_label(const crds::BaselineScan& scan);

struct JobParameters {
  std::string ns;                // where Jobs live: the operator's own namespace
  std::string image;             // the operator's choice alone: what runs there reads every node as root
  std::string priority_class{};  // of scans that name none; empty: the cluster's default
  std::vector<std::string> priority_classes{};  // that scans may name besides
};

// Why the scan's priority class is not allowed; empty when it is.
std::string priority_class_problem(const crds::RunnerSpec& runner, const JobParameters& parameters);

// Jobs under way of all scans together, and on one node: whoever may write scans may write many. What finds
// no room waits for it.
inline constexpr std::size_t kMostRunners = 500;  // as many as one scan may ask for
inline constexpr std::size_t kMostRunnersOfNode = 4;

// What one node-runner may spend on looking through the files of one image; empty: its own defaults. The
// profile's parameters of 5.7.1.9.
struct WalkBudget {
  std::string duration;  // "10s"
  std::string files;     // a number
};
WalkBudget walk_budget(const ResolvedProfile& profile);

// Deterministic: the same scan, run, node and attempt give the same name, so that a stale cache ends in
// AlreadyExists and never in a second Job.
std::string runner_job_name(const std::string& scan_uid, const std::string& run_id, const std::string& node,
                            int attempt);

// The whole object. The pod mounts the host's root read-only, has no token, no host namespaces, no privileges
// but DAC_READ_SEARCH and SYS_PTRACE, tolerates every taint unless the scan names tolerations, and can only
// run on the node. The scan's priority class has been found allowed.
base::Value runner_job(const crds::BaselineScan& scan, const std::string& run_id, const std::string& node,
                       int attempt, const JobParameters& parameters, const WalkBudget& walk = {});

// A Job together with the pod of it that matters (one that succeeded, else the newest).
struct RunnerState {
  std::string job, job_uid;
  std::string node;  // empty: this operator did not make the Job, whatever its labels say
  std::string run;   // kRunLabel
  int attempt = 1;
  base::Time created;
  bool failed = false;      // the Job controller gave up
  std::string job_problem;  // the Job controller's words for that
  bool completed = false;   // the Job controller saw it succeed
  std::optional<base::Time> completed_at;
  bool deleting = false;

  std::string pod;  // empty: no pod known
  bool pod_succeeded = false;
  std::string sha256;       // from the termination message; empty when there is none
  std::string pod_problem;  // why the pod does not run or how it ended, in the cluster's words; empty when it
                            // does well
};

// Joins Jobs with their pods. A pod counts for a node only when the Job of that node controls it, by its uid,
// and the pod's spec.nodeName is that node: whoever else may create pods beside ours speaks for nobody.
std::vector<RunnerState> runner_states(const std::vector<std::shared_ptr<const base::Value>>& jobs,
                                       const std::vector<std::shared_ptr<const base::Value>>& pods);

// What to keep of Jobs and Pods in memory: what runner_states() reads.
base::Value project_job(base::Value&& job);
base::Value project_pod(base::Value&& pod);

}  // namespace baseline::controllers
