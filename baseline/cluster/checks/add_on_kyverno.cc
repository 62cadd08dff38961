#include "baseline/cluster/checks/add_on_kyverno.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "baseline/cluster/checks/label_selector.h"

// What decides whether a policy of Kyverno keeps anything out.
namespace baseline::cluster {
namespace {

// The action has been written with a capital and without.
bool is_word(const base::Value& value, std::string_view lower_case) {
  std::string text = value.as_string();
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text == lower_case;
}

bool enforces(const base::Value& action) {
  return is_word(action, "enforce");
}

bool not_ready(const base::Value& status) {
  if (status["ready"].is_bool() && !status["ready"].as_bool()) return true;
  return std::ranges::any_of(status["conditions"].items(), [](const base::Value& condition) {
    return condition["type"].as_string() == "Ready" && condition["status"].as_string() == "False";
  });
}

PolicyActs nothing(std::string gap) {
  return {std::move(gap), false, std::nullopt};
}

PolicyActs partly(std::string gap) {
  return {std::move(gap), true, std::nullopt};
}

KyvernoWebhooks webhooks_of(const ClusterFacts& facts, Kind kind, bool on_updates, std::string& home) {
  KyvernoWebhooks out;
  bool asks = false;
  for (const Webhook& one : webhooks_named(facts, "kyverno")) {
    const base::Value& webhook = *one.webhook;
    if (one.configuration->kind != kind || !about_some_pod(webhook["rules"])) continue;
    const std::string gap = webhook_gap(webhook, on_updates);
    if (!gap.empty()) {
      if (!asks) out.gap = gap;
      continue;
    }
    // Which of several serves which policy is not known: what they have in common holds for all.
    asks = true;
    out.gap.clear();
    out.only_in = both(out.only_in, limits_of(facts, webhook["namespaceSelector"]));
    home = webhook.at("clientConfig.service.namespace").as_string();
  }
  return out;
}

// Where overrides of this list set the action.
std::set<std::string> overridden(const ClusterFacts& facts, const base::Value& overrides, bool to_enforce) {
  std::set<std::string> names;
  for (const base::Value& one : overrides.items()) {
    if (enforces(one["action"]) != to_enforce) continue;
    const base::Value& listed = one["namespaces"];
    const base::Value& selector = one["namespaceSelector"];
    if (to_enforce && listed.items().empty() && selector.members().empty()) continue;
    const Limits limits = kyverno_namespaces(facts, listed, selector, !to_enforce);
    for (const Namespace& ns : facts.namespaces) {
      if (!limits || limits->contains(ns.metadata.name)) names.insert(ns.metadata.name);
    }
  }
  return names;
}

// Every place of a policy where an action of a rule may stand.
std::vector<const base::Value*> holders_of(const base::Value& spec) {
  std::vector<const base::Value*> out;
  for (const base::Value& rule : spec["rules"].items()) {
    out.push_back(&rule["validate"]);
    for (const base::Value& entry : rule["verifyImages"].items()) out.push_back(&entry);
  }
  return out;
}

// In which namespaces a failure is refused. Kyverno takes the action of one rule for the whole policy, so
// that one that only audits spoils those beside it, and the overrides of a rule replace those of the policy.
PolicyActs refuses(const ClusterFacts& facts, const base::Value& spec, const base::Value& holder) {
  const base::Value& of_policy = spec["validationFailureActionOverrides"];
  std::set<std::string> audited = overridden(facts, of_policy, /*to_enforce=*/false);
  std::size_t with_overrides = 0;
  for (const base::Value* one : holders_of(spec)) {
    const base::Value& action = (*one)["failureAction"];
    if (!action.is_null() && !enforces(action)) return nothing("failureAction: Audit");
    const base::Value& overrides = (*one)["failureActionOverrides"];
    if (!overrides.items().empty()) ++with_overrides;
    audited.merge(overridden(facts, overrides, /*to_enforce=*/false));
  }
  const bool everywhere = enforces(holder["failureAction"]) || enforces(spec["validationFailureAction"]);
  PolicyActs out{"", true, std::nullopt};
  if (!everywhere) {
    const base::Value& own = holder["failureActionOverrides"];
    const bool counts = with_overrides == 0 || (with_overrides == 1 && !own.items().empty());
    out.only_in = counts ? overridden(facts, with_overrides == 0 ? of_policy : own, /*to_enforce=*/true)
                         : std::set<std::string>{};
  }
  if (!audited.empty()) out.only_in = without(facts, out.only_in, audited);
  if (out.only_in && out.only_in->empty())
    out.gap = everywhere ? "validationFailureActionOverrides: Audit" : "validationFailureAction: Audit";
  out.is_partial = false;
  return out;
}

std::string spec_gap(const base::Value& spec) {
  if (!spec.at("webhookConfiguration.matchConditions").items().empty())
    return "webhookConfiguration.matchConditions";
  // A rule that matched before it keeps this one from being looked at.
  if (spec["applyRules"].as_string() == "One" && spec["rules"].items().size() > 1) return "applyRules: One";
  return {};
}

std::string exception_name(const OtherObject& one) {
  return "PolicyException " + one.metadata.ns + "/" + one.metadata.name;
}

// The first exception that lets something past a rule; what exactly is not followed.
std::string exception_gap(const ClusterFacts& facts, const OtherObject& policy, const base::Value& rule) {
  const std::string& name = policy.metadata.name;
  const std::string qualified = policy.metadata.ns.empty() ? name : policy.metadata.ns + "/" + name;
  for (const OtherObject& one : facts.others_of(Kind::kKyvernoException)) {
    for (const base::Value& excepted : one.document["spec"]["exceptions"].items()) {
      const std::string& of = excepted["policyName"].as_string();
      if (!kyverno_fits(of, qualified) && !kyverno_fits(of, name)) continue;
      const auto& rules = excepted["ruleNames"].items();
      const bool concerns = rules.empty() || std::ranges::any_of(rules, [&](const base::Value& pattern) {
                              return kyverno_fits(pattern.as_string(), rule["name"].as_string());
                            });
      if (concerns) return exception_name(one);
    }
  }
  return {};
}

std::string cel_exception_gap(const ClusterFacts& facts, const OtherObject& policy) {
  for (const OtherObject& one : facts.others_of(Kind::kKyvernoCelException)) {
    for (const base::Value& reference : one.document["spec"]["policyRefs"].items()) {
      if (kyverno_fits(reference["name"].as_string(), policy.metadata.name)) return exception_name(one);
    }
  }
  return {};
}

// The limits of a policy; `home` is where it acts besides.
PolicyActs concluded(const ClusterFacts& facts, Limits limits, const std::string& home) {
  if (limits && limits->empty()) return nothing("namespaces " + reach_text(facts, limits));
  return {"", true, std::move(limits), home};
}

// How many values there are, and how many of them are patterns of namespaces, each of which is held against
// all.
struct Size {
  std::size_t values = 0, patterns = 0;
};
void measure(const base::Value& value, Size& out) {
  ++out.values;
  for (const base::Value& item : value.items()) measure(item, out);
  for (const auto& [key, member] : value.members()) {
    if (key.starts_with("namespace")) out.patterns += 1 + member.items().size();
    measure(member, out);
  }
}

// Whether there are steps left for what comes of a policy or of one of its rules.
bool has_steps(const ClusterFacts& facts, const KyvernoEngine& engine, const base::Value& spec) {
  Size size;
  measure(spec, size);
  const std::size_t exceptions =
      facts.others_of(Kind::kKyvernoException).size() + facts.others_of(Kind::kKyvernoCelException).size();
  const std::size_t steps = size.values / 8 + exceptions + (2 + size.patterns) * facts.namespaces.size();
  engine.steps -= std::min(engine.steps, steps);
  return engine.steps > 0;
}

const std::string kTooMuch = "rules × (namespaces + PolicyExceptions) > 20000000";

}  // namespace

KyvernoEngine kyverno_engine(const ClusterFacts& facts, bool on_updates) {
  KyvernoEngine engine;
  engine.on_updates = on_updates;
  engine.mutating = webhooks_of(facts, Kind::kMutatingWebhook, on_updates, engine.home);
  engine.validating = webhooks_of(facts, Kind::kValidatingWebhook, on_updates, engine.home);
  return engine;
}

std::string kyverno_note(const base::Value& spec) {
  const std::string note = failure_policy(spec);
  return note.empty() ? failure_policy(spec["webhookConfiguration"]) : note;
}

PolicyActs kyverno_acts(const ClusterFacts& facts, const KyvernoEngine& engine, const OtherObject& policy,
                        const base::Value& rule, const base::Value& holder) {
  const base::Value& spec = policy.document["spec"];
  const KyvernoWebhooks& webhooks =
      rule["verifyImages"].items().empty() ? engine.validating : engine.mutating;
  if (!webhooks.gap.empty()) return nothing(webhooks.gap);
  if (!has_steps(facts, engine, spec)) return partly(kTooMuch);
  if (spec["admission"].is_bool() && !spec["admission"].as_bool()) return nothing("spec.admission: false");
  if (not_ready(policy.document["status"])) return nothing("status.ready: false");
  PolicyActs action = refuses(facts, spec, holder);
  if (!action.gap.empty()) return action;
  if (std::string gap = spec_gap(spec); !gap.empty()) return partly(std::move(gap));
  if (std::string gap = exception_gap(facts, policy, rule); !gap.empty()) return partly(std::move(gap));
  PolicyActs match = kyverno_match(facts, rule, engine.on_updates);
  if (!match.gap.empty()) return match;
  const Limits acts =
      both(both(webhooks.only_in, action.only_in), both(match.only_in, own_namespace(policy)));
  return concluded(facts, acts, policy.metadata.ns.empty() ? engine.home : "");
}

PolicyActs kyverno_cel_acts(const ClusterFacts& facts, const KyvernoEngine& engine,
                            const OtherObject& policy) {
  const base::Value& spec = policy.document["spec"];
  const bool images = policy.kind == Kind::kKyvernoImageValidatingPolicy;
  if (!engine.validating.gap.empty()) return nothing(engine.validating.gap);
  if (!has_steps(facts, engine, spec)) return partly(kTooMuch);
  if (images && !engine.mutating.gap.empty()) return nothing(engine.mutating.gap);
  const base::Value& admission = spec["evaluation"]["admission"]["enabled"];
  if (admission.is_bool() && !admission.as_bool()) return nothing("evaluation.admission.enabled: false");
  const std::string& mode = spec["evaluation"]["mode"].as_string();
  if (!mode.empty() && mode != "Kubernetes") return nothing("evaluation.mode: " + mode);
  const base::Value& status = policy.document["status"];
  if (not_ready(status) || not_ready(status["conditionStatus"])) return nothing("status.ready: false");
  const auto& actions = spec["validationActions"].items();
  if (std::ranges::none_of(actions, [](const base::Value& one) { return one.as_string() == "Deny"; }))
    return nothing("validationActions: [Audit]");
  if (std::string gap = admission_gap(spec, engine.on_updates); !gap.empty()) return partly(std::move(gap));
  if (std::string gap = cel_exception_gap(facts, policy); !gap.empty()) return partly(std::move(gap));
  Limits limits = both(engine.validating.only_in, images ? engine.mutating.only_in : Limits());
  limits = both(limits, limits_of(facts, spec["matchConstraints"]["namespaceSelector"]));
  return concluded(facts, std::move(limits), engine.home);
}

}  // namespace baseline::cluster
