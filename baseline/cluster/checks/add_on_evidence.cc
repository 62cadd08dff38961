#include "baseline/cluster/checks/add_on_evidence.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "baseline/cluster/checks/label_selector.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/name_pattern.h"

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

bool takes(const base::Value& list, std::string_view word) {
  return lists(list, word) || lists(list, "*");
}

// What a rule does not narrow by names, scope or group. Pods have one version, so that matchPolicy does not
// matter to them.
bool is_every_pod(const base::Value& rule) {
  const base::Value& resources = rule["resources"];
  return (takes(resources, "pods") || lists(resources, "*/*")) && takes(rule["apiGroups"], "") &&
         takes(rule["apiVersions"], "v1") && rule["resourceNames"].items().empty() &&
         rule["scope"].as_string() != "Cluster";
}

Labels labels_of(const Namespace& ns) {
  Labels labels = ns.metadata.labels;
  labels.try_emplace(std::string(kNamespaceName), ns.metadata.name);  // the API server sets it on each
  return labels;
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
  for (const base::Value& value : document["values"].items()) out.values.insert(value.as_string());
  const bool takes_values = out.op == Operator::kIn || out.op == Operator::kNotIn;
  invalid = invalid || out.key.empty() || takes_values == out.values.empty();
  return out;
}

// The namespaces that what is in force acts in, taken together.
Limits covered_by(const std::vector<Evidence>& evidence) {
  std::set<std::string> covered;
  for (const Evidence& one : evidence) {
    if (!one.in_force) continue;
    if (!one.only_in) return std::nullopt;
    covered.insert(one.only_in->begin(), one.only_in->end());
  }
  return covered;
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

Limits limits_of(const ClusterFacts& facts, const base::Value& namespace_selector) {
  const LabelSelector selector = selector_of(namespace_selector);
  if (matches_all(selector)) return std::nullopt;
  std::set<std::string> names;
  for (const Namespace& one : facts.namespaces) {
    if (matches(selector, labels_of(one))) names.insert(one.metadata.name);
  }
  return names;
}

Limits both(const Limits& one, const Limits& other) {
  if (!one || !other) return one ? one : other;
  std::set<std::string> names;
  std::ranges::set_intersection(*one, *other, std::inserter(names, names.end()));
  return names;
}

Limits held_in(PolicyActs acts) {
  if (acts.only_in && !acts.home.empty()) acts.only_in->insert(std::move(acts.home));
  return std::move(acts.only_in);
}

std::string reach_text(const ClusterFacts& facts, const Limits& limits) {
  const std::string all = std::to_string(facts.namespaces.size());
  return (limits ? std::to_string(limits->size()) : all) + "/" + all;
}

Limits own_namespace(const OtherObject& object) {
  if (object.metadata.ns.empty()) return std::nullopt;
  return std::set<std::string>{object.metadata.ns};
}

bool in_force_in(const std::vector<Evidence>& evidence, const std::set<std::string>& namespaces) {
  const Limits covered = covered_by(evidence);
  return !covered || (!namespaces.empty() && std::ranges::includes(*covered, namespaces));
}

std::set<std::string> namespaces_that_count(const CheckInput& input) {
  const NamePatterns system(input.texts("system-namespaces"));
  std::set<std::string> names;
  for (const Namespace& one : input.facts.namespaces) {
    const std::string& name = one.metadata.name;
    if (one.phase == "Terminating" || !input.context.covers(name)) continue;
    if (!system.match(name)) names.insert(name);
  }
  return names;
}

std::vector<Webhook> webhooks_named(const ClusterFacts& facts, std::string_view word) {
  std::vector<Webhook> out;
  for (const Kind kind : {Kind::kValidatingWebhook, Kind::kMutatingWebhook}) {
    for (const OtherObject& object : facts.others_of(kind)) {
      const bool named = object.metadata.name.find(word) != std::string::npos;
      for (const base::Value& webhook : object.document["webhooks"].items()) {
        if (named || webhook["name"].as_string().find(word) != std::string::npos)
          out.push_back({&object, &webhook});
      }
    }
  }
  return out;
}

std::string webhook_gap(const base::Value& webhook, bool on_updates) {
  if (!about_every_pod(webhook["rules"], on_updates)) return "webhooks.rules";
  if (!matches_all(selector_of(webhook["objectSelector"]))) return "webhooks.objectSelector";
  return webhook["matchConditions"].items().empty() ? "" : "webhooks.matchConditions";
}

bool about_every_pod(const base::Value& rules, bool on_updates) {
  const auto each = [&](std::string_view operation) {
    return std::ranges::any_of(rules.items(), [&](const base::Value& rule) {
      return takes(rule["operations"], operation) && is_every_pod(rule);
    });
  };
  return each("CREATE") && (!on_updates || each("UPDATE"));
}

bool about_some_pod(const base::Value& rules) {
  return std::ranges::any_of(rules.items(), [](const base::Value& rule) {
    const base::Value& resources = rule["resources"];
    return takes(resources, "pods") || lists(resources, "*/*");
  });
}

bool about_workloads(const base::Value& rules) {
  return std::ranges::any_of(
      rules.items(), [](const base::Value& rule) { return creates(rule) && names_any(rule, kWorkloads); });
}

std::vector<const OtherObject*> objects_of(const ClusterFacts& facts, Kind kind) {
  std::vector<const OtherObject*> out;
  for (const OtherObject& object : facts.others_of(kind)) out.push_back(&object);
  return out;
}

FindingSubject subject_of(const OtherObject& object) {
  return {object.type.empty() ? std::string(info(object.kind).name) : object.type,
          object.metadata.ns,
          object.metadata.name,
          "",
          &object.metadata.labels,
          nullptr};
}

std::string failure_policy(const base::Value& holder) {
  return holder["failurePolicy"].as_string() == "Ignore" ? " (failurePolicy: Ignore)" : "";
}

ObjectResult conclude_evidence(FindingSet& findings, const std::vector<Evidence>& evidence,
                               const std::set<std::string>& namespaces, const Phrase& expected, Phrase pass,
                               Phrase manual) {
  const bool holds = in_force_in(evidence, namespaces);
  for (const Evidence& one : evidence) {
    if (holds && !one.in_force) continue;
    findings.add(subject_of(*one.object), holds ? Status::kPass : Status::kManual, expected, one.actual);
  }
  if (holds) return findings.take(Status::kPass, std::move(pass));
  const Limits covered = covered_by(evidence);
  if (covered && !covered->empty()) {
    for (const std::string& ns : namespaces) {
      if (!covered->contains(ns))
        findings.add({"Namespace", "", ns, "", nullptr, nullptr}, Status::kManual, expected,
                     phrase("addon.uncovered"));
    }
  }
  return findings.take(Status::kManual, std::move(manual));
}

}  // namespace baseline::cluster
