#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "baseline/cluster/checks/add_on_checks.h"
#include "baseline/cluster/checks/add_on_evidence.h"
#include "baseline/cluster/checks/add_on_gatekeeper.h"
#include "baseline/cluster/checks/add_on_kyverno.h"
#include "baseline/cluster/checks/rbac_rules.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/name_pattern.h"
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
          gap.empty(), own_namespace(policy)};
}

// `rule` names what acts, where there are several.
Evidence of_acts(const ClusterFacts& facts, const OtherObject& policy, const std::string& rule,
                 PolicyActs acts) {
  std::string what = rule;
  if (acts.gap.empty()) what += "; namespaces " + reach_text(facts, acts.only_in);
  what += kyverno_note(policy.document["spec"]);
  Evidence evidence = of_policy(policy, what, acts.gap);
  if (!acts.gap.empty() && acts.is_partial) evidence.actual = phrase("addon.acts-partly", what, acts.gap);
  evidence.only_in = held_in(std::move(acts));
  return evidence;
}

void add_admission_policies(const ClusterFacts& facts, All& out) {
  for (const OtherObject* policy : objects_of(facts, Kind::kValidatingAdmissionPolicy))
    out.push_back(of_acts(facts, *policy, "spec.validations", acts_of(facts, *policy, /*on_updates=*/false)));
}

// A rule that says something: one with a message alone, or an empty pattern, refuses nothing.
bool says_something(const base::Value& validate) {
  constexpr auto kKinds = std::to_array<std::string_view>(
      {"pattern", "anyPattern", "deny", "podSecurity", "cel", "foreach", "assert", "manifests"});
  return std::ranges::any_of(kKinds, [&](std::string_view kind) {
    return !validate[kind].members().empty() || !validate[kind].items().empty();
  });
}

void add_kyverno(const ClusterFacts& facts, All& out) {
  const KyvernoEngine engine = kyverno_engine(facts, /*on_updates=*/false);
  for (const Kind kind : {Kind::kKyvernoClusterPolicy, Kind::kKyvernoPolicy}) {
    for (const OtherObject* policy : objects_of(facts, kind)) {
      for (const base::Value& rule : policy->document["spec"]["rules"].items()) {
        const base::Value& validate = rule["validate"];
        if (!validate.is_map()) continue;
        PolicyActs acts = kyverno_acts(facts, engine, *policy, rule, validate);
        if (acts.gap.empty() && !says_something(validate)) acts = {"validate", false, std::nullopt};
        out.push_back(of_acts(facts, *policy, rule["name"].as_string(), std::move(acts)));
      }
    }
  }
  for (const OtherObject* policy : objects_of(facts, Kind::kKyvernoValidatingPolicy)) {
    out.push_back(of_acts(facts, *policy, "spec.validations", kyverno_cel_acts(facts, engine, *policy)));
  }
}

// Templates of Gatekeeper's library that refuse pods whatever their parameters are; of the others the
// parameters would have to be judged.
constexpr auto kOfTheLibrary = std::to_array<std::string_view>(
    {"K8sPSPPrivilegedContainer", "K8sPSPHostNamespace", "K8sPSPAllowPrivilegeEscalationContainer",
     "K8sPSPReadOnlyRootFilesystem"});

bool any_kind(std::string_view /*kind*/) {
  return true;
}

void add_gatekeeper(const ClusterFacts& facts, All& out) {
  for (ConstraintActs& acts : constraints_of(facts, any_kind)) {
    const OtherObject& constraint = *acts.constraint;
    const bool known = std::ranges::find(kOfTheLibrary, constraint.type) != kOfTheLibrary.end();
    std::string gap = known ? template_gap(facts, constraint, {"violation"}) : "ConstraintTemplate";
    if (gap.empty() && !constraint.document["spec"]["parameters"]["exemptImages"].items().empty())
      gap = "parameters.exemptImages";
    out.push_back(
        evidence_of(std::move(acts), std::move(gap), "addon.acts", "addon.acts-not", "addon.acts-partly"));
  }
  for (const OtherObject* one : idle_templates(facts, any_kind))
    out.push_back({one, phrase("addon.acts-not", one->metadata.name, "constraints: []"), false, {}});
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
    const bool gatekeeper = (*one.webhook)["name"].as_string().ends_with("gatekeeper.sh") &&
                            facts.state(Kind::kGatekeeperConstraint).outcome != KindState::Outcome::kNotAsked;
    if (gatekeeper || name.find("kyverno") != std::string::npos) continue;  // its policies speak for it
    out.push_back({one.configuration,
                   phrase("addon.webhook", (*one.webhook)["name"].as_string() + failure_policy(*one.webhook)),
                   false,
                   {}});
  }
}

