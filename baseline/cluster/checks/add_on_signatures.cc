#include <algorithm>

#include "baseline/cluster/checks/add_on_checks.h"
#include "baseline/cluster/checks/add_on_evidence.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/signals.h"
#include "baseline/text.h"

// 5.7.1.1 and 5.7.1.3: a rule that verifies the signatures of images is in force.
namespace baseline::cluster {
namespace {

const std::vector<Kind> kRules{
    Kind::kKyvernoClusterPolicy, Kind::kKyvernoPolicy,  Kind::kKyvernoImageValidatingPolicy,
    Kind::kSigstoreImagePolicy,  Kind::kRatifyVerifier, Kind::kGatekeeperTemplate,
    Kind::kValidatingWebhook,    Kind::kMutatingWebhook};

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
                       gap.empty(), policy->metadata.ns});
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
                   gap.empty(), ""});
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
                   gap.empty(), ""});
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
                   gap.empty(), ""});
  }
}

// Ratify answers Gatekeeper, and which of Gatekeeper's constraints are in force stands in objects whose kinds
// are made at run time and not read: a person has to look.
void add_ratify(const ClusterFacts& facts, All& out) {
  if (objects_of(facts, Kind::kGatekeeperTemplate).empty()) return;
  for (const OtherObject* verifier : objects_of(facts, Kind::kRatifyVerifier)) {
    out.push_back({verifier, phrase("addon.constraints-not-read", "Ratify"), false, ""});
  }
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
  add_ratify(input.facts, evidence);
  Phrase manual = evidence.empty() ? phrase("addon.no-verifier") : phrase("addon.weak-verifier");
  return conclude_evidence(findings, evidence, expected, phrase("addon.signatures-pass"), std::move(manual));
}

}  // namespace baseline::cluster
