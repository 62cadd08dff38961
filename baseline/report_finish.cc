#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <iterator>
#include <string>
#include <utility>

#include "base/time.h"
#include "baseline/cluster/object_check.h"
#include "baseline/exemption.h"
#include "baseline/phrase.h"
#include "baseline/report_builder.h"
#include "baseline/report_order.h"
#include "baseline/report_value.h"

// What only the whole can tell: the last step of a report.
namespace baseline {
namespace {

// Left free for what is added after the findings are bounded: notes on capped lists, `since`, `changes`.
constexpr std::size_t kReservedBytes = 40U << 10;
constexpr std::size_t kNodesNamed = 5;
constexpr std::chrono::days kNear{14};     // how long before and after its end an exemption is named
constexpr std::size_t kWaiverShown = 256;  // of a reason that a message already gives, perhaps cut
constexpr std::array<std::string_view, 4> kControlPlane{"kube-apiserver", "kube-controller-manager",
                                                        "kube-scheduler", "etcd"};

bool is_judged_on_nodes(const Requirement& requirement) {
  if (requirement.scope != Scope::kCluster || !requirement.check) return false;
  const auto* check = std::get_if<BuiltinCheck>(&requirement.check->form);
  const cluster::ObjectBuiltin* builtin = check ? cluster::find_object_builtin(check->name) : nullptr;
  return builtin && !builtin->make;
}

class Finisher {
 public:
  Finisher(const ResolvedProfile& profile, Report& report, base::Time now, bool nodes_scanned)
      : profile_(profile), report_(report), now_(now), nodes_scanned_(nodes_scanned) {
    const Coverage& coverage = report.coverage;
    complete_ = coverage.missing.empty() && coverage.nodes_reported >= coverage.nodes_expected;
  }

  void finish() {
    for (std::size_t i = 0; i < report_.results.size(); ++i) {
      RequirementResult& result = report_.results[i];
      const Requirement& requirement = *profile_.requirements[i].requirement;
      if (requirement.scope == Scope::kNode) {
        settle_node_row(result, requirement);
      } else {
        settle_cluster_row(result, requirement);
      }
      attest(result);
      name_waivers(result);
      if (rests_on_nodes(requirement) && !complete_) tell_partial(result);
      result.absent_component.clear();
      result.seen.clear();
      result.beyond = 0;
      count_pods(result);
      if (result.status != Status::kPass) result.remediation = requirement.remediation.in(report_.language);
    }
    number_groups();
    note_exemptions();
    group_missing();
    cap();
    report_.summary = summarize(report_.results);
    report_.reading.clear();
    report_.ends.clear();
    report_.finished = now_;
  }

 private:
  void say(RequirementResult& result, const Phrase& phrase) const {
    result.message = render(phrase, report_.language);
  }
  void add(RequirementResult& result, const Phrase& phrase) const {
    const std::string note = render(phrase, report_.language);
    const bool chinese = report_.language == Language::kChinese;
    if (result.message.empty()) {
      result.message = note;
    } else {
      result.message += chinese ? "（" + note + "）" : " (" + note + ")";
    }
  }
  void settle(RequirementResult& result, Status status, const Phrase& phrase) const {
    result.status = status;
    result.findings.clear();
    result.findings_total = 0;
    say(result, phrase);
  }

  std::string reported() const { return std::to_string(report_.coverage.nodes_reported); }
  std::string expected() const {
    const Coverage& coverage = report_.coverage;
    return std::to_string(std::max(coverage.nodes_expected,
                                   coverage.nodes_reported + static_cast<int>(coverage.missing.size())));
  }
  // The first few by name; the rest are in coverage.
  std::string missing_names() const {
    std::string names;
    const auto& missing = report_.coverage.missing;
    for (std::size_t i = 0; i < std::min(missing.size(), kNodesNamed); ++i) {
      names += (i > 0 ? ", " : "") + missing[i].node;
    }
    return missing.size() > kNodesNamed ? names + ", …" : names;
  }

  void settle_node_row(RequirementResult& result, const Requirement& requirement) const {
    if (report_.coverage.nodes_reported == 0) {
      settle_without_nodes(result);
      return;
    }
    if (!result.absent_component.empty()) {
      settle_absent(result);
      return;
    }
    if (result.status == Status::kNotChecked) {
      if (result.message.empty()) say(result, {"report.no-check", {}});
      return;
    }
    if (requirement.needs_etcd_members) settle_single_member(result);
  }

  // Images are looked at on the nodes alone, whatever the scope of the row.
  static bool rests_on_nodes(const Requirement& requirement) {
    return requirement.scope == Scope::kNode || is_judged_on_nodes(requirement);
  }

