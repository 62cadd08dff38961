#include <map>
#include <set>
#include <utility>

#include "baseline/cluster/checks/label_selector.h"
#include "baseline/cluster/checks/network_checks.h"
#include "baseline/cluster/checks/pod_groups.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/name_pattern.h"

// 5.8.2.2: every policy selects a pod. 5.8.2.3: every namespace that runs pods has a policy.
namespace baseline::cluster {
namespace {

const std::vector<Kind> kKinds(std::begin(kPolicyKinds), std::end(kPolicyKinds));

// How many pods of these groups the selector takes in.
void count(const LabelSelector& selector, const PodGroups::Groups& groups, PodGroup& out) {
  for (const auto& [labels, group] : groups) {
    if (!matches(selector, labels)) continue;
    out.pods += group.pods;
    out.host_pods += group.host_pods;
  }
}

class UsedPolicies final : public ObjectCheck {
 public:
  UsedPolicies(const CheckInput& input, FindingSet& findings)
      : input_(input), findings_(findings), groups_(input.facts) {}

  void see(const Pod& pod, const Workload&) override { groups_.add(pod); }

  ObjectResult finish() override {
    if (auto none = nothing_given(input_, kKinds)) return findings_.take(Status::kNotChecked, *none);
    if (auto none = nothing_given(input_, {Kind::kPod}); none && groups_.all().empty())
      return findings_.take(Status::kNotChecked, *none);
    std::size_t judged = 0;
    for (const NetworkPolicy& policy : input_.facts.network_policies) {
      if (!input_.context.covers(policy.metadata.ns)) continue;
      ++judged;
      judge(policy);
    }
    if (judged == 0) return findings_.take(Status::kNotApplicable, phrase("network.no-policies"));
    return conclude(findings_, {phrase("network.used-pass", number(judged)), phrase("network.used-fail"),
                                phrase("network.used-manual")});
  }

 private:
  void judge(const NetworkPolicy& policy) {
    const bool whole_cluster = !info(policy.kind).namespaced;
    const auto add = [&](Status status, Phrase actual) {
      findings_.add({std::string(info(policy.kind).name), policy.metadata.ns, policy.metadata.name, "",
                     &policy.metadata.labels, nullptr},
                    status, phrase("network.expected-selects"), std::move(actual));
    };
    if (!policy.unsupported.empty())
      return add(Status::kManual, phrase("network.selector-unknown", policy.unsupported));
    if (policy.pods.invalid) return add(Status::kFail, phrase("network.selector-invalid"));
    PodGroup selected;
    if (whole_cluster) {
      for (const auto& [ns, groups] : groups_.all()) look(policy.pods, ns, groups, selected);
    } else {
      look(policy.pods, policy.metadata.ns, groups_.of(policy.metadata.ns), selected);
    }
    if (selected.pods > 0) return;
    if (whole_cluster ? groups_.any_exceeded() : groups_.exceeded(policy.metadata.ns))
      return add(Status::kError, phrase("network.too-much"));
    if (selected.host_pods > 0)
      return add(Status::kManual, phrase("network.only-host-pods", number(selected.host_pods)));
    if (whole_cluster && narrowed()) return add(Status::kManual, phrase("network.part-of-cluster"));
    add(Status::kFail, phrase("network.selects-none"));
  }

  void look(const LabelSelector& selector, const std::string& ns, const PodGroups::Groups& groups,
            PodGroup& out) {
    if (groups_.spend(ns, groups.size())) count(selector, groups, out);
  }

  // Whether the scan leaves namespaces out, so that pods of a policy of the whole cluster may not have been
  // seen.
  bool narrowed() const {
    return !input_.context.include_namespaces.empty() || !input_.context.exclude_namespaces.empty();
  }

  const CheckInput& input_;
  FindingSet& findings_;
  PodGroups groups_;
};

// One namespace's pods by what covers them.
struct Census {
  std::size_t pods = 0, host_pods = 0;
  std::size_t ingress = 0, egress = 0, either = 0, unsure = 0;
};

class CoveredNamespaces final : public ObjectCheck {
 public:
  CoveredNamespaces(const CheckInput& input, FindingSet& findings)
      : input_(input), findings_(findings), groups_(input.facts), system_(input.texts("system-namespaces")) {}

  void see(const Pod& pod, const Workload&) override {
    if (!system_.match(pod.metadata.ns)) groups_.add(pod);
  }

  ObjectResult finish() override {
    if (groups_.all().empty()) {
      if (auto none = nothing_given(input_, {Kind::kPod})) return findings_.take(Status::kNotChecked, *none);
      return findings_.take(Status::kNotApplicable, phrase("network.no-pods"));
    }
    // A folder without any policy may be kept apart from the one that has them.
    if (auto none = nothing_given(input_, kKinds)) return findings_.take(Status::kNotChecked, *none);
    for (const auto& [ns, groups] : groups_.all()) judge(ns, groups);
    return conclude(findings_, {phrase("network.covered-pass", number(groups_.all().size())),
                                phrase("network.covered-fail"), phrase("network.covered-manual")});
  }

 private:
  Census take_census(const std::string& ns, const PodGroups::Groups& groups) {
    Census census;
    for (const auto& [labels, group] : groups) {
      const Coverage coverage = groups_.coverage(ns, labels);
      census.pods += group.pods;
      census.host_pods += group.host_pods;
      if (coverage.ingress) census.ingress += group.pods;
      if (coverage.egress) census.egress += group.pods;
      if (coverage.ingress || coverage.egress) census.either += group.pods;
      if (coverage.unsure) census.unsure += group.pods;
    }
    return census;
  }

  void judge(const std::string& ns, const PodGroups::Groups& groups) {
    const Census census = take_census(ns, groups);
    const auto add = [&](Status status, Phrase actual) {
      findings_.add({"Namespace", "", ns, "", labels_of(ns), nullptr}, status,
                    phrase("network.expected-policy"), std::move(actual));
    };
    if (groups_.exceeded(ns)) return add(Status::kError, phrase("network.too-much"));
    const std::string total = number(census.pods);
    if (census.either > 0) {
      add(Status::kPass, phrase("network.coverage", number(census.ingress), number(census.egress), total,
                                number(census.host_pods)));
    } else if (groups_.has_policy(ns)) {
      // That it selects something is 5.8.2.2's question.
      add(Status::kPass, phrase("network.coverage-none", total));
    } else if (census.pods == 0) {
      add(Status::kManual, phrase("network.only-host-pods", number(census.host_pods)));
    } else if (census.unsure > 0) {
      add(Status::kManual, phrase("network.coverage-unsure", number(census.unsure), total));
    } else {
      add(Status::kFail, phrase("network.no-policy-here", total));
    }
  }

  const Labels* labels_of(const std::string& ns) {
    if (namespaces_.empty()) {
      for (const Namespace& one : input_.facts.namespaces)
        namespaces_[one.metadata.name] = &one.metadata.labels;
    }
    const auto found = namespaces_.find(ns);
    return found == namespaces_.end() ? nullptr : found->second;
  }

  const CheckInput& input_;
  FindingSet& findings_;
  PodGroups groups_;
  NamePatterns system_;
  std::map<std::string, const Labels*> namespaces_;
};

}  // namespace

std::unique_ptr<ObjectCheck> used_policies(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<UsedPolicies>(input, findings);
}

std::unique_ptr<ObjectCheck> covered_namespaces(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<CoveredNamespaces>(input, findings);
}

}  // namespace baseline::cluster
