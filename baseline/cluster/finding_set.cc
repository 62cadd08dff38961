#include "baseline/cluster/finding_set.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "baseline/exemption.h"
#include "baseline/report_builder.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

constexpr std::size_t kMaxArgument = 256;  // of a finding: a hostile name must not fill the memory

std::string object_of(const FindingSubject& subject) {
  std::string object = subject.ns.empty() ? "" : subject.ns + "/";
  return object + subject.kind + "/" + subject.name;
}

void bound(Phrase& phrase) {
  for (std::string& arg : phrase.args) {
    if (arg.size() > kMaxArgument) arg = cut_text(arg, kMaxArgument);
  }
}

}  // namespace

Phrase subject_phrase(const FindingSubject& subject) {
  const std::string name = subject.ns.empty() ? subject.name : subject.ns + "/" + subject.name;
  if (subject.container.empty()) return phrase("object.subject", subject.kind, name);
  return phrase("object.container", subject.kind, name, subject.container);
}

FindingSet::FindingSet(const ResolvedProfile& profile, std::string requirement, base::Time now,
                       std::set<std::size_t>& used, const OnFinding* on_finding)
    : requirement_(std::move(requirement)),
      used_(used),
      on_finding_(on_finding && *on_finding ? on_finding : nullptr) {
  for (std::size_t i = 0; i < profile.exemptions.size(); ++i) {
    const Exemption& exemption = profile.exemptions[i];
    const bool named = std::ranges::any_of(exemption.requirements, [&](const std::string& selector) {
      return selects_requirement(selector, requirement_);
    });
    if (named && in_force(exemption, now)) exemptions_.push_back({i, &exemption});
  }
}

const FindingSet::Exempt* FindingSet::covering(const FindingSubject& subject) const {
  const auto it = std::ranges::find_if(exemptions_, [&](const Exempt& one) {
    return covers_object(one.exemption->scope, {.kind = subject.kind,
                                                .ns = subject.ns,
                                                .name = subject.name,
                                                .container = subject.container,
                                                .labels = subject.labels,
                                                .node_labels = subject.node_labels});
  });
  return it == exemptions_.end() ? nullptr : &*it;
}

void FindingSet::add(const FindingSubject& subject, Status status, Phrase expected, Phrase actual, int pods) {
  if (!count_pods_) pods = 0;
  ObjectFinding finding{
      subject_phrase(subject), std::move(expected), std::move(actual), status, object_of(subject), "", 0};
  if (status == Status::kFail) {
    if (const Exempt* exempt = covering(subject)) {
      finding.status = Status::kWaived;
      finding.waived_by = exempt->exemption->reason;
      used_.insert(exempt->index);
    }
  }
  bound(finding.subject);
  bound(finding.expected);
  bound(finding.actual);
  if (finding.object.size() > kMaxArgument) finding.object = cut_text(finding.object, kMaxArgument);

  if (!on_finding_) {
    keep(std::move(finding), pods);
    return;
  }
  const ObjectFinding told = finding;
  const bool is_new = keep(std::move(finding), pods);
  (*on_finding_)({.requirement = requirement_,
                  .kind = subject.kind,
                  .ns = subject.ns,
                  .name = subject.name,
                  .container = subject.container,
                  .finding = told,
                  .pods = pods,
                  .is_new = is_new});
}

bool FindingSet::keep(ObjectFinding&& finding, int pods) {
  if (const auto kept = kept_.find(finding); kept != kept_.end()) {
    kept->second += pods;
    return false;
  }
  const std::uint64_t key = finding.key();
  const bool full = kept_.size() >= kMaxFindingsPerRequirement;
  const bool left_out = full && WorstFirst()(kept_.rbegin()->first, finding);
  if (left_out && !leave_out(key, finding.status)) return false;
  worst_ = total_ == 0 ? finding.status : worse(worst_, finding.status);
  ++counts_[finding.status];
  ++total_;
  if (left_out) return true;
  kept_.emplace(std::move(finding), pods);
  if (kept_.size() <= kMaxFindingsPerRequirement) return true;
  const auto last = std::prev(kept_.end());
  leave_out(last->first.key(), last->first.status);
  kept_.erase(last);
  return true;
}

bool FindingSet::leave_out(std::uint64_t key, Status status) {
  if (left_out_.contains(key)) return false;
  if (left_out_.size() < kMostKeys) return left_out_.emplace(key, status).second;
  if (recent_.size() == kMostRecent) recent_.clear();
  if (!recent_.insert(key).second) return false;
  ++beyond_[status];
  return true;
}

std::size_t FindingSet::count(Status status) const {
  const auto it = counts_.find(status);
  return it == counts_.end() ? 0 : it->second;
}

ObjectResult FindingSet::take(Status status, Phrase message) {
  ObjectResult result{requirement_, status, std::move(message), {}, {}};
  const bool only_wrong = status == Status::kFail || status == Status::kError || status == Status::kWaived;
  const auto belongs = [&](Status of) {
    return !only_wrong || of == Status::kFail || of == Status::kError || of == Status::kManual ||
           of == Status::kWaived;
  };
  for (auto& [finding, pods] : kept_) {
    if (!belongs(finding.status)) continue;
    result.findings.push_back(finding);
    result.findings.back().pods = pods;
  }
  for (const auto& [key, of] : left_out_) {
    if (belongs(of)) result.more.push_back(key);
  }
  for (const auto& [of, count] : beyond_) {
    if (belongs(of)) result.beyond += count;
  }
  std::ranges::sort(result.more);
  return result;
}

}  // namespace baseline::cluster
