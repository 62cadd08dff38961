#include "baseline/cluster/checks/add_on_evidence.h"

#include <algorithm>
#include <array>

#include "baseline/cluster/checks/label_selector.h"
#include "baseline/cluster/checks/verdict.h"

namespace baseline::cluster {
namespace {

constexpr std::string_view kNamespaceName = "kubernetes.io/metadata.name";
constexpr auto kWorkloads =
    std::to_array<std::string_view>({"pods", "deployments", "statefulsets", "daemonsets", "replicasets",
                                     "replicationcontrollers", "jobs", "cronjobs"});

bool lists(const base::Value& list, std::string_view word) {
  return std::ranges::any_of(list.items(), [&](const base::Value& one) { return one.as_string() == word; });
}

bool creates(const base::Value& rule) {
  return lists(rule["operations"], "CREATE") || lists(rule["operations"], "*");
}

bool names_any(const base::Value& rule, std::span<const std::string_view> resources) {
  const base::Value& listed = rule["resources"];
  if (lists(listed, "*") || lists(listed, "*/*")) return true;
  return std::ranges::any_of(resources, [&](std::string_view one) { return lists(listed, one); });
}

LabelSelector::Expression expression_of(const base::Value& document, bool& invalid) {
  using Operator = LabelSelector::Operator;
  LabelSelector::Expression out;
  out.key = document["key"].as_string();
  const std::string& op = document["operator"].as_string();
  if (op == "In") {
    out.op = Operator::kIn;
  } else if (op == "NotIn") {
    out.op = Operator::kNotIn;
  } else if (op == "Exists") {
    out.op = Operator::kExists;
  } else if (op == "DoesNotExist") {
    out.op = Operator::kDoesNotExist;
  } else {
    invalid = true;
  }
  for (const base::Value& value : document["values"].items()) out.values.push_back(value.as_string());
  const bool takes_values = out.op == Operator::kIn || out.op == Operator::kNotIn;
  invalid = invalid || out.key.empty() || takes_values == out.values.empty();
  return out;
}

}  // namespace

LabelSelector selector_of(const base::Value& document) {
  LabelSelector out;
  for (const auto& [key, value] : document["matchLabels"].members())
    out.match_labels[key] = value.as_string();
  for (const base::Value& one : document["matchExpressions"].items())
    out.expressions.push_back(expression_of(one, out.invalid));
  return out;
}

Reach reach_of(const ClusterFacts& facts, const base::Value& namespace_selector) {
  const LabelSelector selector = selector_of(namespace_selector);
  Reach reach;
  for (const Namespace& one : facts.namespaces) {
    ++reach.all;
    Labels labels = one.metadata.labels;
    labels.try_emplace(std::string(kNamespaceName), one.metadata.name);  // the API server sets it on each
    if (matches(selector, labels)) ++reach.covered;
  }
  // Manifests need not name their namespaces: what leaves none out reaches them.
  if (reach.all == 0 && matches_all(selector)) reach = {1, 1};
  return reach;
}

std::vector<Webhook> webhooks_named(const ClusterFacts& facts, std::string_view word) {
  std::vector<Webhook> out;
  for (const OtherObject& object : facts.others) {
    if (object.kind != Kind::kValidatingWebhook && object.kind != Kind::kMutatingWebhook) continue;
    const bool named = object.metadata.name.find(word) != std::string::npos;
    for (const base::Value& webhook : object.document["webhooks"].items()) {
      if (named || webhook["name"].as_string().find(word) != std::string::npos)
        out.push_back({&object, &webhook});
    }
  }
  return out;
}

bool about_pods(const base::Value& rules) {
  constexpr auto kPods = std::to_array<std::string_view>({"pods"});
  return std::ranges::any_of(
      rules.items(), [&](const base::Value& rule) { return creates(rule) && names_any(rule, kPods); });
}

bool about_workloads(const base::Value& rules) {
  return std::ranges::any_of(
      rules.items(), [](const base::Value& rule) { return creates(rule) && names_any(rule, kWorkloads); });
}

std::vector<const OtherObject*> objects_of(const ClusterFacts& facts, Kind kind) {
  std::vector<const OtherObject*> out;
  for (const OtherObject& object : facts.others) {
    if (object.kind == kind) out.push_back(&object);
  }
  return out;
}

FindingSubject subject_of(const OtherObject& object) {
  return {std::string(info(object.kind).name),
          object.metadata.ns,
          object.metadata.name,
          "",
          &object.metadata.labels,
          nullptr};
}

std::string failure_policy(const base::Value& holder) {
  return holder["failurePolicy"].as_string() == "Ignore" ? " (failurePolicy: Ignore)" : "";
}

std::string admission_policy_gap(const ClusterFacts& facts, const OtherObject& policy) {
  bool bound = false;
  bool denies = false;
  for (const OtherObject* binding : objects_of(facts, Kind::kValidatingAdmissionPolicyBinding)) {
    const base::Value& spec = binding->document["spec"];
    if (spec["policyName"].as_string() != policy.metadata.name) continue;
    bound = true;
    denies = denies || lists(spec["validationActions"], "Deny");
  }
  if (!bound) return "ValidatingAdmissionPolicyBinding: []";
  if (!denies) return "validationActions: [Audit, Warn]";
  if (!admission_policy_reach(facts, policy).any()) return "namespaceSelector: 0";
  return {};
}

Reach admission_policy_reach(const ClusterFacts& facts, const OtherObject& policy) {
  const base::Value& constraints = policy.document["spec"]["matchConstraints"];
  Reach best = {0, facts.namespaces.size()};
  for (const OtherObject* binding : objects_of(facts, Kind::kValidatingAdmissionPolicyBinding)) {
    const base::Value& spec = binding->document["spec"];
    if (spec["policyName"].as_string() != policy.metadata.name || !lists(spec["validationActions"], "Deny"))
      continue;
    const Reach own = reach_of(facts, constraints["namespaceSelector"]);
    const Reach bound = reach_of(facts, spec["matchResources"]["namespaceSelector"]);
    // Both must hold; the smaller of the two is at least as many as hold both.
    const Reach both = own.covered < bound.covered ? own : bound;
    if (both.covered > best.covered) best = both;
  }
  return best;
}

ObjectResult conclude_evidence(FindingSet& findings, const std::vector<Evidence>& evidence,
                               const Phrase& expected, Phrase pass, Phrase manual) {
  const bool holds =
      std::ranges::any_of(evidence, [](const Evidence& one) { return one.in_force && one.only_in.empty(); });
  for (const Evidence& one : evidence) {
    const bool strong = one.in_force && one.only_in.empty();
    if (holds && !strong) continue;
    findings.add(subject_of(*one.object), strong ? Status::kPass : Status::kManual, expected, one.actual);
  }
  if (holds) return findings.take(Status::kPass, std::move(pass));
  return findings.take(Status::kManual, std::move(manual));
}

}  // namespace baseline::cluster
