#pragma once

#include <string>
#include <string_view>

#include "baseline/cluster/checks/add_on_evidence.h"

// Policies of Kyverno held against its webhooks. Sources: the CRDs of kyverno.io/v1 and policies.kyverno.io,
// and how Kyverno matches and which failure action it takes. The resource filters of its ConfigMap are not
// known here.
namespace baseline::cluster {

// Whether webhooks of one kind ask Kyverno about pods, and where.
struct KyvernoWebhooks {
  std::string gap = "webhooks: []";
  Limits only_in = std::nullopt;
};
struct KyvernoEngine {
  KyvernoWebhooks validating, mutating;  // images are verified as pods are mutated
  std::string home;                      // its own namespace counts as held, as Gatekeeper's does
  bool on_updates = false;               // pods must be looked at as they are changed too
  // Steps that all policies together may take: whoever may write policies, exceptions and namespaces decides
  // how many there are to be matched with each other. Policies of the whole cluster come first.
  mutable std::size_t steps = 20'000'000;
};
KyvernoEngine kyverno_engine(const ClusterFacts& facts, bool on_updates);

// What one rule of a ClusterPolicy or Policy comes to for pods. `holder` has the rule's own failureAction:
// its validate, or an entry of its verifyImages.
PolicyActs kyverno_acts(const ClusterFacts& facts, const KyvernoEngine& engine, const OtherObject& policy,
                        const base::Value& rule, const base::Value& holder);
// The same for a policy of policies.kyverno.io, whose validationActions must have Deny.
PolicyActs kyverno_cel_acts(const ClusterFacts& facts, const KyvernoEngine& engine,
                            const OtherObject& policy);
// " (failurePolicy: Ignore)", wherever the policy says it.
std::string kyverno_note(const base::Value& spec);

// What match, exclude and the preconditions of a rule leave of all pods.
PolicyActs kyverno_match(const ClusterFacts& facts, const base::Value& rule, bool on_updates);

// Kyverno's patterns: "*" for any text and "?" for one character.
bool kyverno_fits(std::string_view pattern, std::string_view text);
// Whether a pattern is nothing but stars.
bool is_any(std::string_view pattern);
// The namespaces of a list of patterns and a selector, where they are given. The selector's keys and values
// may be patterns too, which are not followed: `generous` takes them as matching, else they match nothing.
Limits kyverno_namespaces(const ClusterFacts& facts, const base::Value& patterns, const base::Value& selector,
                          bool generous);
// All namespaces but these.
Limits without(const ClusterFacts& facts, const Limits& limits, const std::set<std::string>& taken);

}  // namespace baseline::cluster
