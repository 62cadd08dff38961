#include <algorithm>
#include <array>

#include "baseline/cluster/checks/add_on_checks.h"
#include "baseline/cluster/checks/add_on_evidence.h"
#include "baseline/cluster/checks/add_on_gatekeeper.h"
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

// Whether an entry of verifyImages asks for any signature at all.
bool verifies(const base::Value& entry) {
  const bool wanted = !entry["required"].is_bool() || entry["required"].as_bool();
  return wanted && (filled(entry["attestors"]) || filled(entry["attestations"]) ||
                    !entry["key"].as_string().empty() || entry["keyless"].is_map());
}

void add_kyverno(const ClusterFacts& facts, Kind kind, All& out) {
  const KyvernoState state = kyverno_state(facts);
  for (const OtherObject* policy : objects_of(facts, kind)) {
    for (const base::Value& rule : policy->document["spec"]["rules"].items()) {
      for (const base::Value& entry : rule["verifyImages"].items()) {
        const std::string gap =
            verifies(entry) ? kyverno_gap(state, *policy, entry["failureAction"]) : "required, attestors";
        const std::string what =
            "verifyImages " + listed(entry["imageReferences"]) + failure_policy(policy->document["spec"]);
        out.push_back({policy,
                       gap.empty() ? phrase("addon.verifies", what) : phrase("addon.verifies-not", what, gap),
                       gap.empty(), own_namespace(*policy)});
      }
    }
  }
}

void add_kyverno_cel(const ClusterFacts& facts, All& out) {
  const KyvernoState state = kyverno_state(facts);
  for (const OtherObject* policy : objects_of(facts, Kind::kKyvernoImageValidatingPolicy)) {
    const base::Value& spec = policy->document["spec"];
    std::string gap = kyverno_cel_gap(state, *policy);
    if (gap.empty() && (!filled(spec["attestors"]) || !filled(spec["validations"])))
      gap = "attestors, validations";
    const std::string what = "spec.validations" + failure_policy(spec);
    out.push_back({policy,
                   gap.empty() ? phrase("addon.verifies", what) : phrase("addon.verifies-not", what, gap),
                   gap.empty(),
                   {}});
  }
}

// Of authorities that all let everything pass, or of none, nothing is verified.
bool has_authority(const base::Value& spec) {
  return std::ranges::any_of(spec["authorities"].items(), [](const base::Value& authority) {
    return authority["static"]["action"].as_string() != "pass";
  });
}

void add_sigstore(const ClusterFacts& facts, All& out) {
  Reach reach;
  std::string ignored;
  for (const Webhook& one : webhooks_named(facts, "policy.sigstore.dev")) {
    if (one.configuration->kind != Kind::kValidatingWebhook) continue;
    const Reach of_this = reach_of(facts, (*one.webhook)["namespaceSelector"]);
    if (!of_this.any() || !about_workloads((*one.webhook)["rules"])) continue;
    if (of_this.covered > reach.covered) reach = of_this;
    ignored = failure_policy(*one.webhook);
  }
  for (const OtherObject* policy : objects_of(facts, Kind::kSigstoreImagePolicy)) {
    const base::Value& spec = policy->document["spec"];
    std::string gap;
    if (!reach.any()) {
      gap = "policy.sigstore.dev/include";
    } else if (spec["mode"].as_string() == "warn") {
      gap = "mode: warn";
    } else if (!has_authority(spec)) {
      gap = "authorities";
    }
    std::vector<std::string> globs;
    for (const base::Value& image : spec["images"].items()) globs.push_back(image["glob"].as_string());
    const std::string what = "images [" + join(globs, ", ") + "]";
    out.push_back({policy,
                   gap.empty() ? phrase("addon.verifies-in", what + ignored, reach.text())
                               : phrase("addon.verifies-not", what, gap),
                   gap.empty(),
                   {}});
  }
}

void add_connaisseur(const ClusterFacts& facts, All& out) {
  for (const Webhook& one : webhooks_named(facts, "connaisseur")) {
    const base::Value& hook = *one.webhook;
    const Reach reach = reach_of(facts, hook["namespaceSelector"]);
    std::string gap;
    if (!about_workloads(hook["rules"])) gap = "rules";
    if (!reach.any()) gap = "namespaceSelector";
    const std::string what = hook["name"].as_string() + failure_policy(hook);
    out.push_back({one.configuration,
                   gap.empty() ? phrase("addon.verifies-in", what, reach.text())
                               : phrase("addon.verifies-not", what, gap),
                   gap.empty(),
                   {}});
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
  add_kyverno(input.facts, Kind::kKyvernoClusterPolicy, evidence);
  add_kyverno(input.facts, Kind::kKyvernoPolicy, evidence);
  add_kyverno_cel(input.facts, evidence);
  add_sigstore(input.facts, evidence);
  add_connaisseur(input.facts, evidence);
  add_gatekeeper(input.facts, evidence);
  Phrase manual = evidence.empty() ? phrase("addon.no-verifier") : phrase("addon.weak-verifier");
  return conclude_evidence(findings, evidence, namespaces_that_count(input), expected,
                           phrase("addon.signatures-pass"), std::move(manual));
}

}  // namespace baseline::cluster
