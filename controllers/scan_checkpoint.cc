// The life of a run: from the first checkpoint to the finished report.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "baseline/version.h"
#include "controllers/report_object.h"
#include "controllers/scan_pass.h"
#include "controllers/scan_status.h"

namespace baseline::controllers {
namespace {

std::string without_v(const std::string& version) {
  return version.starts_with('v') ? version.substr(1) : version;
}

}  // namespace

ScanReconciler::Pass::Next ScanReconciler::Pass::advance(const Resolved& profile) {
  const auto prepared = prepare(profile);
  if (!prepared) return std::unexpected(prepared.error());
  if (*prepared == Prepared::kFinished) return settle(*finished_);
  if (*prepared == Prepared::kNoProfile) {
    scan_.status.run.reset();
    return stall_for_profile(profile.error());
  }
  if (!is_troubled(scan_)) status_collecting(scan_, now_);
  collect(decide());
  ScanRunState& state = *memory_.run;
  if (state.awaited().empty()) return finish();

  const auto due = state.last_saved() + r_.settings_.checkpoint_interval;
  if (state.dirty() && r_.clock_.steady() >= due) {
    if (auto saved = checkpoint(); !saved) return std::unexpected(saved.error());
  } else if (state.dirty()) {
    wake_at(now_ + std::chrono::ceil<std::chrono::seconds>(due - r_.clock_.steady()));
  }
  const RunDecision decision = decide();
  if (auto launched = launch(decision); !launched) return std::unexpected(launched.error());
  if (auto removed = remove_jobs(decision.remove); !removed) return std::unexpected(removed.error());
  status_collecting(scan_, now_);
  if (auto written = write_status(); !written) return std::unexpected(written.error());
  if (decision.wake_at) wake_at(*decision.wake_at);
  return wake_;
}

base::Result<ScanReconciler::Pass::Prepared> ScanReconciler::Pass::prepare(const Resolved& profile) {
  const crds::ScanRun& run = *scan_.status.run;
  if (memory_.run && memory_.run->run_id() == run.id) {
    const bool shown = r_.stores_.reports->get(run.report) != nullptr;
    if (!shown && memory_.report_seen) memory_.run->touch();  // somebody deleted it
    memory_.report_seen = shown;
    return Prepared::kReady;
  }
  memory_.run.reset();
  const auto object = r_.client_.get(kReports, "", run.report);
  if (!object && object.error().code != base::ErrorCode::kNotFound) return std::unexpected(object.error());
  if (object && is_report_of_run(*object, scan_)) {
    auto stored = crds::report_from_value(*object);
    if (stored && stored->report.finished) {  // finished before the status could be written
      finished_ = std::move(stored->report);
      return Prepared::kFinished;
    }
    if (stored && profile) {
      if (auto builder = ReportBuilder::resume(*profile, std::move(stored->report))) {
        memory_.run.emplace(run.id, *profile, *std::move(builder), /*saved=*/true);
        memory_.run->report_version = object->at("metadata.resourceVersion").as_string();
        return Prepared::kReady;
      }
    }
    // The checkpoint cannot be used (another profile, or damaged): the run starts anew under the same name.
  }
  if (!profile) return Prepared::kNoProfile;
  if (auto started = start_anew(*profile); !started) return std::unexpected(started.error());
  return Prepared::kReady;
}

base::Result<void> ScanReconciler::Pass::start_anew(const std::shared_ptr<const ResolvedProfile>& profile) {
  const auto version = r_.client_.version();
  if (!version) return std::unexpected(version.error());
  const auto kube_system = r_.client_.get(kube::kNamespace, "", "kube-system");
  if (!kube_system) return std::unexpected(kube_system.error());
  scan_.status.run->profile_hash = profile->hash;
  const std::vector<PlannedNode> plan = plan_nodes(scan_.spec, nodes());
  ScanRunState state(scan_.status.run->id, profile,
                     new_report(scan_, profile, plan, kube_system->at("metadata.uid").as_string(),
                                without_v(version->git_version)),
                     /*saved=*/false);
  if (auto written = write(state.report(), state.report_version); !written) return written;
  state.saved(r_.clock_);
  memory_.run.emplace(std::move(state));
  status_progress(scan_, memory_.run->report());
  if (auto written = write_status(); !written) return written;
  for (const PlannedNode& node : plan) {
    if (!node.unavailable.empty()) tell_missing(node.node, render(node.unavailable, Language::kEnglish));
  }
  return {};
}

base::Result<void> ScanReconciler::Pass::checkpoint() {
  ScanRunState& state = *memory_.run;
  if (auto written = write(state.report(), state.report_version); !written) return written;
  state.saved(r_.clock_);
  status_progress(scan_, state.report());
  return write_status();
}

// Under another name when the run's own is taken by something that is not its report.
base::Result<void> ScanReconciler::Pass::write(const Report& report, std::string& version) {
  auto written = write_report(r_.client_, scan_, report, version);
  if (!written) return std::unexpected(written.error());
  if (*written) return {};
  crds::ScanRun& run = *scan_.status.run;
  const std::string taken = run.report;
  if (!run.report.ends_with("-" + run.id)) {
    run.report += "-" + run.id;
    if (auto status = write_status(); !status) return status;
    version.clear();
    memory_.report_seen = false;
    written = write_report(r_.client_, scan_, report, version);
    if (!written) return std::unexpected(written.error());
    if (*written) return {};
  }
  return base::fail(base::ErrorCode::kInvalid,
                    "a BaselineReport of this name exists that this run did not write; delete or rename it",
                    "baselinereport " + taken);
}

ScanReconciler::Pass::Next ScanReconciler::Pass::finish() {
  status_evaluating(scan_);
  status_progress(scan_, memory_.run->report());
  if (auto written = write_status(); !written) return std::unexpected(written.error());
  const auto previous = previous_report();
  if (!previous) return std::unexpected(previous.error());
  // A copy is finished, so that a write that fails can be tried again.
  ScanRunState copy = *memory_.run;
  const auto findings = new_findings(copy.report().language);
  if (findings) findings->add(copy.report());
  judge_cluster(copy, findings);
  const Report report = std::move(copy).finish(*previous ? scan_.status.last_report : "",
                                               *previous ? &**previous : nullptr, now_);
  if (auto written = write(report, memory_.run->report_version); !written)
    return std::unexpected(written.error());
  // From here on the report on the API server speaks: a status that cannot be written now is settled by it.
  memory_.run.reset();
  memory_.findings = findings;
  memory_.findings_report = scan_.status.run->report;
  return settle(report);
}

void ScanReconciler::Pass::judge_cluster(ScanRunState& state,
                                         const std::shared_ptr<NamespaceFindings>& findings) {
  if (!r_.settings_.judge_cluster) return;
  cluster::ClusterContext context;
  context.version = parse_version(state.report().cluster_version);
  for (const NodeGroup& group : state.report().node_groups) {
    context.add(group);
  }
  context.include_namespaces = scan_.spec.include_namespaces;
  context.exclude_namespaces = scan_.spec.exclude_namespaces;
  if (is_taken_up()) context.on_kind = [this](const std::string& kind) { return enter(kind); };
  if (findings)
    context.on_finding = [findings](const cluster::FoundObject& found) { findings->found(found); };
  state.fold_cluster(r_.settings_.judge_cluster(state.shared_profile(), std::move(context), now_));
}

// Before a kind is read in a run that was taken up: it is written down, so that an end while it is read is
// known as its own. After two of them it is left out.
std::optional<Phrase> ScanReconciler::Pass::enter(const std::string& kind) {
  constexpr int kMostEnds = 2;
  ScanRunState& state = *memory_.run;
  if (state.ends(kind) >= kMostEnds) return Phrase{"objects.harmful", {kind}};
  state.reading(kind);
  // Where it cannot be written this pass is as any other.
  [[maybe_unused]] const auto written = write(state.report(), state.report_version);
  return std::nullopt;
}

base::Result<std::optional<Report>> ScanReconciler::Pass::previous_report() {
  const std::string& name = scan_.status.last_report;
  if (name.empty()) return std::nullopt;
  const auto object = r_.client_.get(kReports, "", name);
  if (!object && object.error().code != base::ErrorCode::kNotFound) return std::unexpected(object.error());
  if (!object || !is_owned_by(*object, scan_)) return std::nullopt;
  auto stored = crds::report_from_value(*object);
  return stored ? std::optional(std::move(stored->report)) : std::nullopt;
}

ScanReconciler::Pass::Next ScanReconciler::Pass::settle(const Report& report) {
  const auto started = report.started.value_or(now_);
  status_completed(scan_, report, now_);
  const auto due = due_now(scan_, now_);
  scan_.status.next_run = due ? due->next_run : std::nullopt;
  if (const auto profile = r_.resolver_.resolve(scan_.spec.profile))
    status_profile_changed(scan_, (*profile)->hash, now_);
  if (auto written = write_status(); !written) return std::unexpected(written.error());
  r_.observer_.run_completed(scan_.metadata.name, scan_.status.last_report, report,
                             std::chrono::duration<double>(now_ - started).count());
  r_.observer_.result_known(scan_);
  r_.events_.record(
      {reference(), kube::EventType::kNormal, "ScanCompleted",
       fmt::format("report {}: {} pass, {} fail, {} manual, {} error", scan_.status.last_report,
                   report.summary.count(Status::kPass), report.summary.count(Status::kFail),
                   report.summary.count(Status::kManual), report.summary.count(Status::kError))});
  // A schedule that cannot be read any more is told by the next look at the scan.
  if (!due || due->trigger) return now_;
  return due->next_run;
}

}  // namespace baseline::controllers
