// What objects of the API and images on nodes add to a report.
#include <algorithm>
#include <utility>

#include "baseline/report_builder.h"
#include "baseline/report_merge.h"
#include "baseline/report_order.h"
#include "baseline/text.h"

namespace baseline {
namespace {

Finding to_finding(const ObjectFinding& found, Language language) {
  return {field(found.subject, language),
          field(found.expected, language),
          field(found.actual, language),
          "",
          found.object,
          cut_text(found.waived_by, kMaxFieldBytes),
          found.status,
          found.pods};
}

}  // namespace

std::string field(const Phrase& phrase, Language language) {
  return phrase.empty() ? std::string() : cut_text(render(phrase, language), kMaxFieldBytes);
}

int finding_class(Status status) {
  switch (status) {
    case Status::kFail:
    case Status::kError:
    case Status::kManual:
    case Status::kWaived:
      return 3;
    case Status::kPass:
      return 2;
    case Status::kNotApplicable:
      return 1;
    case Status::kNotChecked:
      return 0;
  }
  return 0;
}

bool is_shown(Status finding, Status result) {
  return finding_class(finding) == 3 || finding_class(result) < 3 || result == Status::kManual;
}

void prefer(std::string& message, std::string other) {
  if (message.empty() || (!other.empty() && other < message)) message = std::move(other);
}

void ReportBuilder::fold_cluster(const ClusterOutcome& outcome) {
  report_.coverage.objects = outcome.objects;
  for (const ObjectResult& incoming : outcome.results) merge_object(incoming);
  for (const std::string& reason : outcome.used_exemptions) note_used(reason);
  report_.summary = summarize(report_.results);
}

void ReportBuilder::merge_object(const ObjectResult& incoming) {
  for (const ObjectFinding& finding : incoming.findings) note_used(finding.waived_by);
  const auto at = index_.find(incoming.id);
  if (at == index_.end()) return;
  RequirementResult& result = report_.results[at->second];
  std::string message = field(incoming.message, report_.language);
  if (result.scope == Scope::kNode) {
    // Objects settle what the nodes left to a person, and show a person what else there is.
    if (result.status != Status::kManual || incoming.status == Status::kNotChecked) return;
    const bool settles = incoming.status == Status::kPass || incoming.status == Status::kFail;
    if (settles) {
      result.findings.clear();
      result.findings_total = 0;
      result.status = incoming.status;
      result.message = std::move(message);
    } else if (!message.empty()) {
      result.message += (result.message.empty()                   ? ""
                         : report_.language == Language::kChinese ? "；"
                                                                  : "; ") +
                        message;
    }
    for (const ObjectFinding& finding : incoming.findings) {
      result.findings.push_back(to_finding(finding, report_.language));
    }
    result.findings_total +=
        static_cast<int>(incoming.findings.size() + incoming.more.size() + incoming.beyond);
    std::ranges::sort(result.findings, comes_before);
    if (result.findings.size() > kMaxFindingsPerRequirement)
      result.findings.resize(kMaxFindingsPerRequirement);
    return;
  }
  add_object_findings(result, incoming);
  if (incoming.status == result.status) {
    prefer(result.message, std::move(message));
  } else if (worse(incoming.status, result.status) == incoming.status) {
    result.status = incoming.status;
    result.message = std::move(message);
  }
}

void ReportBuilder::add_object_findings(RequirementResult& result, const ObjectResult& incoming) {
  const int had = finding_class(result.status);
  const int has = finding_class(incoming.status);
  if (has < had) return;
  if (has > had) {
    result.findings.clear();
    result.seen.clear();
    result.beyond = 0;
  }
  for (const ObjectFinding& object : incoming.findings) {
    Finding finding = to_finding(object, report_.language);
    const bool is_new = result.seen.insert(object.key()).second;
    const auto at = std::ranges::lower_bound(result.findings, finding, comes_before);
    if (at != result.findings.end() && !comes_before(finding, *at)) {
      at->pods += finding.pods;
    } else if (is_new) {
      result.findings.insert(at, std::move(finding));
    }
  }
  result.seen.insert(incoming.more.begin(), incoming.more.end());
  if (result.findings.size() > kMaxFindingsPerRequirement) result.findings.resize(kMaxFindingsPerRequirement);
  result.beyond += static_cast<int>(incoming.beyond);
  result.findings_total = static_cast<int>(result.seen.size()) + result.beyond;
}

void ReportBuilder::note_used(const std::string& reason) {
  if (reason.empty() ||
      std::ranges::find(report_.exemptions, reason, &ExemptionNote::reason) != report_.exemptions.end())
    return;
  const auto at = std::ranges::lower_bound(report_.exemptions, reason, {}, &ExemptionNote::reason);
  report_.exemptions.insert(at, {reason, "", ExemptionNote::State::kUsed, {}});
}

}  // namespace baseline
