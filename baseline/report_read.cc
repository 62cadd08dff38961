#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "baseline/report_parts.h"
#include "baseline/report_value.h"
#include "baseline/value_reader.h"

namespace baseline {
namespace {

using base::Value;
using Mistakes = std::vector<Mistake>;

// In the order of the API.
constexpr std::array<std::pair<Status, std::string_view>, 7> kCountKeys{
    {{Status::kPass, "pass"},
     {Status::kFail, "fail"},
     {Status::kManual, "manual"},
     {Status::kError, "error"},
     {Status::kWaived, "waived"},
     {Status::kNotApplicable, "notApplicable"},
     {Status::kNotChecked, "notChecked"}}};

std::map<Status, int> read_counts(ValueReader& reader) {
  std::map<Status, int> counts;
  for (const auto& [status, key] : kCountKeys) {
    int count = 0;
    if (reader.read(key, count) && count != 0) counts[status] = count;
  }
  return counts;
}

template <typename T, typename From>
void read_name(ValueReader& reader, std::string_view key, T& out, From from) {
  std::string name;
  if (!reader.read(key, name)) return;
  if (const auto known = from(name)) {
    out = *known;
  } else {
    reader.mistake(key, fmt::format("\"{}\" is not known here.", name.substr(0, 64)));
  }
}

std::optional<Scope> scope_from(std::string_view name) {
  if (name == to_string(Scope::kNode)) return Scope::kNode;
  if (name == to_string(Scope::kCluster)) return Scope::kCluster;
  return std::nullopt;
}

template <typename T, typename ReadItem>
void read_items(ValueReader& reader, std::string_view key, std::vector<T>& out, Mistakes& mistakes,
                ReadItem read_item) {
  const Value* list = reader.list(key);
  if (!list) return;
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    ValueReader item(list->items()[i], item_path(reader.path(key), i), mistakes);
    out.push_back(read_item(item));
  }
}

// Calls `read` with a reader of the map below `key`, when there is one.
template <typename Read>
void read_map(ValueReader& reader, std::string_view key, Mistakes& mistakes, Read read) {
  if (const Value* map = reader.map(key)) {
    ValueReader inner(*map, reader.path(key), mistakes);
    read(inner);
  }
}

MissingNode read_missing(ValueReader& reader) {
  MissingNode missing;
  reader.read("node", missing.node);
  reader.read("reason", missing.reason);
  return missing;
}

Lookalike read_lookalike(ValueReader& reader) {
  Lookalike one;
  reader.read("component", one.component);
  reader.read("object", one.object);
  reader.read("processes", one.processes);
  reader.read("nodes", one.nodes);
  return one;
}

MissingReason read_reason(ValueReader& reader) {
  MissingReason reason;
  reader.read("reason", reason.reason);
  reader.read("nodes", reason.nodes);
  reader.read("names", reason.names);
  return reason;
}

void read_summary(ValueReader& reader, Summary& summary, Mistakes& mistakes) {
  summary.by_status = read_counts(reader);
  std::string score;
  if (reader.read("score", score)) summary.score = score_from(score);
  read_map(reader, "byLevel", mistakes, [&](ValueReader& levels) {
    for (const Level level : {Level::kMandatory, Level::kRecommended}) {
      read_map(levels, to_string(level), mistakes, [&](ValueReader& counts) {
        auto read = read_counts(counts);
        if (!read.empty()) summary.by_level[level] = std::move(read);
      });
    }
  });
}

NodeGroup read_group(ValueReader& reader) {
  NodeGroup group;
  reader.read("name", group.name);
  reader.read("nodes", group.nodes);
  reader.read("nodesTotal", group.nodes_total);
  reader.read("components", group.components);
  reader.read("etcdMembers", group.etcd_members);
  reader.read("signals", group.signals);
  reader.read("outcome", group.outcome);
  return group;
}

Finding read_finding(ValueReader& reader) {
  Finding finding;
  read_name(reader, "status", finding.status, status_from);
  reader.read("subject", finding.subject);
  reader.read("expected", finding.expected);
  reader.read("actual", finding.actual);
  reader.read("nodeGroup", finding.node_group);
  reader.read("object", finding.object);
  reader.read("waivedBy", finding.waived_by);
  reader.read("pods", finding.pods);
  return finding;
}

ExemptionNote read_exemption(ValueReader& reader) {
  ExemptionNote note;
  read_name(reader, "state", note.state, exemption_state_from);
  reader.read("reason", note.reason);
  reader.read("owner", note.owner);
  reader.read("expires", note.expires);
  return note;
}

void read_keys(ValueReader& reader, std::string_view key, std::set<std::uint64_t>& out) {
  constexpr std::size_t kDigits = 12;
  std::string text;
  if (!reader.read(key, text)) return;
  for (std::size_t at = 0; at + kDigits <= text.size(); at += kDigits) {
    std::uint64_t one = 0;
    const char* begin = text.data() + at;
    if (std::from_chars(begin, begin + kDigits, one, 16).ptr != begin + kDigits) {
      reader.mistake(key, "must be groups of twelve hexadecimal digits.");
      return;
    }
    out.insert(one);
  }
}

RequirementResult read_result(ValueReader& reader, Mistakes& mistakes) {
  RequirementResult result;
  reader.read("id", result.id);
  reader.read("title", result.title);
  reader.read("section", result.section);
  read_name(reader, "level", result.level, level_from);
  read_name(reader, "scope", result.scope, scope_from);
  read_name(reader, "status", result.status, status_from);
  reader.read("message", result.message);
  reader.read("remediation", result.remediation);
  read_items(reader, "findings", result.findings, mistakes, read_finding);
  reader.read("findingsTotal", result.findings_total);
  reader.read("since", result.since);
  reader.read("absentComponent", result.absent_component);
  read_keys(reader, "seen", result.seen);
  return result;
}

}  // namespace

