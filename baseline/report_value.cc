#include "baseline/report_value.h"

#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "base/time.h"
#include "baseline/report_builder.h"
#include "baseline/report_parts.h"
#include "baseline/value_writer.h"

namespace baseline {
namespace {

using base::Value;

constexpr std::size_t kMaxKeysKept = 2'000;  // of one requirement

// `all_elsewhere`: the checkpoint has every missing node, so that the list need not.
Value to_value(const Coverage& coverage, bool all_elsewhere) {
  Value map = Value::map();
  map.set("nodes", fmt::format("{}/{}", coverage.nodes_reported, coverage.nodes_expected));
  map.set("nodesExpected", coverage.nodes_expected);
  map.set("nodesReported", coverage.nodes_reported);
  if (!coverage.missing.empty()) {
    Value& missing = map.set("missing", Value::list());
    std::size_t room = all_elsewhere ? kMaxMissingNamed : coverage.missing.size();
    for (const MissingNode& node : coverage.missing) {
      if (room-- == 0) break;
      Value one = Value::map();
      one.set("node", node.node);
      one.set("reason", node.reason);
      missing.push_back(std::move(one));
    }
  }
  if (!coverage.reasons.empty()) {
    Value& reasons = map.set("missingReasons", Value::list());
    for (const MissingReason& reason : coverage.reasons) {
      Value one = Value::map();
      one.set("reason", reason.reason);
      one.set("nodes", reason.nodes);
      one.set("names", to_list(reason.names));
      reasons.push_back(std::move(one));
    }
  }
  if (!coverage.objects.empty()) {
    Value& objects = map.set("objects", Value::map());
    for (const auto& [kind, count] : coverage.objects) objects.set(kind, count);
  }
  if (!coverage.lookalikes.empty()) {
    Value& lookalikes = map.set("lookalikes", Value::list());
    for (const Lookalike& one : coverage.lookalikes) {
      Value item = Value::map();
      item.set("component", one.component);
      item.set("object", one.object);
      item.set("processes", one.processes);
      item.set("nodes", one.nodes);
      lookalikes.push_back(std::move(item));
    }
    map.set("lookalikesTotal", coverage.lookalikes_total);
  }
  return map;
}

Value to_value(const Summary& summary) {
  Value map = to_value(summary.by_status);
  map.set("score", score_text(summary.score));
  Value& levels = map.set("byLevel", Value::map());
  for (const Level level : {Level::kMandatory, Level::kRecommended}) {
    const auto it = summary.by_level.find(level);
    levels.set(to_string(level),
               to_value(it == summary.by_level.end() ? std::map<Status, int>{} : it->second));
  }
  return map;
}

Value to_value(const Changes& changes) {
  Value map = Value::map();
  set_text(map, "previous", changes.previous);
  map.set("newlyFailing", to_list(changes.newly_failing));
  map.set("fixed", to_list(changes.fixed));
  return map;
}

Value to_value(const ExemptionNote& note) {
  Value map = Value::map();
  map.set("state", to_string(note.state));
  map.set("reason", note.reason);
  set_text(map, "owner", note.owner);
  set_time(map, "expires", note.expires);
  return map;
}

// Twelve hexadecimal digits each. Of very many the first: what is left out of a checkpoint is counted anew
// when it is found again after a restart, which the total then says too high.
std::string keys_text(const std::set<std::uint64_t>& keys) {
  std::string text;
  std::size_t left = kMaxKeysKept;
  for (const std::uint64_t key : keys) {
    if (left-- == 0) break;
    text += fmt::format("{:012x}", key);
  }
  return text;
}

Value to_value(const RequirementResult& result) {
  Value map = Value::map();
  map.set("id", result.id);
  map.set("title", result.title);
  map.set("section", result.section);
  map.set("level", to_string(result.level));
  map.set("scope", to_string(result.scope));
  map.set("status", to_string(result.status));
  set_text(map, "message", result.message);
  set_text(map, "remediation", result.remediation);
  if (!result.findings.empty()) {
    Value& findings = map.set("findings", Value::list());
    for (const Finding& finding : result.findings) findings.push_back(to_value(finding));
  }
  map.set("findingsTotal", result.findings_total);
  set_time(map, "since", result.since);
  set_text(map, "absentComponent", result.absent_component);
  set_text(map, "seen", keys_text(result.seen));
  return map;
}

}  // namespace

Value to_value(const NodeGroup& group) {
  Value map = Value::map();
  map.set("name", group.name);
  map.set("nodes", to_list(group.nodes));
  if (group.nodes_total != 0) map.set("nodesTotal", group.nodes_total);
  set_texts(map, "components", group.components);
  if (group.etcd_members != 0) map.set("etcdMembers", group.etcd_members);
  set_texts(map, "signals", group.signals);
  set_text(map, "outcome", group.outcome);
  return base::printable_document(std::move(map));
}

Value to_value(const Finding& finding) {
  Value map = Value::map();
  map.set("status", to_string(finding.status));
  map.set("subject", finding.subject);
  set_text(map, "expected", finding.expected);
  set_text(map, "actual", finding.actual);
  set_text(map, "nodeGroup", finding.node_group);
  set_text(map, "object", finding.object);
  set_text(map, "waivedBy", finding.waived_by);
  if (finding.pods != 0) map.set("pods", finding.pods);
  return base::printable_document(std::move(map));
}

Value unbounded(const Report& report, const std::string& checkpoint) {
  Value map = Value::map();
  map.set("scan", report.scan);
  map.set("standard", report.standard);
  Value& profile = map.set("profile", Value::map());
  profile.set("name", report.profile);
  profile.set("hash", report.profile_hash);
  map.set("language", report.language == Language::kChinese ? "zh" : "en");
  Value& cluster = map.set("cluster", Value::map());
  set_text(cluster, "uid", report.cluster_uid);
  set_text(cluster, "version", report.cluster_version);
  set_time(map, "started", report.started);
  set_time(map, "finished", report.finished);
  map.set("coverage", to_value(report.coverage, !checkpoint.empty()));
  map.set("summary", to_value(report.summary));
  map.set("changes", to_value(report.changes));
  Value& groups = map.set("nodeGroups", Value::list());
  for (const NodeGroup& group : report.node_groups) groups.push_back(to_value(group));
  if (report.node_groups_total != 0) map.set("nodeGroupsTotal", report.node_groups_total);
  Value& results = map.set("results", Value::list());
  for (const RequirementResult& result : report.results) results.push_back(to_value(result));
  if (!report.exemptions.empty()) {
    Value& exemptions = map.set("exemptions", Value::list());
    for (const ExemptionNote& note : report.exemptions) exemptions.push_back(to_value(note));
  }
  map.set("truncated", report.truncated);
  set_text(map, "checkpoint", checkpoint);
  // Titles and remediations have lines; what they quote is escaped already (see render).
  return base::printable_document(std::move(map), base::Breaks::kKept);
}

Value to_value(const Report& report, std::size_t max_bytes) {
  const std::string checkpoint = checkpoint_of(report);
  Value value = unbounded(report, checkpoint);
  if (stored_size(value) <= max_bytes) return value;
  Report bounded = report;
  bound(bounded, max_bytes, checkpoint);
  return unbounded(bounded, checkpoint);
}

Value to_value(const Report& report) {
  return to_value(report, kMaxReportBytes);
}

}  // namespace baseline
