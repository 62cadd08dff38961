// The life of a run: prepare, collect, finish. See scan_reconciler.cc for how a run begins.
#include "controllers/scan_pass.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "baseline/evaluate.h"
#include "baseline/facts/frame.h"
#include "controllers/scan_status.h"

namespace baseline::controllers {
namespace {

// A Job just created may not be in the cache yet; after this long a missing one is taken as gone.
constexpr auto kCacheLag = std::chrono::seconds(30);
// A log that could not be read is tried again after this, until the node's time is up.
constexpr auto kLogRetry = std::chrono::seconds(2);

std::string without_v(const std::string& version) {
  return version.starts_with('v') ? version.substr(1) : version;
}

}  // namespace

ScanReconciler::Pass::Next ScanReconciler::Pass::advance(
    const std::shared_ptr<const ResolvedProfile>& profile) {
  const auto ready = prepare(profile);
  if (!ready) return std::unexpected(ready.error());
  if (!*ready) return std::nullopt;

  collect(decide());
  ScanRunState& state = *memory_.run;
  if (state.awaited().empty()) return finish();

  const auto due = state.last_saved() + r_.settings_.checkpoint_interval;
  std::optional<base::Time> wake;
  if (state.dirty() && r_.clock_.steady() >= due) {
    if (auto saved = state.save(r_.client_, scan_, r_.clock_); !saved) return std::unexpected(saved.error());
    status_progress(scan_, state.report());
    if (auto written = write_status(); !written) return std::unexpected(written.error());
  } else if (state.dirty()) {
    wake = now_ + std::chrono::ceil<std::chrono::seconds>(due - r_.clock_.steady());
  }
  const RunDecision decision = decide();
  if (auto launched = launch(decision); !launched) return std::unexpected(launched.error());
  if (auto removed = remove_jobs(decision.remove); !removed) return std::unexpected(removed.error());
  for (const std::optional<base::Time>& at : {decision.wake_at, retry_logs_at_}) {
    if (at) wake = wake ? std::min(*wake, *at) : *at;
  }
  return wake;
}

base::Result<bool> ScanReconciler::Pass::prepare(const std::shared_ptr<const ResolvedProfile>& profile) {
  const crds::ScanRun& run = *scan_.status.run;
  if (memory_.run && memory_.run->run_id() == run.id) return true;
  const auto object = r_.client_.get(kReports, "", run.report);
  if (!object && object.error().code != base::ErrorCode::kNotFound) return std::unexpected(object.error());
  if (object) {
    if (auto stored = crds::report_from_value(*object)) {
      if (stored->report.finished) {  // finished before the status could be written
        const auto settled = settle(stored->report);
        if (!settled) return std::unexpected(settled.error());
        return false;
      }
      if (auto builder = ReportBuilder::resume(profile, std::move(stored->report))) {
        memory_.run.emplace(run.id, profile, *std::move(builder), /*saved=*/true);
        return true;
      }
    }
    // The checkpoint cannot be used (another profile, or damaged): the run starts anew under the same name.
  }
  if (auto started = start_anew(profile); !started) return std::unexpected(started.error());
  return true;
}

base::Result<void> ScanReconciler::Pass::start_anew(const std::shared_ptr<const ResolvedProfile>& profile) {
  const auto version = r_.client_.version();
  if (!version) return std::unexpected(version.error());
  const auto kube_system = r_.client_.get(kube::kNamespace, "", "kube-system");
  if (!kube_system) return std::unexpected(kube_system.error());
  scan_.status.run->profile_hash = profile->hash;
  memory_.run.emplace(
      scan_.status.run->id, profile,
      new_report(scan_, profile, plan_nodes(scan_.spec, nodes()), kube_system->at("metadata.uid").as_string(),
                 without_v(version->git_version)),
      /*saved=*/false);
  if (auto saved = memory_.run->save(r_.client_, scan_, r_.clock_); !saved) return saved;
  status_progress(scan_, memory_.run->report());
  return write_status();
}

RunDecision ScanReconciler::Pass::decide() const {
  const ScanRunState& state = *memory_.run;
  std::vector<RunnerState> all = runners();
  const auto awaited = state.awaited();
  std::set<std::string> young_nodes;  // awaited, with a Job that the cache does not show yet
  for (const auto& [node, since] : state.launched) {
    if (now_ - since <= kCacheLag && std::ranges::binary_search(awaited, node)) young_nodes.insert(node);
  }
  for (const RunnerState& runner : all) {
    if (runner.run == state.run_id()) young_nodes.erase(runner.node);
  }
  for (const std::string& node : young_nodes) {
    RunnerState young;
    young.job = runner_job_name(scan_.metadata.uid, state.run_id(), node, 1);
    young.node = node;
    young.run = state.run_id();
    young.created = state.launched.at(node);
    all.push_back(std::move(young));
  }
  const auto unsaved = state.unsaved();
  const auto known_nodes = nodes();
  return decide_run({.scan = &scan_,
                     .nodes = &known_nodes,
                     .runners = &all,
                     .awaited = &awaited,
                     .unsaved = &unsaved,
                     .launched = state.launched,
                     .now = now_});
}

void ScanReconciler::Pass::collect(const RunDecision& decision) {
  ScanRunState& state = *memory_.run;
  const auto give_up = [&](const std::string& node, const Phrase& reason) {
    state.give_up(node, reason);
    const std::string text = render(reason, Language::kEnglish);
    r_.observer_.node_missing(scan_.metadata.name, node, text);
    r_.events_.record({reference(), kube::EventType::kWarning, "NodeMissing", node + ": " + text});
  };
  for (const RunDecision::GiveUp& lost : decision.give_up) give_up(lost.node, lost.reason);
  for (const RunDecision::Collect& pod : decision.collect) {
    if (const auto reason = read_and_fold(pod)) give_up(pod.node, *reason);
  }
}

// Nothing: folded, or to be tried again. A phrase: the node is given up for this reason.
std::optional<Phrase> ScanReconciler::Pass::read_and_fold(const RunDecision::Collect& pod) {
  ScanRunState& state = *memory_.run;
  const auto known = state.launched.try_emplace(pod.node, now_).first;
  const facts::FrameLimits limits;
  const auto log = r_.client_.pod_log(r_.settings_.jobs.ns, pod.pod,
                                      {.container = "node-runner", .max_bytes = limits.text_bytes});
  if (!log) {
    const bool permanent =
        log.error().code == base::ErrorCode::kForbidden || log.error().code == base::ErrorCode::kNotFound;
    if (permanent || now_ >= known->second + scan_.spec.timeout)
      return Phrase{"runner-log-unreadable", {log.error().text()}};
    retry_logs_at_ = now_ + kLogRetry;
    return std::nullopt;
  }
  if (pod.sha256.empty()) return Phrase{"runner-no-digest", {}};
  const auto facts = facts::decode_frame(log->text, pod.sha256, limits);
  if (!facts) return Phrase{"runner-payload-refused", {facts.error().text()}};

  NodeContext context;
  context.apiserver_version = state.report().cluster_version;
  if (const kube::ObjectPtr node = r_.stores_.nodes->get(pod.node)) {
    const NodeState known_node = node_state(*node);
    context.labels = known_node.labels;
    context.kubelet_version = known_node.kubelet_version;
  }
  state.fold(pod.node, evaluate_node(state.profile(), *facts, context, now_));
  r_.observer_.node_reported(scan_.metadata.name, pod.node,
                             std::chrono::duration<double>(r_.clock_.now() - known->second).count());
  return std::nullopt;
}

base::Result<void> ScanReconciler::Pass::launch(const RunDecision& decision) {
  ScanRunState& state = *memory_.run;
  for (const RunDecision::Launch& launch : decision.launch) {
    const base::Value job = runner_job(scan_, state.run_id(), launch.node, launch.attempt, r_.settings_.jobs);
    const auto created = r_.client_.create(kube::kJob, r_.settings_.jobs.ns, job);
    if (!created) {
      switch (created.error().code) {
        case base::ErrorCode::kConflict:
          break;  // made by an earlier reconcile that the cache does not show yet
        case base::ErrorCode::kForbidden:
        case base::ErrorCode::kInvalid:
          state.give_up(launch.node, {"runner-not-created", {created.error().text()}});
          r_.observer_.node_missing(scan_.metadata.name, launch.node, created.error().text());
          continue;
        default:
          return std::unexpected(created.error());
      }
    }
    state.launched.try_emplace(launch.node, now_);
  }
  return {};
}

base::Result<void> ScanReconciler::Pass::remove_jobs(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto removed = r_.client_.remove(kube::kJob, r_.settings_.jobs.ns, name);
    if (!removed && removed.error().code != base::ErrorCode::kNotFound) return removed;
  }
  return {};
}

