#pragma once

#include <string>
#include <string_view>

#include "baseline/cluster/checks/rbac_index.h"
#include "baseline/cluster/finding_set.h"
#include "baseline/phrase.h"

// What a rule allows, which roles and bindings Kubernetes brings along, and how the way to a right is told.
namespace baseline::cluster {

// Whether the rule allows the verb on the resource of the group; "*" stands for anything in each of them.
// Names of objects are not looked at.
bool allows(const PolicyRule& rule, std::string_view verb, std::string_view group, std::string_view resource);

// The rule as the API writes it, on one line: {verbs: [get], apiGroups: [""], resources: [secrets]}. Lists
// are cut short.
std::string rule_text(const PolicyRule& rule);
// Whether it is about named objects alone, none of which is all power itself.
bool is_narrowed(const PolicyRule& rule);

// Roles of Kubernetes itself: told by name and by the bootstrapping label together, since anybody may write
// either alone.
bool is_built_in(const Role& role);
// Roles that let a client find out what the API offers, and no more.
bool is_discovery(const Role& role);
// A binding of Kubernetes itself, for a subject that it has from Kubernetes: one that was added does not
// count.
bool is_built_in(const Grant& grant);

// "RoleBinding shop/cart", "ClusterRole view".
std::string binding_name(const RoleBinding& binding);
std::string role_name(const Role& role);
// Binding -> role (-> the role it aggregates) -> rule.
Phrase path_to(const Grant& grant, const EffectiveRule& rule);
// What a binding's subject is as the subject of a finding.
FindingSubject subject_of(const Grant& grant);

}  // namespace baseline::cluster
