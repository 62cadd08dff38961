#include "baseline/report_builder.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "baseline/phrase.h"
#include "baseline/report_merge.h"
#include "baseline/report_order.h"
#include "baseline/text.h"

namespace baseline {
namespace {

constexpr std::size_t kMaxReasonBytes = 256;
constexpr std::size_t kOutcomeDigits = 16;  // of a group's name while the report is in progress

// Groups are told apart by their name, so that the order in which nodes come does not matter; finish() gives
// them numbers.
std::string group_name(const NodeOutcome& outcome) {
  return "group-" + outcome.hash.substr(0, kOutcomeDigits);
}

RequirementResult start(const SelectedRequirement& selected, Language language) {
  RequirementResult result;
  const Requirement& requirement = *selected.requirement;
  result.id = requirement.id;
  result.title = requirement.title.in(language);
  result.section = requirement.section;
  result.level = selected.level;
  result.scope = requirement.scope;
  return result;
}

}  // namespace

ReportBuilder::ReportBuilder(std::shared_ptr<const ResolvedProfile> profile, Report header)
    : profile_(std::move(profile)), report_(std::move(header)) {
  report_.standard = profile_->standard->id;
  report_.profile = profile_->name;
  report_.profile_hash = profile_->hash;
  report_.language = profile_->language;
  report_.finished.reset();
  report_.node_groups.clear();
  report_.results.clear();
  for (const SelectedRequirement& selected : profile_->requirements) {
    index_[selected.requirement->id] = report_.results.size();
    report_.results.push_back(start(selected, profile_->language));
  }
  report_.summary = summarize(report_.results);
}

base::Result<ReportBuilder> ReportBuilder::resume(std::shared_ptr<const ResolvedProfile> profile,
                                                  Report checkpoint) {
  if (checkpoint.finished) {
    return base::fail(base::ErrorCode::kConflict, "The report is finished; a new one must be begun.",
                      "report of scan " + checkpoint.scan);
  }
  if (checkpoint.profile_hash != profile->hash) {
    return base::fail(
        base::ErrorCode::kConflict,
        "The report in progress was begun with another state of the profile; a new one must be begun.",
        "report of scan " + checkpoint.scan);
  }
  Report header = checkpoint;
  ReportBuilder builder(std::move(profile), std::move(header));
  if (!std::ranges::equal(builder.report_.results, checkpoint.results, {}, &RequirementResult::id,
                          &RequirementResult::id)) {
    return base::fail(
        base::ErrorCode::kCorrupt,
        "The report in progress has other requirements than its profile; a new one must be begun.",
        "report of scan " + checkpoint.scan);
  }
  builder.report_ = std::move(checkpoint);
  int reported = 0;
  for (const NodeGroup& group : builder.report_.node_groups) {
    if (group.nodes.empty()) {
      return base::fail(base::ErrorCode::kCorrupt,
                        "The report in progress has a group without nodes; a new one must be begun.",
                        "report of scan " + builder.report_.scan);
    }
    builder.nodes_.insert(group.nodes.begin(), group.nodes.end());
    reported += static_cast<int>(group.nodes.size());
  }
  builder.report_.coverage.nodes_reported = reported;
  if (std::string& kind = builder.report_.reading; !kind.empty()) {
    ++builder.report_.ends[kind];
    kind.clear();
  }
  return builder;
}

int ReportBuilder::ends(const std::string& kind) const {
  const auto found = report_.ends.find(kind);
  return found == report_.ends.end() ? 0 : found->second;
}

bool ReportBuilder::has_node(const std::string& node) const {
  return nodes_.contains(node);
}

void ReportBuilder::fold(const std::string& node, const NodeOutcome& outcome) {
  if (!nodes_.insert(node).second) return;
  auto& awaited = report_.coverage.missing;
  const auto known = std::ranges::lower_bound(awaited, node, {}, &MissingNode::node);
  if (known != awaited.end() && known->node == node) awaited.erase(known);
  ++report_.coverage.nodes_reported;
  for (const ObjectResult& incoming : outcome.objects) merge_object(incoming);
  for (const Lookalike& one : outcome.lookalikes) add_lookalike(report_.coverage.lookalikes, one);
  report_.coverage.lookalikes_total += outcome.lookalikes_total;
  for (const NodeResult& incoming : outcome.results) {
    for (const NodeFinding& finding : incoming.findings) note_used(finding.waived_by);
  }

  const std::string name = group_name(outcome);
  auto group = std::ranges::lower_bound(report_.node_groups, name, {}, &NodeGroup::name);
  if (group != report_.node_groups.end() && group->name == name) {
    group->nodes.insert(std::ranges::lower_bound(group->nodes, node), node);
    return;
  }
  report_.node_groups.insert(
      group, {name, {node}, outcome.components, outcome.etcd_members, outcome.signals, outcome.hash});

  std::set<std::string_view> judged;
  for (const NodeResult& incoming : outcome.results) {
    const auto at = index_.find(incoming.id);
    if (at == index_.end() || !judged.insert(at->first).second) continue;
    merge(report_.results[at->second], incoming, name);
  }
  for (const SelectedRequirement& selected : profile_->requirements) {
    const Requirement& requirement = *selected.requirement;
    if (requirement.scope != Scope::kNode || judged.contains(requirement.id)) continue;
    // A verdict that is not there must not look like one of the others.
    NodeResult lacking{requirement.id, Status::kError, {"report.no-verdict", {}}, {}, {}};
    merge(report_.results[index_.at(requirement.id)], lacking, name);
  }
  report_.summary = summarize(report_.results);
}

void ReportBuilder::merge(RequirementResult& result, const NodeResult& incoming, const std::string& group) {
  add_findings(result, incoming, group);
  const bool absent = incoming.status == Status::kNotApplicable && !incoming.absent_component.empty();
  std::string message = field(incoming.message, report_.language);
  if (incoming.status != result.status && worse(incoming.status, result.status) == incoming.status) {
    result.status = incoming.status;
    result.message = std::move(message);
    result.absent_component = absent ? incoming.absent_component : std::string();
    return;
  }
  if (incoming.status != result.status) return;
  // Of two NotApplicable the one that saw the component tells more than the one that did not.
  const bool was_absent = !result.absent_component.empty();
  if (was_absent && !absent) {
    result.message = std::move(message);
    result.absent_component.clear();
  } else if (was_absent == absent) {
    prefer(result.message, std::move(message));
    if (absent) prefer(result.absent_component, incoming.absent_component);
  }
}

void ReportBuilder::add_findings(RequirementResult& result, const NodeResult& incoming,
                                 const std::string& group) {
  const int had = finding_class(result.status);
  const int has = finding_class(incoming.status);
  if (has < had) return;
  if (has > had) {
    result.findings.clear();
    result.findings_total = 0;
  }
  std::vector<Finding> added;
  for (const NodeFinding& f : incoming.findings) {
    if (!is_shown(f.status, incoming.status)) continue;
    added.push_back({field(f.subject, report_.language), field(f.expected, report_.language),
                     field(f.actual, report_.language), group, "", cut_text(f.waived_by, kMaxFieldBytes),
                     f.status, 0});
  }
  if (added.empty() && has == 3) {
    // The reader must see which nodes it is about.
    const SelectedRequirement* selected = profile_->find(result.id);
    added.push_back({selected ? selected->requirement->object : result.id, "",
                     field(incoming.message, report_.language), group, "", "", incoming.status, 0});
  }
  result.findings_total += static_cast<int>(added.size()) + incoming.more;
  for (Finding& finding : added) {
    const auto at = std::ranges::lower_bound(result.findings, finding, comes_before);
    result.findings.insert(at, std::move(finding));
  }
  if (result.findings.size() > kMaxFindingsPerRequirement) result.findings.resize(kMaxFindingsPerRequirement);
}

void ReportBuilder::missing(const std::string& node, std::string reason) {
  if (nodes_.contains(node)) return;
  auto& missing = report_.coverage.missing;
  const auto at = std::ranges::lower_bound(missing, node, {}, &MissingNode::node);
  if (at != missing.end() && at->node == node) {
    at->reason = cut_text(std::move(reason), kMaxReasonBytes);
  } else {
    missing.insert(at, {node, cut_text(std::move(reason), kMaxReasonBytes)});
  }
}

}  // namespace baseline
