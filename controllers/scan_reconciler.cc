#include "controllers/scan_reconciler.h"

#include <charconv>
#include <utility>

#include "controllers/scan_pass.h"
#include "controllers/scan_status.h"

namespace baseline::controllers {
namespace {

std::uint64_t version_number(const std::string& resource_version) {
  std::uint64_t v = 0;
  std::from_chars(resource_version.data(), resource_version.data() + resource_version.size(), v);
  return v;
}

}  // namespace

ScanReconciler::ScanReconciler(const kube::Client& client, Stores stores, const ProfileResolver& resolver,
                               const base::Clock& clock, kube::EventRecorder& events, ScanObserver& observer,
                               ScanSettings settings)
    : client_(client),
      stores_(stores),
      resolver_(resolver),
      clock_(clock),
      events_(events),
      observer_(observer),
      settings_(std::move(settings)) {}

ScanReconciler::~ScanReconciler() = default;

std::shared_ptr<ScanReconciler::ScanMemory> ScanReconciler::memory_of(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  auto& memory = memory_[name];
  if (!memory) memory = std::make_shared<ScanMemory>();
  return memory;
}

base::Result<std::optional<base::Time>> ScanReconciler::reconcile(const std::string& name) {
  const kube::ObjectPtr object = stores_.scans->get(name);
  if (!object || (*object)["metadata"].contains("deletionTimestamp")) {
    // Its Jobs and reports are owned by it: the garbage collector removes them.
    const std::scoped_lock lock(mutex_);
    memory_.erase(name);
    return std::nullopt;
  }
  auto scan = crds::scan_from_value(*object);
  if (!scan) return std::unexpected(scan.error());
  const auto memory = memory_of(name);
  if (version_number(scan->metadata.resource_version) < memory->written_version)
    scan->status = memory->written_status;
  return Pass(*this, *memory, *std::move(scan)).run();
}

base::Result<void> ScanReconciler::Pass::write_status() {
  if (scan_.status == before_) return {};
  const auto written = apply_status(r_.client_, kScans, scan_.metadata.name, crds::to_value(scan_.status));
  if (!written) return std::unexpected(written.error());
  before_ = scan_.status;
  memory_.written_status = scan_.status;
  memory_.written_version = version_number(written->at("metadata.resourceVersion").as_string());
  return {};
}

base::Result<std::optional<base::Time>> ScanReconciler::Pass::run() {
  const auto profile = r_.resolver_.resolve(scan_.spec.profile);
  if (profile && !scan_.status.run) status_profile_changed(scan_, (*profile)->hash, now_);
  if (scan_.status.run) {
    if (profile) return advance(*profile);
    if (memory_.run) return advance(nullptr);  // goes on with the profile as it was when the run began
  }
  if (!profile) {
    memory_.run.reset();
    scan_.status.run.reset();
    return stall("ProfileNotReady", "profile " + scan_.spec.profile + ": " + mistakes_text(profile.error()),
                 /*failed=*/false);
  }
  return begin_if_due(*profile);
}

ScanReconciler::Pass::Next ScanReconciler::Pass::begin_if_due(
    const std::shared_ptr<const ResolvedProfile>& profile) {
  const auto due = due_now(scan_, now_);
  if (!due) return stall("InvalidSchedule", due.error().text(), /*failed=*/true);
  if (!due->trigger) {
    if (scan_.status.phase != crds::ScanPhase::kFailed) status_waiting(scan_, *due, now_);
    scan_.status.next_run = due->next_run;
    if (auto written = write_status(); !written) return std::unexpected(written.error());
    if (auto removed = remove_jobs(leftover_jobs(runners(), "")); !removed)
      return std::unexpected(removed.error());
    if (auto pruned = prune_reports(); !pruned) return std::unexpected(pruned.error());
    return due->next_run;
  }
  const crds::ScanRun run = new_run(scan_, *due->trigger, profile->hash, now_);
  if (plan_nodes(scan_.spec, nodes()).empty()) {
    scan_.status.handled_generation = run.generation;
    scan_.status.handled_rescan = run.rescan;
    if (run.scheduled) scan_.status.last_scheduled = run.scheduled;
    return stall("NoNodes",
                 "spec.nodes.selector matches no node of this cluster; `kubectl get nodes --show-labels` "
                 "shows their labels",
                 /*failed=*/true, due->next_run);
  }
  status_started(scan_, run, now_);
  scan_.status.next_run = due->next_run;
  memory_.stalled.clear();
  // Written before anything else is created: whoever takes over finds the run by it.
  if (auto written = write_status(); !written) return std::unexpected(written.error());
  r_.observer_.run_started(scan_.metadata.name, run.trigger);
  r_.events_.record({reference(), kube::EventType::kNormal, "ScanStarted",
                     "run " + run.id + " started (" + run.trigger + ")"});
  return advance(profile);
}

ScanReconciler::Pass::Next ScanReconciler::Pass::stall(const std::string& reason, const std::string& message,
                                                       bool failed, std::optional<base::Time> again) {
  status_stalled(scan_, reason, message, failed, now_);
  if (auto written = write_status(); !written) return std::unexpected(written.error());
  if (std::string told = reason + message; memory_.stalled != told) {
    memory_.stalled = std::move(told);
    r_.observer_.run_stalled(scan_.metadata.name, reason, message);
    r_.events_.record({reference(), kube::EventType::kWarning, reason, message});
  }
  return again;
}

kube::ObjectRef ScanReconciler::Pass::reference() const {
  return {std::string(crds::kApiVersion), "BaselineScan", "", scan_.metadata.name, scan_.metadata.uid};
}

std::vector<NodeState> ScanReconciler::Pass::nodes() const {
  std::vector<NodeState> states;
  for (const kube::ObjectPtr& node : r_.stores_.nodes->list()) states.push_back(node_state(*node));
  return states;
}

std::vector<RunnerState> ScanReconciler::Pass::runners() const {
  std::vector<kube::ObjectPtr> jobs;
  for (kube::ObjectPtr& job : r_.stores_.jobs->list()) {
    if (job->at("metadata.labels")[kScanUidLabel].as_string() == scan_.metadata.uid)
      jobs.push_back(std::move(job));
  }
  return jobs.empty() ? std::vector<RunnerState>{} : runner_states(jobs, r_.stores_.pods->list());
}

}  // namespace baseline::controllers
