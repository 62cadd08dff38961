#include <algorithm>
#include <cctype>

#include "baseline/cluster/checks/add_on_evidence.h"

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

bool not_ready(const base::Value& status) {
  if (status["ready"].is_bool() && !status["ready"].as_bool()) return true;
  return std::ranges::any_of(status["conditions"].items(), [](const base::Value& condition) {
    return condition["type"].as_string() == "Ready" && condition["status"].as_string() == "False";
  });
}

// Overrides that take the action back everywhere.
bool overridden_everywhere(const base::Value& spec) {
  return std::ranges::any_of(spec["validationFailureActionOverrides"].items(), [](const base::Value& one) {
    return is_word(one["action"], "audit") &&
           std::ranges::any_of(one["namespaces"].items(),
                               [](const base::Value& ns) { return ns.as_string() == "*"; });
  });
}

}  // namespace

KyvernoState kyverno_state(const ClusterFacts& facts) {
  const auto hooks = webhooks_named(facts, "kyverno");
  return {std::ranges::any_of(hooks, [&](const Webhook& one) {
    return about_workloads((*one.webhook)["rules"]) &&
           reach_of(facts, (*one.webhook)["namespaceSelector"]).any();
  })};
}

std::string kyverno_gap(const KyvernoState& state, const OtherObject& policy, const base::Value& action) {
  const base::Value& spec = policy.document["spec"];
  if (!state.webhook) return "webhooks: []";
  if (spec["admission"].is_bool() && !spec["admission"].as_bool()) return "spec.admission: false";
  if (not_ready(policy.document["status"])) return "status.ready: false";
  if (!action.is_null()) return is_word(action, "enforce") ? "" : "failureAction: Audit";
  if (!is_word(spec["validationFailureAction"], "enforce")) return "validationFailureAction: Audit";
  return overridden_everywhere(spec) ? "validationFailureActionOverrides: Audit" : "";
}

std::string kyverno_cel_gap(const KyvernoState& state, const OtherObject& policy) {
  const base::Value& spec = policy.document["spec"];
  if (!state.webhook) return "webhooks: []";
  const base::Value& admission = spec["evaluation"]["admission"]["enabled"];
  if (admission.is_bool() && !admission.as_bool()) return "evaluation.admission.enabled: false";
  if (not_ready(policy.document["status"]) || not_ready(policy.document["status"]["conditionStatus"]))
    return "status.ready: false";
  const auto& actions = spec["validationActions"].items();
  const bool denies =
      std::ranges::any_of(actions, [](const base::Value& one) { return one.as_string() == "Deny"; });
  return denies ? "" : "validationActions: [Audit]";
}

}  // namespace baseline::cluster