base::Value to_value(const std::map<Status, int>& counts) {
  Value map = Value::map();
  for (const auto& [status, key] : kCountKeys) {
    const auto it = counts.find(status);
    map.set(key, it == counts.end() ? 0 : it->second);
  }
  return map;
}

base::Result<std::map<Status, int>> status_counts_from(const base::Value& value, const std::string& path) {
  Mistakes mistakes;
  ValueReader reader(value, path, mistakes);
  auto counts = read_counts(reader);
  if (!mistakes.empty()) return std::unexpected(to_error(mistakes));
  return counts;
}

std::string score_text(double score) {
  return fmt::format("{:.1f}", score);
}

double score_from(const std::string& text) {
  double score = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), score);
  return error == std::errc{} && end == text.data() + text.size() ? score : 0;
}

base::Result<Report> report_from(const base::Value& document) {
  Report report;
  Mistakes mistakes;
  ValueReader reader(document, "", mistakes);
  reader.read("scan", report.scan);
  reader.read("standard", report.standard);
  read_map(reader, "profile", mistakes, [&](ValueReader& profile) {
    profile.read("name", report.profile);
    profile.read("hash", report.profile_hash);
  });
  std::string language;
  if (reader.read("language", language)) {
    report.language = language == "zh" ? Language::kChinese : Language::kEnglish;
  }
  read_map(reader, "cluster", mistakes, [&](ValueReader& cluster) {
    cluster.read("uid", report.cluster_uid);
    cluster.read("version", report.cluster_version);
  });
  reader.read("started", report.started);
  reader.read("finished", report.finished);
  read_map(reader, "coverage", mistakes, [&](ValueReader& coverage) {
    coverage.read("nodesExpected", report.coverage.nodes_expected);
    coverage.read("nodesReported", report.coverage.nodes_reported);
    read_items(coverage, "missing", report.coverage.missing, mistakes, read_missing);
    read_items(coverage, "missingReasons", report.coverage.reasons, mistakes, read_reason);
    coverage.read("objects", report.coverage.objects);
    read_items(coverage, "lookalikes", report.coverage.lookalikes, mistakes, read_lookalike);
    coverage.read("lookalikesTotal", report.coverage.lookalikes_total);
  });
  read_map(reader, "summary", mistakes,
           [&](ValueReader& summary) { read_summary(summary, report.summary, mistakes); });
  read_map(reader, "changes", mistakes, [&](ValueReader& changes) {
    changes.read("previous", report.changes.previous);
    changes.read("newlyFailing", report.changes.newly_failing);
    changes.read("fixed", report.changes.fixed);
  });
  read_items(reader, "nodeGroups", report.node_groups, mistakes, read_group);
  read_items(reader, "results", report.results, mistakes,
             [&](ValueReader& result) { return read_result(result, mistakes); });
  read_items(reader, "exemptions", report.exemptions, mistakes, read_exemption);
  reader.read("nodeGroupsTotal", report.node_groups_total);
  reader.read("truncated", report.truncated);
  std::string checkpoint;
  if (reader.read("checkpoint", checkpoint) && !report.finished) {
    if (const auto taken = take_checkpoint(checkpoint, report); !taken)
      reader.mistake("checkpoint", taken.error().message);
  }
  if (!mistakes.empty()) return std::unexpected(to_error(mistakes));
  return report;
}

}  // namespace baseline
