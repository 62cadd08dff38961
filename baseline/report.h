#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "baseline/lookalike.h"
#include "baseline/model.h"

// A report as people and machines read it: rendered in one language, the same fields as the BaselineReport
// resource.
namespace baseline {

struct Finding {
  std::string subject, expected, actual;
  std::string node_group;  // NodeGroup::name; empty for a finding about the cluster's objects
  std::string object;      // "namespace/kind/name" for those
  std::string waived_by;
  Status status = Status::kFail;  // what this finding alone would make of the requirement
  int pods = 0;                   // pods it stands for; 0: it is not about pods
  bool operator==(const Finding&) const = default;
};

struct RequirementResult {
  std::string id, title, section;
  Level level = Level::kMandatory;
  Scope scope = Scope::kNode;
  Status status = Status::kNotChecked;
  std::string message;
  std::string remediation;  // empty when Pass
  std::vector<Finding> findings;
  int findings_total = 0;  // true number, also when `findings` was capped
  std::optional<base::Time> since;
  // While the report is in progress: the component that runs on no node folded in so far, when that alone
  // makes the status NotApplicable.
  std::string absent_component;
  // While the report is in progress: keys of all findings about objects, those left out included, so that
  // each counts once whatever node it comes from (ObjectFinding::key).
  std::set<std::uint64_t> seen;
  // While the report is in progress: findings about objects that are not among them (ObjectResult::beyond).
  int beyond = 0;
  bool operator==(const RequirementResult&) const = default;
};

// Nodes with the same outcome.
struct NodeGroup {
  std::string name;                // "group-1" by the first node's name; in progress: after the outcome
  std::vector<std::string> nodes;  // sorted
  std::vector<std::string> components;
  int etcd_members = 0;
  std::vector<std::string> signals;  // NodeOutcome::signals; only while the report is in progress
  std::string outcome;               // NodeOutcome::hash; left out where the report would be too large
  int nodes_total = 0;               // true number where `nodes` was cut to keep the report small; else 0
  bool operator==(const NodeGroup&) const = default;
};

struct MissingNode {
  std::string node, reason;
  bool operator==(const MissingNode&) const = default;
};

// Missing nodes with the same reason.
struct MissingReason {
  std::string reason;
  int nodes = 0;
  std::vector<std::string> names;  // the first few, sorted
  bool operator==(const MissingReason&) const = default;
};

struct Coverage {
  int nodes_expected = 0, nodes_reported = 0;
  int nodes_missing() const {
    return std::max(static_cast<int>(missing.size()), nodes_expected - nodes_reported);
  }
  // Sorted by node. In progress: all of them, those awaited included; finished: the first kMaxMissingNamed.
  std::vector<MissingNode> missing;
  std::map<std::string, int> objects;  // objects read by kind
  // What is only named like a component and runs in a pod: left out of every verdict. See add_lookalike().
  std::vector<Lookalike> lookalikes{};
  std::int64_t lookalikes_total = 0;  // processes, those of workloads that are not listed included
  // Finished: all of them by reason, the most first; beyond kMaxMissingReasons the rest is one.
  std::vector<MissingReason> reasons{};
  bool operator==(const Coverage&) const = default;
};

struct Summary {
  std::map<Status, int> by_status;
  std::map<Level, std::map<Status, int>> by_level;
  double score = 0;  // percent, one decimal: Pass / (Pass + Fail + Error); 0 when none of them. 100 only when
                     // all of them Pass
  int count(Status status) const;
  bool operator==(const Summary&) const = default;
};

struct Changes {
  std::string previous;                           // name of the report compared with; empty: there is none
  std::vector<std::string> newly_failing, fixed;  // requirement ids
  bool operator==(const Changes&) const = default;
};

// What became of one of the profile's exemptions.
struct ExemptionNote {
  std::string reason, owner;
  enum class State { kUsed, kUnused, kExpiring, kExpired } state = State::kUsed;
  std::optional<base::Time> expires;
  bool operator==(const ExemptionNote&) const = default;
};

std::string_view to_string(ExemptionNote::State state);
std::optional<ExemptionNote::State> exemption_state_from(std::string_view name);

struct Report {
  std::string scan;
  std::string standard;
  std::string profile, profile_hash;
  Language language = Language::kEnglish;
  std::string cluster_uid, cluster_version;
  std::optional<base::Time> started, finished;  // finished: set when the report is complete
  Coverage coverage;
  Summary summary;
  Changes changes;
  std::vector<NodeGroup> node_groups;
  int node_groups_total = 0;  // true number where groups were left out to keep the report small; else 0
  std::vector<RequirementResult> results;  // one for each requirement of the profile, in the standard's order
  // Finished: the exemptions that covered nothing, and those within 14 days of their end, before or after. In
  // progress: those used so far.
  std::vector<ExemptionNote> exemptions;
  bool truncated = false;  // findings were left out to keep the object small
  // While the report is in progress, after an unclean end: the kind of object being read, and how many ends
  // each kind has come to.
  std::string reading;
  std::map<std::string, int> ends;
  bool operator==(const Report&) const = default;
};

// Summary of the results as they stand.
Summary summarize(const std::vector<RequirementResult>& results);

// Fills `since` of each result and `changes` against the report of the scan before (null: none).
// newly_failing: Fail or Error now, neither before; fixed: the other way round, but for Waived and
// NotChecked, which mend nothing.
void compare_with_previous(Report& report, const std::string& previous_name, const Report* previous,
                           base::Time now);

}  // namespace baseline
