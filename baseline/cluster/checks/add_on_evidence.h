#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "baseline/cluster/object_check.h"
#include "baseline/node_view.h"

// Objects of add-ons and of admission as evidence that a rule is in force. Sources: the reference of
// admissionregistration.k8s.io/v1, and the CRDs of Kyverno, sigstore policy-controller, Ratify and
// Gatekeeper.
namespace baseline::cluster {

// The namespaces that something is limited to; nothing: whatever namespaces there are.
using Limits = std::optional<std::set<std::string>>;

// One thing that is, or comes near to being, a rule in force.
struct Evidence {
  const OtherObject* object = nullptr;
  Phrase actual;
  bool in_force = false;
  Limits only_in = std::nullopt;
};
// Of an object that acts in its own namespace, where it has one.
Limits own_namespace(const OtherObject& object);
// Whether what is in force acts, taken together, in each of these namespaces.
bool in_force_in(const std::vector<Evidence>& evidence, const std::set<std::string>& namespaces);
// The namespaces of the scan, without those of the argument "system-namespaces" and those that are going.
std::set<std::string> namespaces_that_count(const CheckInput& input);

// A label selector as it stands in a document; one with an unknown operator is invalid.
LabelSelector selector_of(const base::Value& document);

// The namespaces that a selector of them matches; those that hold both limits; "3/4" of all there are.
Limits limits_of(const ClusterFacts& facts, const base::Value& namespace_selector);
Limits both(const Limits& one, const Limits& other);
std::string reach_text(const ClusterFacts& facts, const Limits& limits);

// Webhooks of both kinds whose configuration or own name has the word in it.
struct Webhook {
  const OtherObject* configuration = nullptr;
  const base::Value* webhook = nullptr;
};
std::vector<Webhook> webhooks_named(const ClusterFacts& facts, std::string_view word);
// The field for which a webhook is not asked about every pod of the namespaces that it selects; empty: it is.
std::string webhook_gap(const base::Value& webhook, bool on_updates);
// Whether the rules ("rules", "resourceRules") of a webhook or a policy take in the creation of pods, or of
// what makes pods.
bool about_workloads(const base::Value& rules);
// Whether the rules take in every pod as it is made, and on_updates: as it is changed too.
bool about_every_pod(const base::Value& rules, bool on_updates);
// Whether a rule among these could take in a pod.
bool about_some_pod(const base::Value& rules);

// The objects of one kind.
std::vector<const OtherObject*> objects_of(const ClusterFacts& facts, Kind kind);
FindingSubject subject_of(const OtherObject& object);

// " (failurePolicy: Ignore)" where the document says so: then a rule whose server is away lets everything
// pass.
std::string failure_policy(const base::Value& holder);

// What a ValidatingAdmissionPolicy and its bindings come to. What narrows them in a way that cannot be told
// from here (parameters, conditions, selectors of objects) is a gap.
struct PolicyActs {
  std::string gap;         // the field for which it cannot be relied upon; empty: it denies, for every pod
  bool is_partial = true;  // with a gap: it may act on some pods all the same
  Limits only_in = std::nullopt;
  std::string home = {};  // the engine's own namespace, where there is one: it counts as held
};
// Where it is in force, with its home.
Limits held_in(PolicyActs acts);
PolicyActs acts_of(const ClusterFacts& facts, const OtherObject& policy, bool on_updates);
// The gap of the spec of such a policy by itself; what else is written like one has the same fields.
std::string admission_gap(const base::Value& spec, bool on_updates);

// Takes evidence together: Pass with what is in force in each of the namespaces, else Manual with what was
// found, and the namespaces that what is in force leaves out.
ObjectResult conclude_evidence(FindingSet& findings, const std::vector<Evidence>& evidence,
                               const std::set<std::string>& namespaces, const Phrase& expected, Phrase pass,
                               Phrase manual);

}  // namespace baseline::cluster
