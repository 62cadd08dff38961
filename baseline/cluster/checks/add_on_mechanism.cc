#include <algorithm>
#include <set>
#include <utility>

#include "baseline/cluster/checks/add_on_checks.h"
#include "baseline/cluster/checks/add_on_evidence.h"
#include "baseline/cluster/checks/rbac_rules.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/signals.h"

// 5.7.6.3: something at admission says what a pod may do. Broad roles are shown beside it and do not decide.
namespace baseline::cluster {
namespace {

using All = std::vector<Evidence>;

constexpr Version kPodSecurity{1, 23, 0};    // from here on the labels are enforced unasked
constexpr Version kPolicyRemoved{1, 25, 0};  // from here on there are no PodSecurityPolicies
constexpr std::string_view kEnforce = "pod-security.kubernetes.io/enforce";
constexpr std::size_t kMaxRoles = 10;

Evidence of_policy(const OtherObject& policy, const std::string& what, const std::string& gap) {
  return {&policy, gap.empty() ? phrase("addon.acts", what) : phrase("addon.acts-not", what, gap),
          gap.empty(), policy.metadata.ns};
}

void add_admission_policies(const ClusterFacts& facts, All& out) {
  for (const OtherObject* policy : objects_of(facts, Kind::kValidatingAdmissionPolicy)) {
    const base::Value& spec = policy->document["spec"];
    std::string gap = admission_policy_gap(facts, *policy);
    if (gap.empty() && !about_workloads(spec["matchConstraints"]["resourceRules"])) gap = "resourceRules";
    const Reach reach = admission_policy_reach(facts, *policy);
    out.push_back(of_policy(*policy, "namespaces " + reach.text() + failure_policy(spec), gap));
  }
}

void add_kyverno(const ClusterFacts& facts, All& out) {
  const KyvernoState state = kyverno_state(facts);
  for (const Kind kind : {Kind::kKyvernoClusterPolicy, Kind::kKyvernoPolicy}) {
    for (const OtherObject* policy : objects_of(facts, kind)) {
      for (const base::Value& rule : policy->document["spec"]["rules"].items()) {
        if (!rule["validate"].is_map()) continue;
        out.push_back(of_policy(*policy, rule["name"].as_string() + failure_policy(policy->document["spec"]),
                                kyverno_gap(state, *policy, rule["validate"]["failureAction"])));
      }
    }
  }
  for (const OtherObject* policy : objects_of(facts, Kind::kKyvernoValidatingPolicy)) {
    const base::Value& spec = policy->document["spec"];
    std::string gap = kyverno_cel_gap(state, *policy);
    if (gap.empty() && !about_workloads(spec["matchConstraints"]["resourceRules"])) gap = "resourceRules";
    out.push_back(of_policy(*policy, "spec.validations" + failure_policy(spec), gap));
  }
}

// Which constraints of Gatekeeper are in force stands in objects whose kinds are made at run time and not
// read.
void add_gatekeeper(const ClusterFacts& facts, All& out) {
  for (const OtherObject* one : objects_of(facts, Kind::kGatekeeperTemplate)) {
    out.push_back({one, phrase("addon.constraints-not-read", one->metadata.name), false, ""});
  }
}

void add_pod_security_policies(const CheckInput& input, All& out) {
  if (!input.context.version || *input.context.version >= kPolicyRemoved) return;
  const bool enabled = input.context.signals.contains(std::string(signals::kPodSecurityPolicy));
  for (const OtherObject* one : objects_of(input.facts, Kind::kPodSecurityPolicy)) {
    if (one->document["spec"]["privileged"].as_bool()) continue;  // refuses nothing
    out.push_back(of_policy(*one, "PodSecurityPolicy", enabled ? "" : "--enable-admission-plugins"));
  }
}

// A webhook of something unknown that is asked about pods: it may be a policy engine.
void add_webhooks(const ClusterFacts& facts, All& out) {
  for (const Webhook& one : webhooks_named(facts, "")) {
    if (one.configuration->kind != Kind::kValidatingWebhook || !about_workloads((*one.webhook)["rules"]))
      continue;
    const std::string& name = one.configuration->metadata.name;
    if (name.find("kyverno") != std::string::npos) continue;  // its policies speak for it
    out.push_back({one.configuration,
                   phrase("addon.webhook", (*one.webhook)["name"].as_string() + failure_policy(*one.webhook)),
                   false, ""});
  }
}

class PolicyMechanism final : public ObjectCheck {
 public:
  PolicyMechanism(const CheckInput& input, FindingSet& findings) : input_(input), findings_(findings) {
    for (std::string& ns : input.texts("system-namespaces")) system_.insert(std::move(ns));
  }

  void see(const Pod& pod, const Workload&) override {
    if (!system_.contains(pod.metadata.ns)) with_pods_.insert(pod.metadata.ns);
  }

