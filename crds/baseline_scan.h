#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "base/value.h"
#include "crds/condition.h"
#include "crds/node_selection.h"
#include "crds/object_meta.h"
#include "crds/summary.h"

namespace baseline::crds {

// A new value of this annotation asks for a scan out of turn.
inline constexpr std::string_view kRescanAnnotation = "baseline.kxy.io/rescan";
// On reports, Jobs and pods: the scan they belong to.
inline constexpr std::string_view kScanLabel = "baseline.kxy.io/scan";

struct RunnerSpec {
  base::Value resources;            // as in runner_resources.h; null: the operator's own choice
  std::string priority_class_name;  // empty: the operator's own choice
  bool operator==(const RunnerSpec&) const = default;
};

// What namespaced teams are given after a run; see controllers/scan_export.h.
enum class ExportFormat { kNone, kPolicyReport, kOpenReports };
std::string_view to_string(ExportFormat format);  // "" for kNone

struct ScanSpec {
  std::string profile;              // spec.profileRef.name
  std::string schedule, time_zone;  // cron; empty: once for each generation or rescan annotation
  bool suspend = false;
  LabelSelector node_selector;          // spec.nodes.selector; empty: every node
  std::vector<Toleration> tolerations;  // spec.nodes.tolerations; empty: every taint
  std::vector<std::string> include_namespaces, exclude_namespaces;
  std::int64_t parallelism = 10;      // nodes at once, >= 1
  std::chrono::seconds timeout{300};  // per node
  std::int64_t history = 5;           // reports kept, >= 1
  RunnerSpec runner;
  ExportFormat export_format = ExportFormat::kNone;  // spec.export.format
  bool operator==(const ScanSpec&) const = default;
};

enum class ScanPhase { kNone, kPending, kCollecting, kEvaluating, kCompleted, kFailed };
std::string_view to_string(ScanPhase phase);  // "" for kNone

// The run in progress: enough to take it up again after a restart.
struct ScanRun {
  std::string id;       // unique within the scan; names its Jobs
  std::string report;   // name of the report in progress, the checkpoint
  std::string trigger;  // "Generation", "Rescan" or "Schedule"
  std::int64_t generation = 0;
  std::string rescan;  // value of the annotation that this run answers
  std::string profile_hash;
  std::optional<base::Time> scheduled;  // the moment of the schedule that this run answers
  std::optional<base::Time> started;
  bool operator==(const ScanRun&) const = default;
};

// The objects in namespaces that this scan may have written.
struct ScanExport {
  ExportFormat format = ExportFormat::kNone;
  std::string report;  // whose findings they all hold; empty: not all of them are written
  bool operator==(const ScanExport&) const = default;
};

struct ScanStatus {
  std::int64_t observed_generation = 0;
  ScanPhase phase = ScanPhase::kNone;
  std::string progress;  // "37/40" nodes
  std::optional<StatusCounts> summary;
  std::string score;        // "87.5"; of the last report
  std::string last_report;  // name
  std::optional<base::Time> last_run, next_run;
  std::optional<ScanRun> run;                // nothing while none is in progress
  std::int64_t handled_generation = 0;       // generation of the last finished run
  std::string handled_rescan;                // annotation value of the last finished or refused run
  std::optional<base::Time> last_scheduled;  // moment of the schedule last answered or missed
  std::string profile_hash;                  // of the last report
  std::optional<ScanExport> exported;        // nothing: there are none
  std::vector<Condition> conditions;
  bool operator==(const ScanStatus&) const = default;
};

struct BaselineScan {
  ObjectMeta metadata;
  ScanSpec spec;
  ScanStatus status;
  std::vector<std::string> former_fields;  // as in former_fields.h; never written
  bool operator==(const BaselineScan&) const = default;
};

// Unknown fields are passed over, absent ones get the defaults above; a field of the wrong kind or out of
// bounds is ErrorCode::kInvalid, named by its path. A broken status reads as none.
base::Result<BaselineScan> scan_from_value(const base::Value& object);
base::Value to_value(const ScanStatus& status);
// The whole object, with apiVersion and kind.
base::Value to_value(const BaselineScan& scan);

}  // namespace baseline::crds
