#include "baseline/cluster/checks/add_on_checks.h"
#include "baseline/cluster/checks/verdict.h"

namespace baseline::cluster {

std::vector<ObjectBuiltin> add_on_builtins() {
  using enum Kind;
  const std::vector<Kind> verifiers{kKyvernoClusterPolicy, kKyvernoPolicy,  kKyvernoImageValidatingPolicy,
                                    kSigstoreImagePolicy,  kRatifyVerifier, kGatekeeperTemplate,
                                    kValidatingWebhook,    kMutatingWebhook};
  const std::vector<Kind> registries{kKyvernoClusterPolicy,      kKyvernoPolicy,
                                     kKyvernoValidatingPolicy,   kGatekeeperTemplate,
                                     kValidatingAdmissionPolicy, kValidatingAdmissionPolicyBinding,
                                     kValidatingWebhook,         kMutatingWebhook};
  std::vector<Kind> mechanisms = registries;
  mechanisms.insert(mechanisms.end(), {kKyvernoImageValidatingPolicy, kPodSecurityPolicy, kNamespace, kPod});
  return {
      {"image-signatures", verifiers, {}, fact_check<judge_signatures>, RestsOn::kAddOn},
      {"vulnerability-reports",
       {kVulnerabilityReport, kPod},
       {{"maximum-report-age", Parameter::Type::kDuration, false}},
       vulnerability_reports,
       RestsOn::kAddOn},
      {"registry-attested", {}, {}, registry_attested, RestsOn::kAttestation},
      {"allowed-registries", registries, {}, allowed_registries, RestsOn::kAddOn},
      {"policy-mechanism",
       mechanisms,
       {{"system-namespaces", Parameter::Type::kStringList, false}},
       policy_mechanism},
  };
}

}  // namespace baseline::cluster