class PolicyMechanism final : public ObjectCheck {
 public:
  PolicyMechanism(const CheckInput& input, FindingSet& findings)
      : input_(input), findings_(findings), system_(input.texts("system-namespaces")) {}

  void see(const Pod& pod, const Workload&) override {
    if (!system_.match(pod.metadata.ns)) with_pods_.insert(pod.metadata.ns);
  }

  ObjectResult finish() override {
    All evidence;
    add_admission_policies(input_.facts, evidence);
    add_kyverno(input_.facts, evidence);
    add_gatekeeper(input_.facts, evidence);
    add_pod_security_policies(input_, evidence);
    const bool holds = in_force_in(evidence, {});
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
    std::set<std::string> by_policy;  // namespaces that a limited policy acts in
    for (const Evidence& one : evidence) {
      if (one.in_force && one.only_in) by_policy.insert(one.only_in->begin(), one.only_in->end());
    }
    Labelled labelled;
    for (const Namespace& one : input_.facts.namespaces) {
      const std::string& name = one.metadata.name;
      if (system_.match(name) || one.phase == "Terminating" || !input_.context.covers(name)) continue;
      if (!with_pods_.empty() && !with_pods_.contains(name)) continue;
      ++labelled.looked_at;
      const auto label = one.metadata.labels.find(std::string(kEnforce));
      const bool unlabelled = label == one.metadata.labels.end();
      const std::string level = unlabelled ? default_level() : label->second;
      const bool enforced =
          labels_count() && !is_exempt(name) && (level == "baseline" || level == "restricted");
      if (enforced || by_policy.contains(name)) ++labelled.enforced;
      const Phrase actual = is_exempt(name)          ? phrase("addon.label-exempt")
                            : unlabelled && enforced ? phrase("addon.label-default", level)
                            : unlabelled             ? phrase("addon.label-none")
                                                     : phrase("addon.label", level);
      if (enforced) enforced_.emplace_back(&one, actual);
      if (!enforced && !by_policy.contains(name)) open_.emplace_back(&one, actual);
    }
    return labelled;
  }

  void tell_labels(const std::vector<std::pair<const Namespace*, Phrase>>& namespaces, Status status) {
    for (const auto& [ns, actual] : namespaces) {
      findings_.add({"Namespace", "", ns->metadata.name, "", &ns->metadata.labels, nullptr}, status,
                    phrase("addon.expected-mechanism"), actual);
    }
  }

  // What holds without a label, where all API servers of the nodes agree that something does.
  std::string default_level() const {
    const auto& told = input_.context.signals;
    if (told.contains(std::string(signals::kNoPodSecurityDefault))) return {};
    const auto found = told.lower_bound(std::string(signals::kPodSecurityDefault));
    if (found == told.end() || !found->starts_with(signals::kPodSecurityDefault)) return {};
    return found->substr(signals::kPodSecurityDefault.size());
  }
  bool is_exempt(const std::string& ns) const {
    return input_.context.signals.contains(std::string(signals::kPodSecurityExempt) + ns);
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
  NamePatterns system_;
  std::set<std::string> with_pods_;
  std::vector<std::pair<const Namespace*, Phrase>> enforced_, open_;
};

}  // namespace

std::unique_ptr<ObjectCheck> policy_mechanism(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<PolicyMechanism>(input, findings);
}

}  // namespace baseline::cluster