  ObjectResult finish() override {
    All evidence;
    add_admission_policies(input_.facts, evidence);
    add_kyverno(input_.facts, evidence);
    add_gatekeeper(input_.facts, evidence);
    add_pod_security_policies(input_, evidence);
    const bool holds = std::ranges::any_of(
        evidence, [](const Evidence& one) { return one.in_force && one.only_in.empty(); });
    if (!holds) add_webhooks(input_.facts, evidence);
    const Labelled labelled = look_at_labels(evidence);
    if (holds || labelled.all()) {
      add_broad_roles();
      return conclude_pass(evidence, labelled);
    }
    if (labelled.enforced == 0 && evidence.empty()) {
      if (auto none = nothing_given(input_, {Kind::kNamespace}))
        return findings_.take(Status::kNotChecked, *none);
      findings_.add({"Namespace", "", "*", "", nullptr, nullptr}, Status::kFail,
                    phrase("addon.expected-mechanism"),
                    phrase("addon.no-mechanism", number(labelled.looked_at)));
      add_broad_roles();
      const Status status = findings_.count(Status::kFail) > 0 ? Status::kFail : Status::kWaived;
      return findings_.take(status, phrase("addon.mechanism-fail", number(labelled.looked_at)));
    }
    tell_labels(enforced_, Status::kPass);
    tell_labels(open_, Status::kManual);
    add_broad_roles();
    for (const Evidence& one : evidence)
      findings_.add(subject_of(*one.object), Status::kManual, phrase("addon.expected-mechanism"), one.actual);
    return findings_.take(Status::kManual, phrase("addon.mechanism-manual", number(labelled.enforced),
                                                  number(labelled.looked_at)));
  }

 private:
  struct Labelled {
    std::size_t looked_at = 0, enforced = 0;
    bool all() const { return looked_at > 0 && enforced == looked_at; }
  };

  bool labels_count() const { return !input_.context.version || *input_.context.version >= kPodSecurity; }

  // Namespaces that run pods, or all of them where none does.
  Labelled look_at_labels(const All& evidence) {
    std::set<std::string> by_policy;  // namespaces with a policy of their own
    for (const Evidence& one : evidence) {
      if (one.in_force && !one.only_in.empty()) by_policy.insert(one.only_in);
    }
    Labelled labelled;
    for (const Namespace& one : input_.facts.namespaces) {
      const std::string& name = one.metadata.name;
      if (system_.contains(name) || one.phase == "Terminating" || !input_.context.covers(name)) continue;
      if (!with_pods_.empty() && !with_pods_.contains(name)) continue;
      ++labelled.looked_at;
      const auto label = one.metadata.labels.find(std::string(kEnforce));
      const std::string level = label == one.metadata.labels.end() ? std::string() : label->second;
      const bool enforced = labels_count() && (level == "baseline" || level == "restricted");
      if (enforced || by_policy.contains(name)) ++labelled.enforced;
      if (enforced) enforced_.emplace_back(&one, level);
      if (!enforced && !by_policy.contains(name)) open_.emplace_back(&one, level);
    }
    return labelled;
  }

  void tell_labels(const std::vector<std::pair<const Namespace*, std::string>>& namespaces, Status status) {
    for (const auto& [ns, level] : namespaces) {
      findings_.add({"Namespace", "", ns->metadata.name, "", &ns->metadata.labels, nullptr}, status,
                    phrase("addon.expected-mechanism"),
                    level.empty() ? phrase("addon.label-none") : phrase("addon.label", level));
    }
  }

  ObjectResult conclude_pass(const All& evidence, const Labelled& labelled) {
    tell_labels(enforced_, Status::kPass);
    std::size_t policies = 0;
    for (const Evidence& one : evidence) {
      if (!one.in_force) continue;
      ++policies;
      findings_.add(subject_of(*one.object), Status::kPass, phrase("addon.expected-mechanism"), one.actual);
    }
    return findings_.take(Status::kPass, phrase("addon.mechanism-pass", number(policies),
                                                number(labelled.enforced), number(labelled.looked_at)));
  }

  void add_broad_roles() {
    std::size_t told = 0;
    for (const Role& role : input_.facts.roles) {
      if (!role.cluster || is_built_in(role) || told == kMaxRoles) continue;
      const auto broad = std::ranges::find_if(role.rules, [](const PolicyRule& rule) {
        return allows(rule, "create", "", "pods") &&
               std::ranges::find(rule.resources, "*") != rule.resources.end();
      });
      if (broad == role.rules.end()) continue;
      ++told;
      findings_.add({"ClusterRole", "", role.metadata.name, "", &role.metadata.labels, nullptr},
                    Status::kPass, phrase("addon.expected-narrow-role"),
                    phrase("access.rule", rule_text(*broad)));
    }
  }

  const CheckInput& input_;
  FindingSet& findings_;
  std::set<std::string> system_, with_pods_;
  std::vector<std::pair<const Namespace*, std::string>> enforced_, open_;
};

}  // namespace

std::unique_ptr<ObjectCheck> policy_mechanism(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<PolicyMechanism>(input, findings);
}

}  // namespace baseline::cluster
