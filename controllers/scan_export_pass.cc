// What namespaces are given after a run.
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "baseline/name_pattern.h"
#include "baseline/report_builder.h"
#include "controllers/report_object.h"
#include "controllers/scan_pass.h"
#include "crds/condition.h"

namespace baseline::controllers {
namespace {

// What only a person can mend is looked at again after this.
constexpr auto kExportRetry = std::chrono::minutes(10);
constexpr std::size_t kNamespacesNamed = 5;

std::string names(std::vector<std::string> all) {
  const std::size_t more = all.size() - std::min(all.size(), kNamespacesNamed);
  all.resize(all.size() - more);
  std::string text = fmt::format("{}", fmt::join(all, ", "));
  return more == 0 ? text : text + fmt::format(" and {} more", more);
}

std::string written_text(const PolicyReports& reports, const crds::ScanStatus& status, bool from_report,
                         std::size_t namespaces_left_out) {
  std::string text = fmt::format("{} findings of report {} stand in {} namespaces", reports.results(),
                                 status.last_report, reports.namespaces().size());
  if (from_report)
    text += fmt::format("; taken from the report, which lists at most {} findings of a requirement",
                        kMaxFindingsPerRequirement);
  if (namespaces_left_out > 0) text += fmt::format("; {} more namespaces were left out", namespaces_left_out);
  return text;
}

}  // namespace

std::shared_ptr<NamespaceFindings> ScanReconciler::Pass::new_findings(Language language) const {
  if (scan_.spec.export_format == crds::ExportFormat::kNone) return nullptr;
  return std::make_shared<NamespaceFindings>(
      [include = scan_.spec.include_namespaces, exclude = scan_.spec.exclude_namespaces](
          const std::string& ns) { return selects_namespace(ns, include, exclude); },
      language);
}

base::Result<void> ScanReconciler::Pass::export_findings() {
  const crds::ExportFormat format = scan_.spec.export_format;
  std::optional<crds::ScanExport>& exported = scan_.status.exported;
  if (exported && exported->format != format) {
    if (auto removed = remove_exported(); !removed) return removed;
  }
  const std::string& report = scan_.status.last_report;
  if (format == crds::ExportFormat::kNone) {
    memory_.findings.reset();
    return crds::remove_condition(scan_.status.conditions, crds::kExported) ? write_status()
                                                                            : base::Result<void>();
  }
  if (report.empty() || (exported && exported->report == report)) return {};
  if (memory_.export_attempt == fmt::format("{}/{}", crds::to_string(format), report) &&
      now_ < memory_.export_again) {
    wake_at(memory_.export_again);
    return {};
  }
  if (!exported) {
    // Before the first object is: whoever takes over knows what there may be to remove.
    exported = {format, ""};
    told_exported(false, "Pending", fmt::format("findings of report {} are being written", report));
    if (auto written = write_status(); !written) return written;
  }
  return write_exported();
}

base::Result<void> ScanReconciler::Pass::remove_exported() {
  const auto removed = remove_exports(r_.client_, scan_, scan_.status.exported->format);
  if (!removed) return export_failed(removed.error());
  if (!removed->done()) {
    // Tried once: they are owned by a report and go away with it.
    r_.events_.record({reference(), kube::EventType::kWarning, "ExportSkipped",
                       fmt::format("objects in namespaces stay until their BaselineReport is removed: {}",
                                   removed->message)});
  }
  scan_.status.exported.reset();
  crds::remove_condition(scan_.status.conditions, crds::kExported);
  return write_status();
}

base::Result<void> ScanReconciler::Pass::write_exported() {
  const std::string name = scan_.status.last_report;
  const crds::ExportFormat format = scan_.spec.export_format;
  const auto object = r_.client_.get(kReports, "", name);
  if (!object && object.error().code != base::ErrorCode::kNotFound) return export_failed(object.error());
  const auto stored = object && is_owned_by(*object, scan_) ? crds::report_from_value(*object)
                                                            : base::fail(base::ErrorCode::kNotFound, "");
  if (!stored) {
    scan_.status.exported->report = name;
    told_exported(false, "ReportGone", fmt::format("report {} is not there or cannot be read", name));
    return write_status();
  }
  std::shared_ptr<const NamespaceFindings> findings = memory_.findings;
  const bool from_report = !findings || memory_.findings_report != name;
  if (from_report) {
    const auto rebuilt = new_findings(stored->report.language);
    rebuilt->add(stored->report);
    findings = rebuilt;
  }
  const PolicyReports wanted(scan_, format, stored->report, object->at("metadata.uid").as_string(),
                             *findings);
  const auto outcome = write_exports(r_.client_, scan_, format, wanted);
  if (!outcome) return export_failed(outcome.error());
  if (!outcome->done()) return export_skipped(fmt::format("{}/{}", crds::to_string(format), name), *outcome);
  memory_.findings.reset();
  scan_.status.exported->report = name;
  told_exported(true, "Written",
                written_text(wanted, scan_.status, from_report, findings->namespaces_left_out()));
  return write_status();
}

void ScanReconciler::Pass::told_exported(bool holds, const std::string& reason, const std::string& message) {
  crds::set_condition(scan_.status.conditions,
                      {.type = std::string(crds::kExported),
                       .status = std::string(crds::condition_status(holds)),
                       .reason = reason,
                       .message = message,
                       .observed_generation = scan_.metadata.generation},
                      now_);
}

// The next reconcile goes on with it.
base::Result<void> ScanReconciler::Pass::export_failed(const base::Error& error) {
  told_exported(false, "Retrying", error.text());
  // When this fails too, the log has the error and the next attempt tells again.
  [[maybe_unused]] const auto written = write_status();
  return std::unexpected(error);
}

base::Result<void> ScanReconciler::Pass::export_skipped(const std::string& attempt,
                                                        const ExportOutcome& outcome) {
  memory_.export_attempt = attempt;
  memory_.export_again = now_ + kExportRetry;
  wake_at(memory_.export_again);
  std::string reason = outcome.reason;
  std::string message = outcome.message;
  if (reason.empty() && !outcome.taken.empty()) {
    reason = "NameTaken";
    message = fmt::format(
        "an object named {} that this scan did not write is in namespaces {}; remove or rename it",
        export_name(scan_), names(outcome.taken));
  } else if (reason.empty()) {
    reason = "Refused";
    message = fmt::format("admission refused the object in namespaces {}", names(outcome.refused));
  }
  const crds::Condition* before = crds::find_condition(scan_.status.conditions, crds::kExported);
  const bool is_news = !before || before->reason != reason || before->message != message;
  told_exported(false, reason, message);
  if (is_news) r_.events_.record({reference(), kube::EventType::kWarning, "ExportSkipped", message});
  return write_status();
}

}  // namespace baseline::controllers