  void settle_cluster_row(RequirementResult& result, const Requirement& requirement) const {
    if (result.status != Status::kNotChecked) return;
    if (!requirement.check) {
      say(result, {"report.no-check", {}});
    } else if (!is_judged_on_nodes(requirement)) {
      if (result.message.empty()) say(result, {"report.objects-not-read", {}});
    } else if (report_.coverage.nodes_reported == 0) {
      settle_without_nodes(result);
    }
  }

  void count_pods(RequirementResult& result) const {
    for (Finding& finding : result.findings) {
      if (finding.pods == 0) continue;
      const Phrase counted{finding.pods == 1 ? "object.pod" : "object.pods",
                           {finding.subject, std::to_string(finding.pods)}};
      finding.subject = render(counted, report_.language);
    }
  }

  // Those that a person has to look at; of the rest nothing is said.
  void note_exemptions() const {
    std::vector<ExemptionNote> notes;
    for (const Exemption& exemption : profile_.exemptions) {
      ExemptionNote note{exemption.reason, exemption.owner, ExemptionNote::State::kUnused, exemption.expires};
      if (exemption.expires && now_ >= *exemption.expires) {
        if (now_ >= *exemption.expires + kNear) continue;
        note.state = ExemptionNote::State::kExpired;
      } else if (exemption.expires && now_ + kNear >= *exemption.expires) {
        note.state = ExemptionNote::State::kExpiring;
      } else if (!may_be_unused(exemption)) {
        continue;
      }
      notes.push_back(std::move(note));
    }
    report_.exemptions = std::move(notes);
  }

  // Nothing shows that it covered something, and all that it could have covered was looked at.
  bool may_be_unused(const Exemption& exemption) const {
    const bool used = std::ranges::any_of(
        report_.exemptions, [&](const ExemptionNote& note) { return note.reason == exemption.reason; });
    if (used || !complete_) return false;
    return std::ranges::all_of(report_.results, [&](const RequirementResult& result) {
      const bool named = std::ranges::any_of(exemption.requirements, [&](const std::string& selector) {
        return selects_requirement(selector, result.id);
      });
      const bool capped = std::cmp_not_equal(result.findings.size(), result.findings_total);
      return !named || (!capped && result.status != Status::kNotChecked && result.status != Status::kError);
    });
  }

  // A Pass over some of the nodes is told as such; Fail and Error stand whatever the others would say.
  void tell_partial(RequirementResult& result) const {
    if (report_.coverage.nodes_reported == 0 || result.status == Status::kNotChecked) return;
    if (result.status == Status::kFail || result.status == Status::kError) return;
    const std::string names = missing_names();
    add(result, names.empty() ? Phrase{"report.partial-unnamed", {reported(), expected()}}
                              : Phrase{"report.partial", {reported(), expected(), names}});
  }

  void settle_without_nodes(RequirementResult& result) const {
    const Coverage& coverage = report_.coverage;
    if (!nodes_scanned_) {
      settle(result, Status::kNotChecked, {"report.nodes-not-scanned", {}});
    } else if (coverage.nodes_expected == 0 && coverage.missing.empty()) {
      settle(result, Status::kError, {"report.no-node-selected", {}});
    } else {
      settle(result, Status::kError, {"report.no-node-reported", {expected()}});
    }
  }

  void settle_absent(RequirementResult& result) const {
    const std::string component = result.absent_component;
    if (!complete_) {
      const std::string names = missing_names();
      settle(
          result, Status::kError,
          {"report.component-not-found", {component, reported(), expected(), names.empty() ? "?" : names}});
      return;
    }
    const bool control_plane = std::ranges::find(kControlPlane, component) != kControlPlane.end();
    settle(result, Status::kNotApplicable,
           {control_plane ? "report.managed-control-plane" : "report.component-absent",
            {component, reported()}});
  }

  // Members as etcd names them, or as many as there are nodes that run one; 0 when nothing tells.
  int etcd_members() const {
    int named = 0;
    int running = 0;
    for (const NodeGroup& group : report_.node_groups) {
      named = std::max(named, group.etcd_members);
      const bool runs =
          group.etcd_members > 0 || std::ranges::find(group.components, "etcd") != group.components.end();
      if (runs) running += static_cast<int>(group.nodes.size());
    }
    return named == 0 && running < 2 ? 0 : std::max(named, running);
  }

