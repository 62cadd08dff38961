#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baseline/cluster/checks/add_on_evidence.h"

// Constraints of Gatekeeper held against its webhook, its exemptions and their templates. Sources: the match
// schema and the Config kind of Gatekeeper 3, and the templates of its library.
namespace baseline::cluster {

// What one constraint comes to for pods.
struct ConstraintActs {
  const OtherObject* constraint = nullptr;
  std::string gap;         // the field for which it cannot be relied upon; empty: it refuses pods
  bool is_partial = true;  // with a gap: it may refuse some pods all the same
  Limits only_in = std::nullopt;
  std::string what;  // "K8sAllowedRepos; namespaces 3/4 (failurePolicy: Ignore)"
};

// Every constraint whose kind is wanted. The namespace of Gatekeeper itself counts as held: who may create
// pods there can take the webhook away.
using WantsKind = bool (*)(std::string_view kind);
std::vector<ConstraintActs> constraints_of(const ClusterFacts& facts, WantsKind wanted);

// Why the template of a constraint is not the library's, as far as its text must have these words; empty: it
// is.
std::string template_gap(const ClusterFacts& facts, const OtherObject& constraint,
                         const std::vector<std::string_view>& words);
// The templates of wanted kinds that have no constraint.
std::vector<const OtherObject*> idle_templates(const ClusterFacts& facts, WantsKind wanted);

// Evidence of those that are known: `gap` is what the caller knows against it.
Evidence evidence_of(ConstraintActs acts, std::string gap, std::string_view in_force,
                     std::string_view refuses_nothing, std::string_view partly);

}  // namespace baseline::cluster
