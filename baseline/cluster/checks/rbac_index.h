#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "baseline/cluster/cluster_facts.h"

// Who may do what, as the RBAC authorizer works it out.
// Source: the reference of rbac.authorization.k8s.io/v1 and "Using RBAC Authorization".
namespace baseline::cluster {

// A rule of a role, and the role it was written in: another one where the role is aggregated.
struct EffectiveRule {
  const PolicyRule* rule = nullptr;
  const Role* source = nullptr;
};

// One subject of one binding. `role` is null when the binding names a role that is not there.
struct Grant {
  const RoleBinding* binding = nullptr;
  const Subject* subject = nullptr;
  const Role* role = nullptr;
};

// What a subject is, with the forms that mean the same brought together: the user
// "system:serviceaccount:NS:NAME" is that service account.
struct Principal {
  enum class Kind { kNone, kUser, kGroup, kServiceAccount } kind = Kind::kNone;
  std::string ns, name;
  bool operator==(const Principal&) const = default;
};
Principal principal_of(const RoleBinding& binding, const Subject& subject);

// Roles and bindings by name, and what they come to. Built in time linear in roles, bindings and subjects;
// works out aggregated roles when asked. Refers to the facts, which must outlive it. Not thread-safe.
class RbacIndex {
 public:
  // `live`: false fills in the default roles that a folder of manifests leaves out.
  RbacIndex(const ClusterFacts& facts, bool live);
  RbacIndex(const RbacIndex&) = delete;
  RbacIndex& operator=(const RbacIndex&) = delete;

  // Every subject of every binding.
  const std::vector<Grant>& grants() const { return grants_; }
  // Those that name this account itself; those that name this group.
  std::vector<const Grant*> of_account(const std::string& ns, const std::string& name) const;
  std::vector<const Grant*> of_group(const std::string& name) const;

  // All rules of a role; those of roles that it aggregates come with their source. Circles end.
  const std::vector<EffectiveRule>& rules(const Role& role);
  // Whether aggregation went so far that it was given up: then rules() may lack some.
  bool gave_up() const { return budget_ == 0; }

 private:
  const Role* find_role(const RoleBinding& binding) const;
  std::vector<const Grant*> of(const Principal& who) const;
  std::vector<const Role*> selected(const LabelSelector& selector);
  void gather(const Role& role, std::vector<EffectiveRule>& out);

  std::vector<Role> fallback_;  // default roles of Kubernetes that were not given
  std::vector<const Role*> cluster_roles_;
  std::unordered_map<std::string, const Role*> roles_;
  std::unordered_map<std::string, std::vector<const Role*>> by_label_;
  std::vector<Grant> grants_;
  std::vector<std::pair<std::size_t, std::size_t>>
      by_principal_;  // hash of it, and place among the grants; sorted
  std::unordered_map<const Role*, std::vector<EffectiveRule>> rules_;
  std::size_t budget_ = 1'000'000;  // roles and rules that all aggregation together may look at
};

}  // namespace baseline::cluster
