#include "baseline/cluster/checks/add_on_gatekeeper.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "baseline/cluster/checks/label_selector.h"

namespace baseline::cluster {
namespace {

constexpr std::string_view kWebhook = "validation.gatekeeper.sh";
constexpr std::string_view kDeny = "deny";
const std::string kVersion = "metadata.gatekeeper.sh/version";
// Fields of a match that are looked at; another one may narrow in ways not known here.
constexpr auto kMatchFields =
    std::to_array<std::string_view>({"kinds", "scope", "namespaces", "excludedNamespaces",
                                     "namespaceSelector", "labelSelector", "name", "source"});

bool has(const base::Value& list, std::string_view word) {
  return std::ranges::any_of(list.items(), [&](const base::Value& one) { return one.as_string() == word; });
}

// Gatekeeper's own patterns: a star at either end.
bool fits(std::string_view pattern, std::string_view name) {
  const bool open_start = pattern.starts_with('*');
  const bool open_end = pattern.size() > 1 && pattern.ends_with('*');
  if (open_start) pattern.remove_prefix(1);
  if (open_end) pattern.remove_suffix(1);
  if (open_start && open_end) return name.find(pattern) != std::string_view::npos;
  if (open_start) return name.ends_with(pattern);
  return open_end ? name.starts_with(pattern) : name == pattern;
}

bool any_fits(const base::Value& patterns, std::string_view name) {
  return std::ranges::any_of(patterns.items(),
                             [&](const base::Value& one) { return fits(one.as_string(), name); });
}

// All namespaces that there are, but those that `keeps` says no to.
template <typename Keeps>
Limits those(const ClusterFacts& facts, const Keeps& keeps) {
  std::set<std::string> names;
  for (const Namespace& one : facts.namespaces) {
    if (keeps(one.metadata.name)) names.insert(one.metadata.name);
  }
  return names;
}

// What holds for every constraint: whether the webhook asks about pods, and where.
struct Engine {
  std::string gap;
  std::string note;  // " (failurePolicy: Ignore)"
  std::string home;  // its own namespace
  Limits only_in = std::nullopt;
};

// Namespaces that a Config exempts from the webhook. Gatekeeper reads one of its own namespace, where that is
// known.
Limits exempted(const ClusterFacts& facts, Limits limits, const std::string& home) {
  for (const OtherObject& config : facts.others_of(Kind::kGatekeeperConfig)) {
    if (!home.empty() && !config.metadata.ns.empty() && config.metadata.ns != home) continue;
    for (const base::Value& match : config.document["spec"]["match"].items()) {
      const base::Value& processes = match["processes"];
      if (!has(processes, "*") && !has(processes, "webhook")) continue;
      const base::Value& excluded = match["excludedNamespaces"];
      if (excluded.items().empty()) continue;
      limits = both(limits, those(facts, [&](const std::string& name) { return !any_fits(excluded, name); }));
    }
  }
  return limits;
}

Engine engine_of(const ClusterFacts& facts) {
  Engine engine{"webhooks: []", "", "", std::nullopt};
  for (const Webhook& one : webhooks_named(facts, kWebhook)) {
    const base::Value& webhook = *one.webhook;
    if (one.configuration->kind != Kind::kValidatingWebhook || webhook["name"].as_string() != kWebhook)
      continue;
    engine.gap = webhook_gap(webhook, /*on_updates=*/true);
    engine.note = failure_policy(webhook);
    engine.home = webhook.at("clientConfig.service.namespace").as_string();
    engine.only_in = exempted(facts, limits_of(facts, webhook["namespaceSelector"]), engine.home);
    if (engine.gap.empty()) break;
  }
  return engine;
}

bool takes_in_pods(const base::Value& kinds) {
  const auto takes = [](const base::Value& list, std::string_view word) {
    return has(list, word) || has(list, "*");
  };
  return kinds.items().empty() || std::ranges::any_of(kinds.items(), [&](const base::Value& one) {
           return takes(one["apiGroups"], "") && takes(one["kinds"], "Pod") &&
                  (one["apiVersions"].items().empty() || takes(one["apiVersions"], "v1"));
         });
}

std::string match_gap(const base::Value& match) {
  if (!takes_in_pods(match["kinds"])) return "match.kinds";
  if (match["scope"].as_string() == "Cluster") return "match.scope";
  if (!matches_all(selector_of(match["labelSelector"]))) return "match.labelSelector";
  const std::string& name = match["name"].as_string();
  if (!name.empty() && name != "*") return "match.name";
  if (match["source"].as_string() == "Generated") return "match.source";
  for (const auto& [key, value] : match.members()) {
    if (std::ranges::find(kMatchFields, key) == kMatchFields.end()) return "match." + key;
  }
  return {};
}

Limits match_limits(const ClusterFacts& facts, const base::Value& match) {
  Limits limits = limits_of(facts, match["namespaceSelector"]);
  const base::Value& wanted = match["namespaces"];
  const base::Value& excluded = match["excludedNamespaces"];
  if (!wanted.items().empty())
    limits = both(limits, those(facts, [&](const std::string& name) { return any_fits(wanted, name); }));
  if (!excluded.items().empty())
    limits = both(limits, those(facts, [&](const std::string& name) { return !any_fits(excluded, name); }));
  return limits;
}

// Why the webhook refuses nothing by it.
std::string action_gap(const base::Value& spec) {
  const std::string& action = spec["enforcementAction"].as_string();
  if (action.empty() || action == kDeny) return {};
  if (action != "scoped") return "enforcementAction: " + action;
  for (const base::Value& one : spec["scopedEnforcementActions"].items()) {
    if (one["action"].as_string() != kDeny) continue;
    for (const base::Value& point : one["enforcementPoints"].items()) {
      const std::string& name = point["name"].as_string();
      if (name == kWebhook || name == "*") return {};
    }
  }
  return "scopedEnforcementActions";
}

const OtherObject* template_of(const ClusterFacts& facts, std::string_view kind) {
  for (const OtherObject& one : facts.others_of(Kind::kGatekeeperTemplate)) {
    if (one.document.at("spec.crd.spec.names.kind").as_string() == kind) return &one;
  }
  return nullptr;
}

// Which template a constraint rests on. That its rego does what its name says cannot be told from its text.
std::string template_text(const ClusterFacts& facts, std::string_view kind) {
  const OtherObject* made_by = template_of(facts, kind);
  if (!made_by) return {};
  const auto version = made_by->metadata.annotations.find(kVersion);
  return " (ConstraintTemplate " + made_by->metadata.name +
         (version == made_by->metadata.annotations.end() ? "" : " " + version->second) + ")";
}

bool has_word(const base::Value& value, std::string_view word) {
  if (value.is_string()) return value.as_string().find(word) != std::string::npos;
  const auto below = [&](const base::Value& one) { return has_word(one, word); };
  return std::ranges::any_of(value.items(), below) ||
         std::ranges::any_of(value.members(), [&](const auto& member) { return below(member.second); });
}

ConstraintActs acts_of(const ClusterFacts& facts, const Engine& engine, const OtherObject& constraint) {
  const base::Value& spec = constraint.document["spec"];
  ConstraintActs acts;
  acts.constraint = &constraint;
  acts.gap = engine.gap.empty() ? action_gap(spec) : engine.gap;
  acts.is_partial = false;
  if (acts.gap.empty()) {
    acts.gap = match_gap(spec["match"]);
    acts.is_partial = true;
  }
  acts.only_in = both(engine.only_in, match_limits(facts, spec["match"]));
  const std::string reach = reach_text(facts, acts.only_in);
  if (acts.only_in && acts.only_in->empty() && acts.gap.empty()) acts.gap = "namespaces " + reach;
  acts.what = constraint.type + template_text(facts, constraint.type) + "; namespaces " + reach + engine.note;
  if (acts.only_in && !engine.home.empty()) acts.only_in->insert(engine.home);
  return acts;
}

}  // namespace

std::vector<ConstraintActs> constraints_of(const ClusterFacts& facts, WantsKind wanted) {
  const Engine engine = engine_of(facts);
  std::vector<ConstraintActs> out;
  for (const OtherObject* one : objects_of(facts, Kind::kGatekeeperConstraint)) {
    if (wanted(one->type)) out.push_back(acts_of(facts, engine, *one));
  }
  return out;
}

std::string template_gap(const ClusterFacts& facts, const OtherObject& constraint,
                         const std::vector<std::string_view>& words) {
  const OtherObject* made_by = template_of(facts, constraint.type);
  if (!made_by) return "ConstraintTemplate: []";
  const base::Value& created = made_by->document.at("status.created");
  if (created.is_bool() && !created.as_bool()) return "ConstraintTemplate status.created: false";
  const base::Value& targets = made_by->document.at("spec.targets");
  const bool all = std::ranges::all_of(words, [&](std::string_view word) { return has_word(targets, word); });
  return all ? "" : "ConstraintTemplate spec.targets";
}

std::vector<const OtherObject*> idle_templates(const ClusterFacts& facts, WantsKind wanted) {
  std::set<std::string_view> in_use;
  for (const OtherObject& one : facts.others_of(Kind::kGatekeeperConstraint)) in_use.insert(one.type);
  std::vector<const OtherObject*> out;
  for (const OtherObject* one : objects_of(facts, Kind::kGatekeeperTemplate)) {
    const std::string& kind = one->document.at("spec.crd.spec.names.kind").as_string();
    if (wanted(kind) && !in_use.contains(kind)) out.push_back(one);
  }
  return out;
}

Evidence evidence_of(ConstraintActs acts, std::string gap, std::string_view in_force,
                     std::string_view refuses_nothing, std::string_view partly) {
  if (!acts.gap.empty()) gap = acts.gap;
  if (gap.empty())
    return {acts.constraint, phrase(std::string(in_force), acts.what), true, std::move(acts.only_in)};
  const bool nothing = !acts.gap.empty() && !acts.is_partial;
  return {acts.constraint, phrase(std::string(nothing ? refuses_nothing : partly), acts.what, gap), false,
          std::nullopt};
}

}  // namespace baseline::cluster
