#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

// The kinds of objects that requirements about a cluster are judged by.
namespace baseline::cluster {

enum class Kind {
  kNamespace,
  kServiceAccount,
  kRole,
  kClusterRole,
  kRoleBinding,
  kClusterRoleBinding,
  kNetworkPolicy,
  kService,
  kConfigMap,
  kResourceQuota,
  kLimitRange,
  kCertificateSigningRequest,
  kValidatingAdmissionPolicy,
  kValidatingAdmissionPolicyBinding,
  kValidatingWebhook,
  kMutatingWebhook,
  kPodSecurityPolicy,
  // Add-ons: there only where their CRD is installed.
  kKyvernoClusterPolicy,
  kKyvernoPolicy,
  kKyvernoValidatingPolicy,
  kKyvernoImageValidatingPolicy,
  kKyvernoException,     // PolicyException, of policies with rules
  kKyvernoCelException,  // PolicyException, of policies in CEL
  kGatekeeperTemplate,
  kGatekeeperConstraint,  // of every kind that a template makes
  kGatekeeperConfig,
  kSigstoreImagePolicy,
  kRatifyVerifier,
  kRatifyStore,
  kRatifyPolicy,
  kVulnerabilityReport,
  kExternalSecret,
  kSecretProviderClass,
  kSealedSecret,
  kVaultStaticSecret,
  kCiliumNetworkPolicy,
  kCiliumClusterwideNetworkPolicy,
  kCalicoNetworkPolicy,
  kCalicoGlobalNetworkPolicy,
  // Last: pods are judged one by one against all of the above.
  kPod,
};

struct KindInfo {
  Kind kind;
  std::string_view group;     // "" for the core group
  std::string_view versions;  // preferred first, separated by spaces: "v1 v1beta1"
  std::string_view plural;
  std::string_view name;  // "ClusterRole"
  bool namespaced = true;
  bool optional = false;  // an add-on or a version's own kind: not served is an answer, no error

  // Stands for every resource of its group, whose names are made at run time: `plural` and `name` are "*".
  bool is_group() const { return plural == "*"; }
};

// Every kind, in the order in which they are to be read.
std::span<const KindInfo> kinds();
const KindInfo& info(Kind kind);
// "networkpolicies.networking.k8s.io", "pods": as RBAC rules and messages name it.
std::string resource_name(Kind kind);
// By apiVersion and kind of a manifest; any version of the group counts.
std::optional<Kind> kind_of(std::string_view api_version, std::string_view kind);

}  // namespace baseline::cluster
