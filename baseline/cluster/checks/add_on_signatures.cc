#include <algorithm>
#include <array>
#include <utility>

#include "baseline/cluster/checks/add_on_checks.h"
#include "baseline/cluster/checks/add_on_evidence.h"
#include "baseline/cluster/checks/add_on_gatekeeper.h"
#include "baseline/cluster/checks/add_on_kyverno.h"
#include "baseline/cluster/checks/label_selector.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/signals.h"
#include "baseline/text.h"

// 5.7.1.1 and 5.7.1.3: a rule that verifies the signatures of images is in force.
namespace baseline::cluster {
namespace {

const std::vector<Kind> kRules{
    Kind::kKyvernoClusterPolicy, Kind::kKyvernoPolicy,     Kind::kKyvernoImageValidatingPolicy,
    Kind::kSigstoreImagePolicy,  Kind::kRatifyVerifier,    Kind::kGatekeeperTemplate,
    Kind::kGatekeeperConstraint, Kind::kValidatingWebhook, Kind::kMutatingWebhook};

using All = std::vector<Evidence>;

bool filled(const base::Value& list) {
  return !list.items().empty();
}

std::string listed(const base::Value& texts) {
  std::vector<std::string> out;
  for (const base::Value& one : texts.items()) out.push_back(one.as_string());
  return "[" + join(out, ", ") + "]";
}

bool has_attestor(const base::Value& sets) {
  return std::ranges::any_of(sets.items(), [](const base::Value& set) { return filled(set["entries"]); });
}

// Why an entry of verifyImages does not ask for a signature of every image.
std::string entry_gap(const base::Value& entry) {
  if (entry["required"].is_bool() && !entry["required"].as_bool()) return "required: false";
  const bool attested = std::ranges::any_of(
      entry["attestations"].items(), [](const base::Value& one) { return has_attestor(one["attestors"]); });
  if (!attested && !has_attestor(entry["attestors"]) && entry["key"].as_string().empty()) return "attestors";
  const auto takes_all = [](const base::Value& one) { return is_any(one.as_string()); };
  if (!takes_all(entry["image"]) && std::ranges::none_of(entry["imageReferences"].items(), takes_all))
    return "imageReferences";
  return filled(entry["skipImageReferences"]) ? "skipImageReferences" : "";
}

// What is in force, and what comes near: `gap` is what is known against it beside that.
Evidence evidence_of(const ClusterFacts& facts, const OtherObject& object, std::string what, PolicyActs acts,
                     const std::string& gap, const std::string& note) {
  if (acts.gap.empty()) what += "; namespaces " + reach_text(facts, acts.only_in);
  what += note;
  if (!acts.gap.empty() || !gap.empty()) {
    const bool nothing = !acts.gap.empty() && !acts.is_partial;
    return {&object,
            phrase(nothing ? "addon.verifies-not" : "addon.verifies-partly", what,
                   acts.gap.empty() ? gap : acts.gap),
            false, std::nullopt};
  }
  return {&object, phrase("addon.verifies", what), true, held_in(std::move(acts))};
}

void add_kyverno(const ClusterFacts& facts, const KyvernoEngine& engine, Kind kind, All& out) {
  for (const OtherObject* policy : objects_of(facts, kind)) {
    const base::Value& spec = policy->document["spec"];
    for (const base::Value& rule : spec["rules"].items()) {
      for (const base::Value& entry : rule["verifyImages"].items()) {
        out.push_back(evidence_of(facts, *policy, "verifyImages " + listed(entry["imageReferences"]),
                                  kyverno_acts(facts, engine, *policy, rule, entry), entry_gap(entry),
                                  kyverno_note(spec)));
      }
    }
  }
}

bool mentions(const base::Value& validations, std::string_view word) {
  return std::ranges::any_of(validations.items(), [&](const base::Value& one) {
    return one["expression"].as_string().find(word) != std::string::npos;
  });
}

// Why an ImageValidatingPolicy does not ask for a signature of every image.
std::string cel_gap(const base::Value& spec) {
  const auto takes_all = [](const base::Value& one) { return is_any(one["glob"].as_string()); };
  if (std::ranges::none_of(spec["matchImageReferences"].items(), takes_all)) return "matchImageReferences";
  if (!filled(spec["attestors"])) return "attestors";
  const base::Value& validations = spec["validations"];
  if (!mentions(validations, "verifyImageSignatures") &&
      !mentions(validations, "verifyAttestationSignatures"))
    return "validations";
  return mentions(validations, "initContainers") ? "" : "validations: initContainers";
}

void add_kyverno_cel(const ClusterFacts& facts, const KyvernoEngine& engine, All& out) {
  for (const OtherObject* policy : objects_of(facts, Kind::kKyvernoImageValidatingPolicy)) {
    const base::Value& spec = policy->document["spec"];
    out.push_back(evidence_of(facts, *policy, "spec.validations", kyverno_cel_acts(facts, engine, *policy),
                              cel_gap(spec), failure_policy(spec)));
  }
}

// Webhooks with a word in their name that are asked about every pod, and where. Their own namespace counts as
// held, as Gatekeeper's does.
PolicyActs acts_of_webhook(const ClusterFacts& facts, const Webhook& one) {
  const base::Value& hook = *one.webhook;
  PolicyActs acts{webhook_gap(hook, /*on_updates=*/true), true, limits_of(facts, hook["namespaceSelector"])};
  if (acts.gap.empty() && acts.only_in && acts.only_in->empty())
    acts = {"namespaceSelector: " + reach_text(facts, acts.only_in), false, std::nullopt};
  acts.home = hook.at("clientConfig.service.namespace").as_string();
  return acts;
}

// Any one authority is enough to let an image in: none may let everything pass.
bool has_authorities(const base::Value& spec) {
  return filled(spec["authorities"]) &&
         std::ranges::none_of(spec["authorities"].items(), [](const base::Value& authority) {
           return authority["static"]["action"].as_string() == "pass";
         });
}

bool about_all_pods(const base::Value& match) {
  return !filled(match) || std::ranges::any_of(match.items(), [](const base::Value& one) {
    return one["resource"].as_string() == "pods" && one["group"].as_string().empty() &&
           one["version"].as_string() == "v1" && matches_all(selector_of(one["selector"]));
  });
}

bool is_unready(const base::Value& status) {
  return std::ranges::any_of(status["conditions"].items(), [](const base::Value& one) {
    return one["type"].as_string() == "Ready" && one["status"].as_string() == "False";
  });
}

// Why a ClusterImagePolicy does not hold for every image. What becomes of images that no policy takes in
// stands in a ConfigMap (no-match-policy) and is not known here; one star does not go past a slash.
std::string sigstore_gap(const OtherObject& policy) {
  const base::Value& spec = policy.document["spec"];
  if (is_unready(policy.document["status"])) return "status.conditions: Ready";
  if (!has_authorities(spec)) return "authorities";
  if (!about_all_pods(spec["match"])) return "match";
  const bool all = std::ranges::any_of(
      spec["images"].items(), [](const base::Value& image) { return image["glob"].as_string() == "**"; });
  return all ? "" : "images";
}

void add_sigstore(const ClusterFacts& facts, All& out) {
  PolicyActs webhook{"policy.sigstore.dev/include", false, std::nullopt};
  std::string note;
  for (const Webhook& one : webhooks_named(facts, "policy.sigstore.dev")) {
    if (one.configuration->kind != Kind::kValidatingWebhook || !about_workloads((*one.webhook)["rules"]))
      continue;
    webhook = acts_of_webhook(facts, one);
    note = failure_policy(*one.webhook);
    if (webhook.gap.empty()) break;
  }
  for (const OtherObject* policy : objects_of(facts, Kind::kSigstoreImagePolicy)) {
    const base::Value& spec = policy->document["spec"];
    std::vector<std::string> globs;
    for (const base::Value& image : spec["images"].items()) globs.push_back(image["glob"].as_string());
    PolicyActs acts = webhook;
    if (acts.gap.empty() && spec["mode"].as_string() == "warn") acts = {"mode: warn", false, std::nullopt};
    out.push_back(evidence_of(facts, *policy, "images [" + join(globs, ", ") + "]", std::move(acts),
                              sigstore_gap(*policy), note));
  }
}

// What Connaisseur verifies, and whether it refuses at all, stands in its configuration, which is no object
// that can be read for it: its webhook shows no more than where it is asked.
void add_connaisseur(const ClusterFacts& facts, All& out) {
  for (const Webhook& one : webhooks_named(facts, "connaisseur")) {
    const base::Value& hook = *one.webhook;
    out.push_back(evidence_of(facts, *one.configuration, hook["name"].as_string(),
                              acts_of_webhook(facts, one), "application.policy, detectionMode",
                              failure_policy(hook)));
  }
}

bool verifies_signatures(const base::Value& spec) {
  const std::string& name =
      spec["type"].as_string().empty() ? spec["name"].as_string() : spec["type"].as_string();
  return name == "notation" || name == "notaryv2" || name == "cosign";
}

// A trust policy of Notation that does not refuse what it cannot verify.
bool lets_pass(const base::Value& spec) {
  const base::Value& policies = spec.at("parameters.trustPolicyDoc.trustPolicies");
  return std::ranges::any_of(policies.items(), [](const base::Value& one) {
    const std::string& level = one.at("signatureVerification.level").as_string();
    return level == "skip" || level == "audit";
  });
}

// Why Ratify's answers say nothing about signatures: it takes a store to find them in, verifiers of nothing
// else, and a policy that is no program.
std::string ratify_gap(const ClusterFacts& facts) {
  if (objects_of(facts, Kind::kRatifyStore).empty()) return "Store: []";
  const auto verifiers = objects_of(facts, Kind::kRatifyVerifier);
  if (verifiers.empty()) return "Verifier: []";
  for (const OtherObject* one : verifiers) {
    const base::Value& spec = one->document["spec"];
    if (!verifies_signatures(spec) || lets_pass(spec)) return "Verifier: " + one->metadata.name;
  }
  const auto policies = objects_of(facts, Kind::kRatifyPolicy);
  if (policies.empty()) return "Policy: []";
  for (const OtherObject* one : policies) {
    const std::string& type = one->document["spec"]["type"].as_string();
    if (type != "config-policy") return "Policy: " + type;
  }
  return {};
}

bool about_signatures(std::string_view kind) {
  constexpr auto kWords = std::to_array<std::string_view>({"Ratify", "Signature", "Signed", "Cosign"});
  return std::ranges::any_of(
      kWords, [&](std::string_view word) { return kind.find(word) != std::string_view::npos; });
}

// Ratify answers Gatekeeper, whose constraints refuse.
void add_gatekeeper(const ClusterFacts& facts, All& out) {
  for (ConstraintActs& acts : constraints_of(facts, about_signatures)) {
    const OtherObject& constraint = *acts.constraint;
    std::string gap = "ConstraintTemplate";
    if (constraint.type == "RatifyVerification") {
      gap = template_gap(facts, constraint, {"external_data", "isSuccess", "initContainers"});
      if (gap.empty()) gap = ratify_gap(facts);
    }
    out.push_back(evidence_of(std::move(acts), std::move(gap), "addon.verifies", "addon.verifies-not",
                              "addon.verifies-partly"));
  }
  for (const OtherObject* one : idle_templates(facts, about_signatures))
    out.push_back({one, phrase("addon.verifies-not", one->metadata.name, "constraints: []"), false, {}});
}

}  // namespace

ObjectResult judge_signatures(const CheckInput& input, FindingSet& findings) {
  const Phrase expected = phrase("addon.expected-verified");
  const auto& told = input.context.signals;
  // Of several API servers, one that lacks the plugin is enough to let an image in.
  if (told.contains(std::string(signals::kImagePolicyWebhook)) &&
      !told.contains(std::string(signals::kNoImagePolicyWebhook))) {
    findings.add({"kube-apiserver", "", "--enable-admission-plugins", "", nullptr, nullptr}, Status::kPass,
                 expected, phrase("addon.image-policy-webhook"));
    return findings.take(Status::kPass, phrase("addon.webhook-pass"));
  }
  if (auto none = nothing_given(input, kRules)) return findings.take(Status::kNotChecked, *none);
  All evidence;
  const KyvernoEngine engine = kyverno_engine(input.facts, /*on_updates=*/true);
  add_kyverno(input.facts, engine, Kind::kKyvernoClusterPolicy, evidence);
  add_kyverno(input.facts, engine, Kind::kKyvernoPolicy, evidence);
  add_kyverno_cel(input.facts, engine, evidence);
  add_sigstore(input.facts, evidence);
  add_connaisseur(input.facts, evidence);
  add_gatekeeper(input.facts, evidence);
  Phrase manual = evidence.empty() ? phrase("addon.no-verifier") : phrase("addon.weak-verifier");
  return conclude_evidence(findings, evidence, namespaces_that_count(input), expected,
                           phrase("addon.signatures-pass"), std::move(manual));
}

}  // namespace baseline::cluster