  // A member that joined later is not always named by the first: with nodes missing, one is not known to be
  // all.
  void settle_single_member(RequirementResult& result) const {
    if (etcd_members() != 1 || result.status == Status::kNotApplicable) return;
    if (complete_) {
      settle(result, Status::kNotApplicable, {"report.etcd-single-member", {}});
    } else if (result.status == Status::kFail) {
      settle(result, Status::kError, {"report.etcd-members-unknown", {reported(), expected()}});
    }
  }

  // A person's answer counts where a person was asked, and nowhere else.
  void attest(RequirementResult& result) const {
    if (result.status != Status::kManual) return;
    for (const Attestation& a : profile_.attestations) {
      if (a.requirement != result.id) continue;
      const std::string until = a.expires ? base::format_time(*a.expires) : "";
      if (!in_force(a, now_)) {
        add(result, {"report.attestation-expired", {a.by, until}});
        continue;
      }
      result.status = a.pass ? Status::kPass : Status::kFail;
      say(result, a.expires ? Phrase{"report.attested", {a.by, until, a.evidence}}
                            : Phrase{"report.attested-without-end", {a.by, a.evidence}});
      return;
    }
  }

  void name_waivers(RequirementResult& result) const {
    if (result.status != Status::kWaived) return;
    std::vector<std::string> reasons;
    for (const Finding& finding : result.findings) {
      if (!finding.waived_by.empty()) reasons.push_back(finding.waived_by);
    }
    std::ranges::sort(reasons);
    const auto repeated = std::ranges::unique(reasons);
    reasons.erase(repeated.begin(), repeated.end());
    std::erase_if(reasons, [&](const std::string& reason) {
      return result.message.contains(reason.substr(0, kWaiverShown));
    });
    for (const std::string& reason : reasons) add(result, {"report.waived", {reason}});
  }

  // All by reason; by name the first.
  void group_missing() const {
    Coverage& coverage = report_.coverage;
    std::map<std::string_view, MissingReason> by_reason;
    for (const MissingNode& node : coverage.missing) {
      MissingReason& reason = by_reason[node.reason];
      reason.reason = node.reason;
      if (++reason.nodes <= static_cast<int>(kMaxNamesOfReason)) reason.names.push_back(node.node);
    }
    coverage.reasons.clear();
    for (auto& [text, reason] : by_reason) coverage.reasons.push_back(std::move(reason));
    std::ranges::stable_sort(coverage.reasons, std::greater{}, &MissingReason::nodes);
    if (coverage.reasons.size() > kMaxMissingReasons) {
      MissingReason others{render({"report.other-reasons", {}}, report_.language), 0, {}};
      for (std::size_t i = kMaxMissingReasons - 1; i < coverage.reasons.size(); ++i) {
        const MissingReason& one = coverage.reasons[i];
        others.nodes += one.nodes;
        for (const std::string& name : one.names) {
          if (others.names.size() < kMaxNamesOfReason) others.names.push_back(name);
        }
      }
      std::ranges::sort(others.names);
      coverage.reasons.resize(kMaxMissingReasons - 1);
      coverage.reasons.push_back(std::move(others));
    }
    if (coverage.missing.size() > kMaxMissingNamed) coverage.missing.resize(kMaxMissingNamed);
  }

  // Numbers in the order of the groups' first nodes, so that they do not depend on who came first.
  void number_groups() const {
    std::ranges::sort(report_.node_groups, {}, [](const NodeGroup& group) { return group.nodes.front(); });
    std::map<std::string, std::size_t> numbers;
    for (NodeGroup& group : report_.node_groups) {
      group.signals.clear();
      numbers.emplace(group.name, numbers.size() + 1);
      group.name = "group-" + std::to_string(numbers.at(group.name));
    }
    for (RequirementResult& result : report_.results) {
      for (Finding& finding : result.findings) {
        const auto it = numbers.find(finding.node_group);
        if (it != numbers.end()) finding.node_group = "group-" + std::to_string(it->second);
      }
      std::ranges::sort(result.findings, comes_before);
    }
  }

  void cap() const {
    report_.truncated = false;
    bound(report_, kMaxReportBytes - kReservedBytes);
    for (RequirementResult& result : report_.results) {
      const std::size_t shown = result.findings.size();
      if (std::cmp_equal(shown, result.findings_total)) continue;
      report_.truncated = true;
      add(result, {"report.findings-capped", {std::to_string(shown), std::to_string(result.findings_total)}});
    }
  }

  const ResolvedProfile& profile_;
  Report& report_;
  base::Time now_;
  bool nodes_scanned_;
  bool complete_ = false;
};

}  // namespace

Report ReportBuilder::finish(base::Time now, bool nodes_scanned) && {
  Finisher(*profile_, report_, now, nodes_scanned).finish();
  return std::move(report_);
}

}  // namespace baseline
