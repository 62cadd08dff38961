#include <utility>

#include "baseline/cluster/checks/add_on_evidence.h"
#include "baseline/cluster/checks/label_selector.h"
#include "baseline/text.h"

// How far a ValidatingAdmissionPolicy and its bindings reach.
namespace baseline::cluster {
namespace {

bool is_given(const base::Value& value) {
  return !value.items().empty() || !value.members().empty();
}

// Of matchConstraints and of matchResources alike, without the selector of namespaces.
std::string match_gap(const base::Value& match) {
  if (!matches_all(selector_of(match["objectSelector"]))) return "objectSelector";
  if (about_some_pod(match["excludeResourceRules"])) return "excludeResourceRules";
  return {};
}

}  // namespace

std::string admission_gap(const base::Value& spec, bool on_updates) {
  if (!is_given(spec["validations"])) return "validations: []";
  const base::Value& match = spec["matchConstraints"];
  if (!about_every_pod(match["resourceRules"], on_updates)) return "resourceRules";
  // An expression that cannot be evaluated then lets everything pass.
  if (spec["failurePolicy"].as_string() == "Ignore") return "failurePolicy: Ignore";
  if (is_given(spec["paramKind"])) return "paramKind";
  if (is_given(spec["matchConditions"])) return "matchConditions";
  return match_gap(match);
}

namespace {

std::string actions_of(const base::Value& spec) {
  std::vector<std::string> actions;
  for (const base::Value& one : spec["validationActions"].items()) actions.push_back(one.as_string());
  return "validationActions: [" + join(actions, ", ") + "]";
}

bool denies(const base::Value& spec) {
  for (const base::Value& one : spec["validationActions"].items()) {
    if (one.as_string() == "Deny") return true;
  }
  return false;
}

std::string binding_gap(const base::Value& spec, bool on_updates) {
  const base::Value& match = spec["matchResources"];
  if (is_given(spec["paramRef"])) return "paramRef";
  if (is_given(match["resourceRules"]) && !about_every_pod(match["resourceRules"], on_updates))
    return "matchResources.resourceRules";
  const std::string gap = match_gap(match);
  return gap.empty() ? gap : "matchResources." + gap;
}

// What the bindings leave of a policy that has no gap of its own.
class Bindings {
 public:
  Bindings(const ClusterFacts& facts, const OtherObject& policy, bool on_updates) {
    const Limits own = limits_of(facts, policy.document["spec"]["matchConstraints"]["namespaceSelector"]);
    for (const OtherObject* binding : objects_of(facts, Kind::kValidatingAdmissionPolicyBinding)) {
      const base::Value& spec = binding->document["spec"];
      if (spec["policyName"].as_string() == policy.metadata.name) {
        add(spec, both(own, limits_of(facts, spec["matchResources"]["namespaceSelector"])), on_updates);
      }
    }
  }

  // Where none denies at all, why; else empty.
  std::string nothing() const {
    if (actions_.empty()) return "ValidatingAdmissionPolicyBinding: []";
    if (!denies_) return actions_;
    return reaches_ ? "" : "namespaceSelector: 0";
  }
  PolicyActs acts() && {
    if (!acts_) return {std::move(gap_), true, std::nullopt};
    return {"", true, everywhere_ ? std::nullopt : Limits(std::move(namespaces_))};
  }

 private:
  void add(const base::Value& spec, const Limits& limits, bool on_updates) {
    if (actions_.empty()) actions_ = actions_of(spec);
    if (!denies(spec)) return;
    denies_ = true;
    if (limits && limits->empty()) return;
    reaches_ = true;
    const std::string gap = binding_gap(spec, on_updates);
    if (gap_.empty()) gap_ = gap;
    if (!gap.empty()) return;
    acts_ = true;
    everywhere_ = everywhere_ || !limits;
    if (limits) namespaces_.insert(limits->begin(), limits->end());
  }

  bool denies_ = false, reaches_ = false, acts_ = false, everywhere_ = false;
  std::string actions_, gap_;  // of the first binding that has them
  std::set<std::string> namespaces_;
};

}  // namespace

PolicyActs acts_of(const ClusterFacts& facts, const OtherObject& policy, bool on_updates) {
  Bindings bindings(facts, policy, on_updates);
  if (std::string nothing = bindings.nothing(); !nothing.empty()) return {std::move(nothing), false, {}};
  std::string gap = admission_gap(policy.document["spec"], on_updates);
  if (!gap.empty()) return {std::move(gap), true, std::nullopt};
  return std::move(bindings).acts();
}

}  // namespace baseline::cluster
