#include "controllers/scan_status.h"

#include <utility>

#include <fmt/format.h>

#include "baseline/text.h"
#include "crds/condition.h"
#include "crds/summary.h"

namespace baseline::controllers {
namespace {

constexpr std::string_view kRetrying = "Retrying";

void set(crds::BaselineScan& scan, std::string_view type, bool holds, std::string reason, std::string message,
         base::Time now) {
  crds::set_condition(scan.status.conditions,
                      {.type = std::string(type),
                       .status = std::string(crds::condition_status(holds)),
                       .reason = std::move(reason),
                       .message = std::move(message),
                       .observed_generation = scan.metadata.generation},
                      now);
}

std::string collecting(const crds::ScanRun& run) {
  return fmt::format("run {} ({}) collects from the nodes", run.id, run.trigger);
}

std::string progress_of(const Report& report) {
  return fmt::format("{}/{}", report.coverage.nodes_reported, report.coverage.nodes_expected);
}

}  // namespace

void status_waiting(crds::BaselineScan& scan, const Due& due, base::Time now) {
  crds::ScanStatus& status = scan.status;
  status.observed_generation = scan.metadata.generation;
  status.next_run = due.next_run;
  crds::remove_condition(status.conditions, crds::kStalled);
  crds::remove_condition(status.conditions, crds::kReconciling);
  if (!status.last_report.empty()) {
    status.phase = crds::ScanPhase::kCompleted;
    const crds::Condition* ready = crds::find_condition(status.conditions, crds::kReady);
    const bool told = ready && ready->is_true();
    set(scan, crds::kReady, true, told ? ready->reason : "Completed",
        told ? ready->message : fmt::format("report {} is the last one", status.last_report), now);
    return;
  }
  status.phase = crds::ScanPhase::kPending;
  if (scan.spec.suspend) {
    set(scan, crds::kReady, false, "Suspended", "spec.suspend is true: no run starts until it is false", now);
  } else if (due.next_run) {
    set(scan, crds::kReady, false, "Scheduled", "the first run is at " + base::format_time(*due.next_run),
        now);
  } else {
    set(scan, crds::kReady, false, "NeverDue", "spec.schedule names no moment that ever comes", now);
  }
}

void status_stalled(crds::BaselineScan& scan, const std::string& reason, const std::string& message,
                    crds::ScanPhase phase, base::Time now) {
  scan.status.observed_generation = scan.metadata.generation;
  scan.status.phase = phase;
  set(scan, crds::kReady, false, reason, message, now);
  set(scan, crds::kStalled, true, reason, message, now);
  crds::remove_condition(scan.status.conditions, crds::kReconciling);
}

void status_former_fields(crds::BaselineScan& scan, base::Time now) {
  if (scan.former_fields.empty()) {
    crds::remove_condition(scan.status.conditions, crds::kFieldsIgnored);
    return;
  }
  set(scan, crds::kFieldsIgnored, true, "NoLongerInTheApi",
      fmt::format(
          "{}: no longer part of the API and without effect, because it is the operator's choice; take "
          "it out of what is applied",
          join(scan.former_fields, ", ")),
      now);
}

void status_started(crds::BaselineScan& scan, crds::ScanRun run, base::Time now) {
  scan.status.observed_generation = scan.metadata.generation;
  scan.status.phase = crds::ScanPhase::kCollecting;
  scan.status.progress.clear();
  scan.status.run = std::move(run);
  set(scan, crds::kReady, false, "Collecting", collecting(*scan.status.run), now);
  status_collecting(scan, now);
}

void status_collecting(crds::BaselineScan& scan, base::Time now) {
  scan.status.phase = crds::ScanPhase::kCollecting;
  crds::remove_condition(scan.status.conditions, crds::kStalled);
  if (is_troubled(scan)) set(scan, crds::kReady, false, "Collecting", collecting(*scan.status.run), now);
  set(scan, crds::kReconciling, true, "Collecting", collecting(*scan.status.run), now);
}

void status_trouble(crds::BaselineScan& scan, const std::string& message, base::Time now) {
  set(scan, crds::kReady, false, std::string(kRetrying), message, now);
  set(scan, crds::kReconciling, true, std::string(kRetrying), message, now);
}

bool is_troubled(const crds::BaselineScan& scan) {
  const crds::Condition* told = crds::find_condition(scan.status.conditions, crds::kReconciling);
  return told && told->reason == kRetrying;
}

void status_progress(crds::BaselineScan& scan, const Report& report) {
  scan.status.progress = progress_of(report);
}

void status_evaluating(crds::BaselineScan& scan) {
  scan.status.phase = crds::ScanPhase::kEvaluating;
}

void status_completed(crds::BaselineScan& scan, const Report& report, base::Time now) {
  crds::ScanStatus& status = scan.status;
  const crds::ScanRun run = status.run.value_or(crds::ScanRun{});
  status.observed_generation = scan.metadata.generation;
  status.phase = crds::ScanPhase::kCompleted;
  status.progress = progress_of(report);
  status.summary = report.summary.by_status;
  status.score = crds::score_text(report.summary.score);
  status.last_report = run.report;
  status.last_run = report.finished.value_or(now);
  status.handled_generation = run.generation;
  status.handled_rescan = run.rescan;
  if (run.scheduled) status.last_scheduled = run.scheduled;
  status.profile_hash = report.profile_hash;
  status.run.reset();
  crds::remove_condition(status.conditions, crds::kReconciling);
  crds::remove_condition(status.conditions, crds::kStalled);
  const auto& missing = report.coverage.missing;
  const int others = report.coverage.nodes_missing() - 1;
  std::string message = fmt::format("report {} holds {} requirements from {} nodes", run.report,
                                    report.results.size(), progress_of(report));
  if (!missing.empty()) {
    message += fmt::format("; without {}", missing.front().node);
    if (others > 0) message += fmt::format(" and {} more", others);
    message += ": see coverage.missing of the report";
  }
  set(scan, crds::kReady, true, missing.empty() ? "Completed" : "CompletedWithMissingNodes",
      std::move(message), now);
}

void status_profile_changed(crds::BaselineScan& scan, const std::string& profile_hash, base::Time now) {
  if (scan.status.last_report.empty()) return;
  const bool changed = scan.status.profile_hash != profile_hash;
  set(scan, crds::kProfileChanged, changed, changed ? "ProfileChanged" : "UpToDate",
      changed ? fmt::format("the profile has changed since report {}; annotate the scan with {}=<a new "
                            "value> to scan again",
                            scan.status.last_report, crds::kRescanAnnotation)
              : "the last report was made with the profile as it is now",
      now);
}

}  // namespace baseline::controllers
