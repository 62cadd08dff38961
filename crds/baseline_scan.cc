#include "crds/baseline_scan.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "baseline/value_reader.h"
#include "baseline/value_writer.h"
#include "crds/former_fields.h"
#include "crds/runner_resources.h"

namespace baseline::crds {
namespace {

using base::Value;

constexpr std::array<std::pair<ScanPhase, std::string_view>, 6> kPhases{
    {{ScanPhase::kNone, ""},
     {ScanPhase::kPending, "Pending"},
     {ScanPhase::kCollecting, "Collecting"},
     {ScanPhase::kEvaluating, "Evaluating"},
     {ScanPhase::kCompleted, "Completed"},
     {ScanPhase::kFailed, "Failed"}}};

constexpr std::array<std::pair<ExportFormat, std::string_view>, 3> kFormats{
    {{ExportFormat::kNone, ""},
     {ExportFormat::kPolicyReport, "PolicyReport"},
     {ExportFormat::kOpenReports, "OpenReports"}}};

constexpr std::chrono::seconds kLeastTimeout{10};
constexpr std::chrono::hours kMostTimeout{24};

void read_bounded(ValueReader& reader, std::string_view key, std::int64_t& out, std::int64_t least,
                  std::int64_t most) {
  std::int64_t read = out;
  if (!reader.read(key, read)) return;
  if (read < least || read > most) {
    reader.mistake(key, fmt::format("{} is out of bounds; {} to {} was expected.", read, least, most));
  } else {
    out = read;
  }
}

void read_timeout(ValueReader& reader, std::chrono::seconds& out) {
  std::string text;
  if (!reader.read("timeout", text)) return;
  const auto duration = base::parse_go_duration(text);
  if (!duration) {
    reader.mistake("timeout",
                   fmt::format("\"{}\" is no duration; one such as \"90s\" or \"5m\" was expected.",
                               text.substr(0, 64)));
  } else if (*duration < kLeastTimeout || *duration > kMostTimeout) {
    reader.mistake("timeout",
                   fmt::format("{} is out of bounds; 10s to 24h was expected.", text.substr(0, 64)));
  } else {
    out = std::chrono::duration_cast<std::chrono::seconds>(*duration);
  }
}

void read_format(ValueReader& reader, ExportFormat& out) {
  std::string text;
  if (!reader.read("format", text)) return;
  const auto known = std::ranges::find(kFormats, text, &std::pair<ExportFormat, std::string_view>::second);
  if (known == kFormats.end() || known->first == ExportFormat::kNone) {
    reader.mistake("format", fmt::format("\"{}\" is no format; PolicyReport or OpenReports was expected.",
                                         text.substr(0, 64)));
  } else {
    out = known->first;
  }
}

// Hands an inner reader's result through, or its error to the list.
template <typename T>
void take(base::Result<T> read, T& out, std::vector<Mistake>& mistakes) {
  if (read) {
    out = std::move(*read);
  } else {
    mistakes.push_back({read.error().where, 0, read.error().message});
  }
}

ScanSpec spec_from(const Value& value, std::vector<Mistake>& mistakes) {
  ScanSpec spec;
  ValueReader reader(value, "spec", mistakes);
  if (const Value* ref = reader.map("profileRef")) {
    ValueReader(*ref, "spec.profileRef", mistakes).read("name", spec.profile);
  }
  if (spec.profile.empty() && mistakes.empty()) {
    mistakes.push_back({"spec.profileRef.name", value.line(),
                        "This is missing: name the BaselineProfile to hold "
                        "the cluster to."});
  }
  reader.read("schedule", spec.schedule);
  reader.read("timeZone", spec.time_zone);
  reader.read("suspend", spec.suspend);
  if (const Value* nodes = reader.map("nodes")) {
    take(label_selector_from((*nodes)["selector"], "spec.nodes.selector"), spec.node_selector, mistakes);
    take(tolerations_from((*nodes)["tolerations"], "spec.nodes.tolerations"), spec.tolerations, mistakes);
  }
  if (const Value* map = reader.map("namespaces")) {
    ValueReader namespaces(*map, "spec.namespaces", mistakes);
    namespaces.read("include", spec.include_namespaces);
    namespaces.read("exclude", spec.exclude_namespaces);
  }
  read_bounded(reader, "parallelism", spec.parallelism, 1, 500);
  read_timeout(reader, spec.timeout);
  read_bounded(reader, "history", spec.history, 1, 100);
  if (const Value* map = reader.map("runner")) {
    ValueReader runner(*map, "spec.runner", mistakes);
    if (const Value* resources = runner.map("resources")) {
      check_runner_resources(*resources, mistakes);
      spec.runner.resources = *resources;
    }
    runner.read("priorityClassName", spec.runner.priority_class_name);
  }
  if (const Value* map = reader.map("export")) {
    ValueReader exports(*map, "spec.export", mistakes);
    read_format(exports, spec.export_format);
  }
  return spec;
}

ScanRun run_from(const Value& value, std::vector<Mistake>& mistakes) {
  ScanRun run;
  ValueReader reader(value, "status.run", mistakes);
  reader.read("id", run.id);
  reader.read("report", run.report);
  reader.read("trigger", run.trigger);
  reader.read("generation", run.generation);
  reader.read("rescan", run.rescan);
  reader.read("profileHash", run.profile_hash);
  reader.read("scheduled", run.scheduled);
  reader.read("started", run.started);
  return run;
}

base::Result<ScanStatus> status_from(const Value& value) {
  ScanStatus status;
  std::vector<Mistake> mistakes;
  ValueReader reader(value, "status", mistakes);
  reader.read("observedGeneration", status.observed_generation);
  std::string phase;
  reader.read("phase", phase);
  const auto known = std::ranges::find(kPhases, phase, &std::pair<ScanPhase, std::string_view>::second);
  if (known == kPhases.end()) {
    reader.mistake("phase", fmt::format("\"{}\" is no phase.", phase.substr(0, 64)));
  } else {
    status.phase = known->first;
  }
  reader.read("progress", status.progress);
  if (const Value* counts = reader.map("summary")) {
    StatusCounts read;
    take(status_counts_from(*counts, "status.summary"), read, mistakes);
    status.summary = std::move(read);
  }
  reader.read("score", status.score);
  reader.read("lastReport", status.last_report);
  reader.read("lastRun", status.last_run);
  reader.read("nextRun", status.next_run);
  if (const Value* run = reader.map("run")) status.run = run_from(*run, mistakes);
  reader.read("handledGeneration", status.handled_generation);
  reader.read("handledRescan", status.handled_rescan);
  reader.read("lastScheduled", status.last_scheduled);
  reader.read("profileHash", status.profile_hash);
  if (const Value* map = reader.map("export")) {
    ValueReader exports(*map, "status.export", mistakes);
    status.exported.emplace();
    read_format(exports, status.exported->format);
    exports.read("report", status.exported->report);
  }
  take(conditions_from(value["conditions"], "status.conditions"), status.conditions, mistakes);
  if (!mistakes.empty()) return std::unexpected(to_error(mistakes));
  return status;
}

void set_map(Value& map, std::string_view key, Value inner) {
  if (!inner.members().empty()) map.set(key, std::move(inner));
}

Value to_value(const ScanRun& run) {
  Value map = Value::map();
  map.set("id", run.id);
  map.set("report", run.report);
  map.set("trigger", run.trigger);
  map.set("generation", run.generation);
  set_text(map, "rescan", run.rescan);
  set_text(map, "profileHash", run.profile_hash);
  set_time(map, "scheduled", run.scheduled);
  set_time(map, "started", run.started);
  return map;
}

Value to_value(const ScanSpec& spec) {
  Value map = Value::map();
  map.set("profileRef", Value::map()).set("name", spec.profile);
  set_text(map, "schedule", spec.schedule);
  set_text(map, "timeZone", spec.time_zone);
  map.set("suspend", spec.suspend);
  Value nodes = Value::map();
  set_map(nodes, "selector", to_value(spec.node_selector));
  if (!spec.tolerations.empty()) nodes.set("tolerations", to_value(spec.tolerations));
  set_map(map, "nodes", std::move(nodes));
  Value namespaces = Value::map();
  set_texts(namespaces, "include", spec.include_namespaces);
  set_texts(namespaces, "exclude", spec.exclude_namespaces);
  set_map(map, "namespaces", std::move(namespaces));
  map.set("parallelism", spec.parallelism);
  map.set("timeout", base::format_go_duration(spec.timeout));
  map.set("history", spec.history);
  Value runner = Value::map();
  if (!spec.runner.resources.is_null()) runner.set("resources", spec.runner.resources);
  set_text(runner, "priorityClassName", spec.runner.priority_class_name);
  set_map(map, "runner", std::move(runner));
  if (spec.export_format != ExportFormat::kNone)
    map.set("export", Value::map()).set("format", to_string(spec.export_format));
  return map;
}

}  // namespace

std::string_view to_string(ScanPhase phase) {
  return std::ranges::find(kPhases, phase, &std::pair<ScanPhase, std::string_view>::first)->second;
}

std::string_view to_string(ExportFormat format) {
  return std::ranges::find(kFormats, format, &std::pair<ExportFormat, std::string_view>::first)->second;
}

base::Result<BaselineScan> scan_from_value(const Value& object) {
  auto metadata = object_meta_from(object["metadata"]);
  if (!metadata) return std::unexpected(std::move(metadata.error()));
  BaselineScan scan{std::move(*metadata), {}, {}, former_fields(object)};
  std::vector<Mistake> mistakes;
  scan.spec = spec_from(object["spec"], mistakes);
  if (!mistakes.empty()) return std::unexpected(to_error(mistakes));
  if (auto status = status_from(object["status"])) scan.status = std::move(*status);
  return scan;
}

Value to_value(const ScanStatus& status) {
  Value map = Value::map();
  map.set("observedGeneration", status.observed_generation);
  set_text(map, "phase", std::string(to_string(status.phase)));
  set_text(map, "progress", status.progress);
  if (status.summary) map.set("summary", to_value(*status.summary));
  set_text(map, "score", status.score);
  set_text(map, "lastReport", status.last_report);
  set_time(map, "lastRun", status.last_run);
  set_time(map, "nextRun", status.next_run);
  if (status.run) map.set("run", to_value(*status.run));
  map.set("handledGeneration", status.handled_generation);
  set_text(map, "handledRescan", status.handled_rescan);
  set_time(map, "lastScheduled", status.last_scheduled);
  set_text(map, "profileHash", status.profile_hash);
  if (status.exported) {
    Value& exported = map.set("export", Value::map());
    exported.set("format", to_string(status.exported->format));
    set_text(exported, "report", status.exported->report);
  }
  map.set("conditions", to_value(status.conditions));
  return map;
}

Value to_value(const BaselineScan& scan) {
  Value object = Value::map();
  object.set("apiVersion", kApiVersion);
  object.set("kind", "BaselineScan");
  object.set("metadata", to_value(scan.metadata));
  object.set("spec", to_value(scan.spec));
  if (scan.status != ScanStatus{}) object.set("status", to_value(scan.status));
  return object;
}

}  // namespace baseline::crds
