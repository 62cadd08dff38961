// A scan at rest, and how a run begins.
#include "controllers/scan_pass.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "controllers/report_object.h"
#include "controllers/scan_status.h"

namespace baseline::controllers {
namespace {

// Faults that will not go away by themselves: a person must see them on the scan.
bool is_lasting(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kInvalid:
    case base::ErrorCode::kForbidden:
    case base::ErrorCode::kNotFound:
    case base::ErrorCode::kLimit:
      return true;
    default:
      return false;
  }
}

}  // namespace

ScanReconciler::Pass::Next ScanReconciler::Pass::run() {
  status_former_fields(scan_, now_);
  if (const auto problem = priority_class_problem(scan_.spec.runner, r_.settings_.jobs); !problem.empty())
    return stall("PriorityClassNotAllowed", problem, crds::ScanPhase::kFailed);
  const Resolved profile = r_.resolver_.resolve(scan_.spec.profile);
  Next next = go(profile);
  if (next && !scan_.status.run) {
    // First the objects in namespaces move to the new report, then the oldest report goes away.
    const auto exported = export_findings();
    if (wake_) next = *next ? std::min(**next, *wake_) : *wake_;
    if (auto tidied = tidy(); !tidied) next = std::unexpected(tidied.error());
    if (!exported) next = std::unexpected(exported.error());
  }
  if (!next) tell_trouble(next.error());
  return next;
}

ScanReconciler::Pass::Next ScanReconciler::Pass::go(const Resolved& profile) {
  if (scan_.status.run) return advance(profile);
  memory_.run.reset();
  if (!profile) return stall_for_profile(profile.error());
  status_profile_changed(scan_, (*profile)->hash, now_);
  return begin_if_due(*profile);
}

ScanReconciler::Pass::Next ScanReconciler::Pass::refuse_spec(const base::Error& error) {
  status_former_fields(scan_, now_);
  return stall("InvalidSpec", error.text(), crds::ScanPhase::kFailed);
}

ScanReconciler::Pass::Next ScanReconciler::Pass::begin_if_due(
    const std::shared_ptr<const ResolvedProfile>& profile) {
  const auto due = due_now(scan_, now_);
  if (!due) return stall("InvalidSchedule", due.error().text(), crds::ScanPhase::kFailed);
  if (!due->trigger) return rest(*due);
  scan_.status.next_run = due->next_run;
  if (plan_nodes(scan_.spec, nodes()).empty()) {
    // Still due: the run starts once a node matches.
    return stall(std::string(kNoNodes),
                 "spec.nodes.selector matches no node of this cluster; `kubectl get nodes --show-labels` "
                 "shows their labels",
                 crds::ScanPhase::kPending, due->next_run);
  }
  const crds::ScanRun run = new_run(scan_, *due->trigger, profile->hash, now_);
  status_started(scan_, run, now_);
  memory_.begun = run.id;
  memory_.stalled.clear();
  memory_.report_seen = false;
  // Written before anything else is created: whoever takes over finds the run by it.
  if (auto written = write_status(); !written) return std::unexpected(written.error());
  r_.observer_.run_started(scan_.metadata.name, run.trigger);
  r_.events_.record({reference(), kube::EventType::kNormal, "ScanStarted",
                     "run " + run.id + " started (" + run.trigger + ")"});
  return advance(profile);
}

ScanReconciler::Pass::Next ScanReconciler::Pass::rest(const Due& due) {
  status_waiting(scan_, due, now_);
  memory_.stalled.clear();
  if (auto written = write_status(); !written) return std::unexpected(written.error());
  return due.next_run;
}

ScanReconciler::Pass::Next ScanReconciler::Pass::stall_for_profile(const std::vector<Mistake>& mistakes) {
  return stall("ProfileNotReady", "profile " + scan_.spec.profile + ": " + mistakes_text(mistakes),
               crds::ScanPhase::kPending);
}

ScanReconciler::Pass::Next ScanReconciler::Pass::stall(const std::string& reason, const std::string& message,
                                                       crds::ScanPhase phase,
                                                       std::optional<base::Time> again) {
  status_stalled(scan_, reason, message, phase, now_);
  if (auto written = write_status(); !written) return std::unexpected(written.error());
  if (std::string told = reason + message; memory_.stalled != told) {
    memory_.stalled = std::move(told);
    r_.observer_.run_stalled(scan_.metadata.name, reason, message);
    r_.events_.record({reference(), kube::EventType::kWarning, reason, message});
  }
  return again;
}

// A run that cannot go on must say so where people look, not only in the log.
void ScanReconciler::Pass::tell_trouble(const base::Error& error) {
  if (!scan_.status.run || !is_lasting(error.code)) return;
  crds::BaselineScan told = scan_;
  told.status = before_;
  if (!told.status.run) return;
  status_trouble(told, error.text(), now_);
  scan_ = std::move(told);
  // When this fails too, the log has the error and the next attempt tells again.
  [[maybe_unused]] const auto written = write_status();
}

base::Result<void> ScanReconciler::Pass::write_status() {
  if (scan_.status == before_) return {};
  const auto written =
      apply_status(r_.client_, kScans, scan_.metadata.name, scan_.metadata.uid, crds::to_value(scan_.status));
  if (!written) return std::unexpected(written.error());
  before_ = scan_.status;
  memory_.written_status = scan_.status;
  memory_.written_version = version_number(*written);
  return {};
}

base::Result<void> ScanReconciler::Pass::tidy() {
  if (auto removed = remove_jobs(leftover_jobs(runners())); !removed) return removed;
  std::vector<KnownReport> known;
  for (const kube::ObjectPtr& report : r_.stores_.reports->list()) {
    if (!is_owned_by(*report, scan_)) continue;
    const std::string& name = report->at("metadata.name").as_string();
    // The cache may still show the last report as unfinished.
    const bool finished = !(*report)["finished"].is_null() || name == scan_.status.last_report;
    known.push_back(
        {name, finished,
         base::parse_time(report->at("metadata.creationTimestamp").as_string()).value_or(base::Time{})});
  }
  for (const std::string& name :
       reports_to_remove(std::move(known), static_cast<std::size_t>(scan_.spec.history))) {
    const auto removed = r_.client_.remove(kReports, "", name);
    if (!removed && removed.error().code != base::ErrorCode::kNotFound) return removed;
  }
  return {};
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
