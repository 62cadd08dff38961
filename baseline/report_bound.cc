// What is left out of a report that would be too large, and in which order.
#include <algorithm>
#include <array>

#include "base/json.h"
#include "baseline/report_builder.h"
#include "baseline/report_parts.h"
#include "baseline/report_value.h"
#include "baseline/text.h"

namespace baseline {
namespace {

constexpr std::size_t kExemptionsShown = 50;
constexpr std::size_t kKeysShown = 200;
constexpr std::size_t kMissingShown = 20;
constexpr std::size_t kShortText = 200;

std::size_t size_of(const NodeGroup& group) {
  return stored_size(to_value(group)) + 1;
}

std::size_t size_of_groups(const Report& report) {
  std::size_t bytes = 0;
  for (const NodeGroup& group : report.node_groups) bytes += size_of(group);
  return bytes;
}

// What a fold can do without: the name tells an outcome, and etcd_members whether etcd runs there.
void shorten_groups(Report& report) {
  for (NodeGroup& group : report.node_groups) {
    group.components.clear();
    group.outcome.clear();
  }
}

void cut_names(Report& report, std::size_t keep) {
  for (NodeGroup& group : report.node_groups) {
    if (group.nodes.size() <= keep) continue;
    if (group.nodes_total == 0) group.nodes_total = static_cast<int>(group.nodes.size());
    group.nodes.resize(keep);
  }
}

void drop_groups(Report& report, std::size_t max_bytes) {
  std::size_t bytes = 0;
  std::size_t keep = 0;
  for (; keep < report.node_groups.size(); ++keep) {
    bytes += size_of(report.node_groups[keep]);
    if (bytes > max_bytes) break;
  }
  if (keep == report.node_groups.size()) return;
  if (report.node_groups_total == 0) report.node_groups_total = static_cast<int>(report.node_groups.size());
  report.node_groups.resize(keep);
}

// With very many nodes or outcomes the groups alone would leave no room for what was found.
void bound_groups(Report& report, std::size_t max_bytes) {
  const std::size_t room = max_bytes / 2;
  if (size_of_groups(report) <= room) return;
  shorten_groups(report);
  for (const std::size_t keep : {5000U, 1000U, 200U, 50U, 10U, 1U}) {
    if (size_of_groups(report) <= room) return;
    cut_names(report, keep);
  }
  if (size_of_groups(report) > max_bytes / 3 * 2) drop_groups(report, room);
}

// The greatest number of findings a requirement that fits, when the rest takes `size - all findings`.
std::size_t fitting_findings(const Report& report, std::size_t size, std::size_t max_bytes) {
  std::vector<std::size_t> bytes_at;  // bytes of all findings that are the n-th of their requirement
  for (const RequirementResult& result : report.results) {
    if (bytes_at.size() < result.findings.size()) bytes_at.resize(result.findings.size());
    for (std::size_t i = 0; i < result.findings.size(); ++i) {
      bytes_at[i] += stored_size(to_value(result.findings[i])) + 1;
    }
  }
  std::size_t keep = bytes_at.size();
  while (keep > 0 && size > max_bytes) size -= bytes_at[--keep];
  return keep;
}

void drop_remediation(Report& report) {
  for (RequirementResult& result : report.results) result.remediation.clear();
}

void drop_missing(Report& report) {
  auto& missing = report.coverage.missing;
  if (missing.size() > kMissingShown) missing.resize(kMissingShown);
  for (MissingReason& reason : report.coverage.reasons) {
    if (reason.names.size() > 3) reason.names.resize(3);
  }
}

void drop_exemptions(Report& report) {
  if (report.exemptions.size() > kExemptionsShown) report.exemptions.resize(kExemptionsShown);
  for (ExemptionNote& note : report.exemptions) {
    note.reason = cut_text(std::move(note.reason), kShortText);
    note.owner = cut_text(std::move(note.owner), kShortText);
  }
}

void drop_keys(Report& report) {
  for (RequirementResult& result : report.results) {
    while (result.seen.size() > kKeysShown) result.seen.erase(std::prev(result.seen.end()));
  }
}

void shorten_texts(Report& report) {
  for (RequirementResult& result : report.results) {
    result.message = cut_text(std::move(result.message), kShortText);
    result.title = cut_text(std::move(result.title), kShortText);
  }
}

void drop_titles(Report& report) {
  for (RequirementResult& result : report.results) {
    result.title.clear();
    result.message = cut_text(std::move(result.message), kShortText / 4);
  }
}

}  // namespace

std::size_t stored_size(const base::Value& value) {
  const std::string json = base::write_json(value);
  const auto escaped = std::ranges::count_if(json, [](char c) { return c == '<' || c == '>' || c == '&'; });
  return json.size() + 5 * static_cast<std::size_t>(escaped);
}

bool bound(Report& report, std::size_t max_bytes, const std::string& checkpoint) {
  const auto size = [&] { return stored_size(unbounded(report, checkpoint)); };
  if (size() <= max_bytes) return true;
  report.truncated = true;
  bound_groups(report, max_bytes);
  const std::size_t keep = fitting_findings(report, size(), max_bytes);
  for (RequirementResult& result : report.results) {
    if (result.findings.size() > keep) result.findings.resize(keep);
  }
  if (size() <= max_bytes) return true;
  constexpr std::array kSteps{drop_remediation, drop_missing,  drop_exemptions,
                              drop_keys,        shorten_texts, drop_titles};
  for (const auto step : kSteps) {
    step(report);
    if (size() <= max_bytes) return true;
  }
  drop_groups(report, max_bytes / 10);
  return size() <= max_bytes;
}

bool bound(Report& report, std::size_t max_bytes) {
  return bound(report, max_bytes, "");
}

}  // namespace baseline
