#include "baseline/cluster/checks/rbac_rules.h"

#include <algorithm>
#include <array>
#include <vector>

#include "baseline/node_view.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

constexpr std::size_t kMaxWords = 8;  // of a list in a rule's text
constexpr std::size_t kMaxWord = 128;
constexpr auto kUserFacing = std::to_array<std::string_view>({"admin", "cluster-admin", "edit", "view"});
constexpr auto kDiscovery =
    std::to_array<std::string_view>({"system:basic-user", "system:discovery", "system:public-info-viewer",
                                     "system:service-account-issuer-discovery"});
constexpr auto kBroadGroups = std::to_array<std::string_view>(
    {"system:anonymous", "system:authenticated", "system:serviceaccounts", "system:unauthenticated"});

bool has(const auto& list, std::string_view word) {
  return std::ranges::find(list, word) != std::ranges::end(list);
}

bool bootstrapped(const Metadata& metadata) {
  const auto label = metadata.labels.find("kubernetes.io/bootstrapping");
  return label != metadata.labels.end() && label->second == "rbac-defaults";
}

void append_list(std::string& out, std::string_view name, const std::vector<std::string>& words) {
  if (words.empty()) return;
  out += out.size() > 1 ? ", " : "";
  out += std::string(name) + ": [";
  for (std::size_t i = 0; i < words.size() && i < kMaxWords; ++i) {
    out += i > 0 ? ", " : "";
    out += words[i].empty() ? "\"\"" : cut_text(words[i], kMaxWord);
  }
  out += words.size() > kMaxWords ? ", …]" : "]";
}

std::string in_namespace(const Metadata& metadata) {
  return metadata.ns.empty() ? metadata.name : metadata.ns + "/" + metadata.name;
}

}  // namespace

bool allows(const PolicyRule& rule, std::string_view verb, std::string_view group,
            std::string_view resource) {
  const auto holds = [](const std::vector<std::string>& list, std::string_view word) {
    return has(list, word) || has(list, "*");
  };
  if (!holds(rule.verbs, verb) || !holds(rule.api_groups, group)) return false;
  if (holds(rule.resources, resource)) return true;
  const std::size_t slash = resource.find('/');
  return slash != std::string_view::npos && has(rule.resources, "*" + std::string(resource.substr(slash)));
}

std::string rule_text(const PolicyRule& rule) {
  std::string out = "{";
  append_list(out, "verbs", rule.verbs);
  append_list(out, "apiGroups", rule.api_groups);
  append_list(out, "resources", rule.resources);
  append_list(out, "resourceNames", rule.resource_names);
  append_list(out, "nonResourceURLs", rule.non_resource_urls);
  return out + "}";
}

bool is_narrowed(const PolicyRule& rule) {
  return !rule.resource_names.empty() && !has(rule.resource_names, "cluster-admin") &&
         !has(rule.resource_names, "system:masters") && !has(rule.resource_names, "");
}

bool is_built_in(const Role& role) {
  const std::string& name = role.metadata.name;
  return bootstrapped(role.metadata) && (name.starts_with("system:") || has(kUserFacing, name));
}

bool is_discovery(const Role& role) {
  return role.cluster && is_built_in(role) && has(kDiscovery, role.metadata.name);
}

bool is_built_in(const Grant& grant) {
  const Metadata& metadata = grant.binding->metadata;
  if (!bootstrapped(metadata)) return false;
  if (metadata.name == "cluster-admin") {
    return grant.subject->kind == "Group" && grant.subject->name == "system:masters";
  }
  if (!metadata.name.starts_with("system:")) return false;
  if (grant.role && is_discovery(*grant.role)) return true;
  if (grant.subject->kind == "ServiceAccount") return grant.subject->ns == "kube-system";
  return grant.subject->name.starts_with("system:") && !has(kBroadGroups, grant.subject->name) &&
         !grant.subject->name.starts_with("system:serviceaccount");
}

std::string binding_name(const RoleBinding& binding) {
  return (binding.cluster ? "ClusterRoleBinding " : "RoleBinding ") + in_namespace(binding.metadata);
}

std::string role_name(const Role& role) {
  return (role.cluster ? "ClusterRole " : "Role ") + in_namespace(role.metadata);
}

Phrase path_to(const Grant& grant, const EffectiveRule& rule) {
  if (rule.source != grant.role) {
    return phrase("access.path-aggregated", binding_name(*grant.binding), role_name(*grant.role),
                  role_name(*rule.source), rule_text(*rule.rule));
  }
  return phrase("access.path", binding_name(*grant.binding), role_name(*grant.role), rule_text(*rule.rule));
}

FindingSubject subject_of(const Grant& grant) {
  const Principal who = principal_of(*grant.binding, *grant.subject);
  if (who.kind == Principal::Kind::kServiceAccount)
    return {"ServiceAccount", who.ns, who.name, "", nullptr, nullptr};
  return {grant.subject->kind, "", grant.subject->name, "", nullptr, nullptr};
}

}  // namespace baseline::cluster
