#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "baseline/cluster/checks/rbac_index.h"
#include "baseline/cluster/checks/rbac_rules.h"
#include "baseline/cluster/checks/verdict.h"

namespace baseline::cluster {

// Looks through every grant for rules of one sort. What a role has of them is worked out once, however many
// bindings name it.
class AccessScan {
 public:
  using Picks = std::function<bool(const PolicyRule&)>;
  // What a picked rule is worth in the hands of this grant's subject; nothing: it is set aside.
  using Weighs = std::function<std::optional<Status>(const Grant&, const EffectiveRule&)>;

  AccessScan(const CheckInput& input, FindingSet& findings, Picks picks);

  // Adds a finding for each grant and rule, the first few of each grant. Grants of Kubernetes itself and
  // those in namespaces outside the scan are set aside. A role that was not given is Manual.
  void run(const Phrase& expected, const Weighs& weigh);

  RbacIndex& index() { return index_; }
  // How many grants were looked at.
  std::size_t seen() const { return seen_; }
  // Adds an Error when aggregation could not be followed to its end.
  void close();

 private:
  const std::vector<EffectiveRule>& picked(const Role& role);

  const CheckInput& input_;
  FindingSet& findings_;
  Picks picks_;
  RbacIndex index_;
  std::unordered_map<const Role*, std::vector<EffectiveRule>> picked_;
  std::size_t seen_ = 0;
};

// Whether any rule of the role gives more than finding out what the API offers.
bool gives_rights(RbacIndex& index, const Role& role);

// Whether the scan looks at what the binding does.
bool covered(const CheckInput& input, const RoleBinding& binding);

}  // namespace baseline::cluster
