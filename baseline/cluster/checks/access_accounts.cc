#include <map>
#include <set>
#include <utility>

#include "baseline/cluster/checks/access_checks.h"
#include "baseline/cluster/checks/access_scan.h"
#include "baseline/cluster/checks/pod_traits.h"
#include "baseline/name_pattern.h"
#include "baseline/text.h"

// What service accounts pods run as and what those may do: 5.7.3.1 and 5.7.3.3.
namespace baseline::cluster {
namespace {

constexpr std::size_t kMaxRules = 4;  // told of a binding
constexpr std::string_view kAccounts = "system:serviceaccounts";

// Whether the subject takes in the account "default" of some namespace, by its name or as one of all
// accounts.
bool is_default_account(const Principal& who) {
  if (who.kind == Principal::Kind::kServiceAccount) return who.name == "default";
  return who.kind == Principal::Kind::kGroup &&
         (who.name == kAccounts || who.name.starts_with(std::string(kAccounts) + ":"));
}

std::string rules_of(RbacIndex& index, const Role& role) {
  std::vector<std::string> told;
  for (const EffectiveRule& one : index.rules(role)) {
    if (told.size() == kMaxRules) {
      told.emplace_back("…");
      break;
    }
    told.push_back(rule_text(*one.rule));
  }
  return join(told, " ");
}

class DefaultAccounts final : public ObjectCheck {
 public:
  DefaultAccounts(const CheckInput& input, FindingSet& findings) : input_(input), findings_(findings) {}

  void see(const Pod& pod, const Workload& workload) override {
    if (is_mirror(pod)) return;
    ++pods_;
    if (account_of(pod) != "default") return;
    findings_.add({workload.kind, workload.ns, workload.name, "", &pod.metadata.labels, nullptr},
                  Status::kFail, phrase("access.expected-own-account"), phrase("access.runs-as-default"), 1);
  }

  ObjectResult finish() override {
    AccessScan scan(input_, findings_, [](const PolicyRule& rule) { return !rule.verbs.empty(); });
    std::size_t bindings = 0;
    for (const Grant& grant : scan.index().grants()) {
      if (!covered(input_, *grant.binding)) continue;
      ++bindings;
      if (!is_default_account(principal_of(*grant.binding, *grant.subject)) || is_built_in(grant)) continue;
      if (grant.role && gives_rights(scan.index(), *grant.role)) {
        findings_.add(subject_of(grant), Status::kFail, phrase("access.expected-no-rights"),
                      phrase("access.rights", binding_name(*grant.binding), role_name(*grant.role),
                             rules_of(scan.index(), *grant.role)));
      } else if (!grant.role && !input_.context.live) {
        findings_.add(subject_of(grant), Status::kManual, phrase("access.expected-no-rights"),
                      phrase("access.role-not-given", binding_name(*grant.binding), grant.binding->role_kind,
                             grant.binding->role_name));
      }
    }
    scan.close();
    if (findings_.empty()) {
      if (auto none = nothing_given(input_, {Kind::kRoleBinding, Kind::kClusterRoleBinding}))
        return findings_.take(Status::kNotChecked, *none);
      if (pods_ == 0 && !input_.context.live)
        return findings_.take(Status::kNotChecked, phrase("verdict.not-given", "pods"));
    }
    return conclude(findings_, {phrase("access.default-pass", number(pods_), number(bindings)),
                                phrase("access.default-fail"), phrase("access.default-manual")});
  }

 private:
  const CheckInput& input_;
  FindingSet& findings_;
  std::size_t pods_ = 0;
};

class AccountRights final : public ObjectCheck {
 public:
  AccountRights(const CheckInput& input, FindingSet& findings)
      : input_(input),
        findings_(findings),
        index_(input.facts, input.context.live),
        system_(input.texts("system-namespaces")) {}

  void see(const Pod& pod, const Workload&) override {
    if (!is_mirror(pod)) in_use_.insert({pod.metadata.ns, account_of(pod)});
  }

  ObjectResult finish() override {
    if (auto none = nothing_given(input_, {Kind::kRoleBinding, Kind::kClusterRoleBinding}))
      return findings_.take(Status::kNotChecked, *none);
    if (in_use_.empty()) {
      return input_.context.live ? findings_.take(Status::kNotApplicable, phrase("access.no-accounts-in-use"))
                                 : findings_.take(Status::kNotChecked, phrase("verdict.not-given", "pods"));
    }
    std::set<std::string> groups{std::string(kAccounts), "system:authenticated"};
    for (const auto& [ns, name] : in_use_) {
      groups.insert(std::string(kAccounts) + ":" + ns);
      const auto grants = index_.of_account(ns, name);
      if (system_.match(ns)) {
        for (const Grant* grant : grants) summarise(*grant, ns, name);
      } else {
        for (const Grant* grant : grants) show(*grant);
      }
    }
    for (const std::string& group : groups) {
      for (const Grant* grant : index_.of_group(group)) {
        if (!is_built_in(*grant)) show(*grant);
      }
    }
    for (const auto& [ns, names] : of_system_) {
      findings_.add({"Namespace", "", ns, "", nullptr, nullptr}, Status::kManual, expected(),
                    phrase("access.system-accounts", number(names.size()), join(names, ", ")));
    }
    if (index_.gave_up()) {
      findings_.add({"ClusterRole", "", "*", "", nullptr, nullptr}, Status::kError,
                    phrase("access.expected-aggregation"), phrase("access.aggregation-too-deep"));
    }
    return conclude(findings_, {phrase("access.rights-pass", number(in_use_.size())),
                                phrase("access.rights-manual"), phrase("access.rights-manual")});
  }

 private:
  static Phrase expected() { return phrase("access.expected-least"); }

  bool has_rights(const Grant& grant) { return grant.role && gives_rights(index_, *grant.role); }

  void show(const Grant& grant) {
    if (has_rights(grant)) {
      findings_.add(subject_of(grant), Status::kManual, expected(),
                    phrase("access.rights", binding_name(*grant.binding), role_name(*grant.role),
                           rules_of(index_, *grant.role)));
    } else if (!grant.role && !input_.context.live) {
      findings_.add(subject_of(grant), Status::kManual, expected(),
                    phrase("access.role-not-given", binding_name(*grant.binding), grant.binding->role_kind,
                           grant.binding->role_name));
    }
  }

  void summarise(const Grant& grant, const std::string& ns, const std::string& name) {
    if (has_rights(grant)) of_system_[ns].insert(name);
  }

  const CheckInput& input_;
  FindingSet& findings_;
  RbacIndex index_;
  NamePatterns system_;
  std::set<std::pair<std::string, std::string>> in_use_;
  std::map<std::string, std::set<std::string>> of_system_;  // accounts with rights by system namespace
};

}  // namespace

std::unique_ptr<ObjectCheck> default_accounts(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<DefaultAccounts>(input, findings);
}

std::unique_ptr<ObjectCheck> account_rights(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<AccountRights>(input, findings);
}

}  // namespace baseline::cluster