ScanReconciler::Pass::Next ScanReconciler::Pass::finish() {
  status_evaluating(scan_);
  status_progress(scan_, memory_.run->report());
  if (auto written = write_status(); !written) return std::unexpected(written.error());

  std::optional<Report> previous;
  const std::string& previous_name = scan_.status.last_report;
  if (!previous_name.empty() && previous_name != scan_.status.run->report) {
    const auto object = r_.client_.get(kReports, "", previous_name);
    if (!object && object.error().code != base::ErrorCode::kNotFound) return std::unexpected(object.error());
    if (object) {
      if (auto stored = crds::report_from_value(*object)) previous = std::move(stored->report);
    }
  }
  // A copy is finished, so that a write that fails can be tried again.
  ScanRunState copy = *memory_.run;
  const Report report =
      std::move(copy).finish(previous ? previous_name : "", previous ? &*previous : nullptr, now_);
  if (auto written = write_report(r_.client_, scan_, scan_.status.run->report, report); !written)
    return std::unexpected(written.error());
  return settle(report);
}

ScanReconciler::Pass::Next ScanReconciler::Pass::settle(const Report& report) {
  const auto started = report.started.value_or(now_);
  status_completed(scan_, report, now_);
  const auto due = due_now(scan_, now_);
  if (due) scan_.status.next_run = due->next_run;
  if (const auto profile = r_.resolver_.resolve(scan_.spec.profile))
    status_profile_changed(scan_, (*profile)->hash, now_);
  if (auto written = write_status(); !written) return std::unexpected(written.error());
  memory_.run.reset();
  r_.observer_.run_completed(scan_.metadata.name, report,
                             std::chrono::duration<double>(now_ - started).count());
  r_.events_.record(
      {reference(), kube::EventType::kNormal, "ScanCompleted",
       fmt::format("report {}: {} pass, {} fail, {} manual, {} error", scan_.status.last_report,
                   report.summary.count(Status::kPass), report.summary.count(Status::kFail),
                   report.summary.count(Status::kManual), report.summary.count(Status::kError))});
  if (auto removed = remove_jobs(leftover_jobs(runners(), "")); !removed)
    return std::unexpected(removed.error());
  if (auto pruned = prune_reports(); !pruned) return std::unexpected(pruned.error());
  if (due && due->trigger) return now_;
  return due ? due->next_run : std::nullopt;
}

base::Result<void> ScanReconciler::Pass::prune_reports() {
  std::vector<KnownReport> known;
  for (const kube::ObjectPtr& report : r_.stores_.reports->list()) {
    const auto& owners = report->at("metadata.ownerReferences").items();
    const bool ours = std::ranges::any_of(
        owners, [&](const base::Value& o) { return o["uid"].as_string() == scan_.metadata.uid; });
    if (!ours) continue;
    known.push_back(
        {report->at("metadata.name").as_string(), !(*report)["finished"].is_null(),
         base::parse_time(report->at("metadata.creationTimestamp").as_string()).value_or(base::Time{})});
  }
  // The cache may still show the last report as unfinished.
  for (KnownReport& report : known) report.finished |= report.name == scan_.status.last_report;
  const std::string in_progress = scan_.status.run ? scan_.status.run->report : "";
  for (const std::string& name :
       reports_to_remove(known, static_cast<std::size_t>(scan_.spec.history), in_progress)) {
    const auto removed = r_.client_.remove(kReports, "", name);
    if (!removed && removed.error().code != base::ErrorCode::kNotFound) return removed;
  }
  return {};
}

}  // namespace baseline::controllers
