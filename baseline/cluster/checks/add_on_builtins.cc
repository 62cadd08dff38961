#include "baseline/cluster/checks/add_on_checks.h"
#include "baseline/cluster/checks/verdict.h"

namespace baseline::cluster {

std::vector<ObjectBuiltin> add_on_builtins() {
  using enum Kind;
  const std::vector<Kind> verifiers{
      kKyvernoClusterPolicy, kKyvernoPolicy,        kKyvernoImageValidatingPolicy,
      kKyvernoException,     kKyvernoCelException,  kSigstoreImagePolicy,
      kRatifyVerifier,       kRatifyStore,          kRatifyPolicy,
      kGatekeeperTemplate,   kGatekeeperConstraint, kGatekeeperConfig,
      kValidatingWebhook,    kMutatingWebhook,      kNamespace};
  const std::vector<Kind> registries{kKyvernoClusterPolicy,
                                     kKyvernoPolicy,
                                     kKyvernoValidatingPolicy,
                                     kKyvernoException,
                                     kKyvernoCelException,
                                     kGatekeeperTemplate,
                                     kGatekeeperConstraint,
                                     kGatekeeperConfig,
                                     kValidatingAdmissionPolicy,
                                     kValidatingAdmissionPolicyBinding,
                                     kValidatingWebhook,
                                     kMutatingWebhook,
                                     kNamespace};
  std::vector<Kind> mechanisms = registries;
  mechanisms.insert(mechanisms.end(), {kKyvernoImageValidatingPolicy, kPodSecurityPolicy, kPod});
  const BuiltinArgument system{"system-namespaces", Parameter::Type::kStringList, false};
  return {
      {"image-signatures", verifiers, {system}, fact_check<judge_signatures>, RestsOn::kAddOn},
      {"vulnerability-reports",
       {kVulnerabilityReport, kPod},
       {{"maximum-report-age", Parameter::Type::kDuration, false}},
       vulnerability_reports,
       RestsOn::kAddOn},
      {"registry-attested", {}, {}, registry_attested, RestsOn::kAttestation},
      {"allowed-registries", registries, {system}, allowed_registries, RestsOn::kAddOn},
      {"policy-mechanism", mechanisms, {system}, policy_mechanism},
  };
}

}  // namespace baseline::cluster
