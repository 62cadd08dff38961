#include "baseline/cluster/checks/rbac_index.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>
#include <unordered_set>

#include "baseline/cluster/checks/label_selector.h"
#include "baseline/cluster/checks/rbac_rules.h"

namespace baseline::cluster {
namespace {

constexpr char kBreak = '\n';  // stands in no name that the API accepts
constexpr std::string_view kAccountUser = "system:serviceaccount:";

std::string role_key(std::string_view ns, std::string_view name) {
  return std::string(ns) + kBreak + std::string(name);
}

std::string label_key(const std::string& key, const std::string& value) {
  return key + kBreak + value;
}

std::size_t hash_of(const Principal& who) {
  return std::hash<std::string>()(std::to_string(static_cast<int>(who.kind)) + kBreak + who.ns + kBreak +
                                  who.name);
}

auto parts(const PolicyRule& it) {
  return std::tie(it.verbs, it.api_groups, it.resources, it.resource_names, it.non_resource_urls);
}
struct ByContent {
  bool operator()(const PolicyRule* a, const PolicyRule* b) const { return parts(*a) < parts(*b); }
};

PolicyRule rule(std::vector<std::string> verbs, std::vector<std::string> groups,
                std::vector<std::string> resources) {
  return {std::move(verbs), std::move(groups), std::move(resources), {}, {}};
}

// The user-facing roles that every API server makes at its start, as far as these requirements ask.
std::vector<Role> default_roles() {
  const auto role = [](std::string name, std::vector<PolicyRule> rules) {
    Role made;
    made.metadata.name = std::move(name);
    made.metadata.labels = {{"kubernetes.io/bootstrapping", "rbac-defaults"}};
    made.cluster = true;
    made.rules = std::move(rules);
    return made;
  };
  const std::vector<std::string> read{"get", "list", "watch"};
  const PolicyRule pods = rule(read, {""}, {"pods"});
  const PolicyRule secrets = rule(read, {""}, {"secrets"});
  const PolicyRule act = rule({"impersonate"}, {""}, {"serviceaccounts"});
  PolicyRule paths;
  paths.verbs = paths.non_resource_urls = {"*"};
  return {role("cluster-admin", {rule({"*"}, {"*"}, {"*"}), paths}), role("admin", {pods, secrets, act}),
          role("edit", {pods, secrets, act}), role("view", {pods})};
}

}  // namespace

Principal principal_of(const RoleBinding& binding, const Subject& subject) {
  if (subject.name.empty()) return {};
  if (subject.kind == "Group") return {Principal::Kind::kGroup, "", subject.name};
  if (subject.kind == "ServiceAccount") {
    // Without a namespace the binding's own is meant; a cluster-wide binding has none.
    const std::string& ns = subject.ns.empty() ? binding.metadata.ns : subject.ns;
    if (ns.empty()) return {};
    return {Principal::Kind::kServiceAccount, ns, subject.name};
  }
  if (subject.kind != "User") return {};
  if (subject.name.starts_with(kAccountUser)) {
    const std::string_view rest = std::string_view(subject.name).substr(kAccountUser.size());
    const std::size_t colon = rest.find(':');
    if (colon != std::string_view::npos && colon > 0 && colon + 1 < rest.size()) {
      return {Principal::Kind::kServiceAccount, std::string(rest.substr(0, colon)),
              std::string(rest.substr(colon + 1))};
    }
  }
  return {Principal::Kind::kUser, "", subject.name};
}

RbacIndex::RbacIndex(const ClusterFacts& facts, bool live) {
  for (const Role& role : facts.roles) {
    roles_.emplace(role_key(role.cluster ? "" : role.metadata.ns, role.metadata.name), &role);
    if (!role.cluster) continue;
    cluster_roles_.push_back(&role);
    for (const auto& [key, value] : role.metadata.labels) by_label_[label_key(key, value)].push_back(&role);
  }
  if (!live) {
    fallback_ = default_roles();
    for (const Role& role : fallback_) roles_.emplace(role_key("", role.metadata.name), &role);
  }
  for (const RoleBinding& binding : facts.bindings) {
    const Role* role = find_role(binding);
    for (const Subject& subject : binding.subjects) {
      const Principal who = principal_of(binding, subject);
      if (who.kind == Principal::Kind::kNone) continue;
      by_principal_.emplace_back(hash_of(who), grants_.size());
      grants_.push_back({&binding, &subject, role});
    }
  }
  std::ranges::sort(by_principal_);
}

const Role* RbacIndex::find_role(const RoleBinding& binding) const {
  const bool cluster = binding.role_kind == "ClusterRole";
  // A binding of the whole cluster reaches no Role of a namespace.
  if (!cluster && (binding.role_kind != "Role" || binding.cluster)) return nullptr;
  const auto found = roles_.find(role_key(cluster ? "" : binding.metadata.ns, binding.role_name));
  return found == roles_.end() ? nullptr : found->second;
}

std::vector<const Grant*> RbacIndex::of(const Principal& who) const {
  std::vector<const Grant*> out;
  const std::size_t hash = hash_of(who);
  for (auto at = std::ranges::lower_bound(by_principal_, std::pair(hash, std::size_t{0}));
       at != by_principal_.end() && at->first == hash; ++at) {
    const Grant& grant = grants_[at->second];
    if (principal_of(*grant.binding, *grant.subject) == who) out.push_back(&grant);
  }
  return out;
}

std::vector<const Grant*> RbacIndex::of_account(const std::string& ns, const std::string& name) const {
  return of({Principal::Kind::kServiceAccount, ns, name});
}

std::vector<const Grant*> RbacIndex::of_group(const std::string& name) const {
  return of({Principal::Kind::kGroup, "", name});
}

std::vector<const Role*> RbacIndex::selected(const LabelSelector& selector) {
  const std::vector<const Role*>* candidates = &cluster_roles_;
  for (const auto& [key, value] : selector.match_labels) {
    static const std::vector<const Role*> kNone;
    const auto found = by_label_.find(label_key(key, value));
    const auto* bucket = found == by_label_.end() ? &kNone : &found->second;
    if (bucket->size() < candidates->size()) candidates = bucket;
  }
  std::vector<const Role*> out;
  for (const Role* role : *candidates) {
    if (budget_ == 0) break;
    --budget_;
    if (matches(selector, role->metadata.labels)) out.push_back(role);
  }
  return out;
}

void RbacIndex::gather(const Role& role, std::vector<EffectiveRule>& out) {
  std::unordered_set<const Role*> seen{&role};
  std::vector<const Role*> pending{&role};
  while (!pending.empty()) {
    const Role* next = pending.back();
    pending.pop_back();
    for (const LabelSelector& selector : next->aggregation) {
      for (const Role* source : selected(selector)) {
        if (!seen.insert(source).second) continue;
        pending.push_back(source);
        // The controller's copies in an aggregated role are its sources' rules, which come by themselves.
        if (source->aggregated) continue;
        if (budget_ < source->rules.size()) {
          budget_ = 0;
          continue;
        }
        budget_ -= source->rules.size();
        for (const PolicyRule& one : source->rules) out.push_back({&one, source});
      }
    }
  }
  std::set<const PolicyRule*, ByContent> known;
  for (const EffectiveRule& one : out) known.insert(one.rule);
  for (const PolicyRule& own : role.rules) {
    if (!known.contains(&own)) out.push_back({&own, &role});
  }
}

const std::vector<EffectiveRule>& RbacIndex::rules(const Role& role) {
  const auto [at, fresh] = rules_.try_emplace(&role);
  if (!fresh) return at->second;
  if (role.aggregated) {
    gather(role, at->second);
  } else {
    for (const PolicyRule& one : role.rules) at->second.push_back({&one, &role});
  }
  return at->second;
}

}  // namespace baseline::cluster
