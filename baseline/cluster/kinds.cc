#include "baseline/cluster/kinds.h"

#include <algorithm>
#include <array>

namespace baseline::cluster {
namespace {

constexpr std::string_view kRbacGroup = "rbac.authorization.k8s.io";
constexpr std::string_view kAdmission = "admissionregistration.k8s.io";
constexpr std::string_view kRatify = "config.ratify.deislabs.io";

constexpr bool kClusterScoped = false, kNamespaced = true;
constexpr bool kOptional = true;

constexpr std::array kKinds{
    KindInfo{Kind::kNamespace, "", "v1", "namespaces", "Namespace", kClusterScoped},
    KindInfo{Kind::kServiceAccount, "", "v1", "serviceaccounts", "ServiceAccount"},
    KindInfo{Kind::kRole, kRbacGroup, "v1", "roles", "Role"},
    KindInfo{Kind::kClusterRole, kRbacGroup, "v1", "clusterroles", "ClusterRole", kClusterScoped},
    KindInfo{Kind::kRoleBinding, kRbacGroup, "v1", "rolebindings", "RoleBinding"},
    KindInfo{Kind::kClusterRoleBinding, kRbacGroup, "v1", "clusterrolebindings", "ClusterRoleBinding",
             kClusterScoped},
    KindInfo{Kind::kNetworkPolicy, "networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy"},
    KindInfo{Kind::kService, "", "v1", "services", "Service"},
    KindInfo{Kind::kConfigMap, "", "v1", "configmaps", "ConfigMap"},
    KindInfo{Kind::kResourceQuota, "", "v1", "resourcequotas", "ResourceQuota"},
    KindInfo{Kind::kLimitRange, "", "v1", "limitranges", "LimitRange"},
    KindInfo{Kind::kCertificateSigningRequest, "certificates.k8s.io", "v1", "certificatesigningrequests",
             "CertificateSigningRequest", kClusterScoped},
    KindInfo{Kind::kValidatingAdmissionPolicy, kAdmission, "v1 v1beta1", "validatingadmissionpolicies",
             "ValidatingAdmissionPolicy", kClusterScoped, kOptional},
    KindInfo{Kind::kValidatingAdmissionPolicyBinding, kAdmission, "v1 v1beta1",
             "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", kClusterScoped,
             kOptional},
    KindInfo{Kind::kValidatingWebhook, kAdmission, "v1", "validatingwebhookconfigurations",
             "ValidatingWebhookConfiguration", kClusterScoped},
    KindInfo{Kind::kMutatingWebhook, kAdmission, "v1", "mutatingwebhookconfigurations",
             "MutatingWebhookConfiguration", kClusterScoped},
    KindInfo{Kind::kPodSecurityPolicy, "policy", "v1beta1", "podsecuritypolicies", "PodSecurityPolicy",
             kClusterScoped, kOptional},
    KindInfo{Kind::kKyvernoClusterPolicy, "kyverno.io", "v1 v2beta1", "clusterpolicies", "ClusterPolicy",
             kClusterScoped, kOptional},
    KindInfo{Kind::kKyvernoPolicy, "kyverno.io", "v1 v2beta1", "policies", "Policy", kNamespaced, kOptional},
    KindInfo{Kind::kKyvernoValidatingPolicy, "policies.kyverno.io", "v1 v1beta1 v1alpha1",
             "validatingpolicies", "ValidatingPolicy", kClusterScoped, kOptional},
    KindInfo{Kind::kKyvernoImageValidatingPolicy, "policies.kyverno.io", "v1 v1beta1 v1alpha1",
             "imagevalidatingpolicies", "ImageValidatingPolicy", kClusterScoped, kOptional},
    KindInfo{Kind::kKyvernoException, "kyverno.io", "v2 v2beta1 v2alpha1", "policyexceptions",
             "PolicyException", kNamespaced, kOptional},
    KindInfo{Kind::kKyvernoCelException, "policies.kyverno.io", "v1 v1beta1 v1alpha1", "policyexceptions",
             "PolicyException", kNamespaced, kOptional},
    KindInfo{Kind::kGatekeeperTemplate, "templates.gatekeeper.sh", "v1 v1beta1", "constrainttemplates",
             "ConstraintTemplate", kClusterScoped, kOptional},
    KindInfo{Kind::kGatekeeperConstraint, "constraints.gatekeeper.sh", "v1beta1 v1alpha1", "*", "*",
             kClusterScoped, kOptional},
    KindInfo{Kind::kGatekeeperConfig, "config.gatekeeper.sh", "v1alpha1", "configs", "Config", kNamespaced,
             kOptional},
    KindInfo{Kind::kSigstoreImagePolicy, "policy.sigstore.dev", "v1beta1 v1alpha1", "clusterimagepolicies",
             "ClusterImagePolicy", kClusterScoped, kOptional},
    KindInfo{Kind::kRatifyVerifier, kRatify, "v1beta1", "verifiers", "Verifier", kClusterScoped, kOptional},
    KindInfo{Kind::kRatifyStore, kRatify, "v1beta1", "stores", "Store", kClusterScoped, kOptional},
    KindInfo{Kind::kRatifyPolicy, kRatify, "v1beta1", "policies", "Policy", kClusterScoped, kOptional},
    KindInfo{Kind::kVulnerabilityReport, "aquasecurity.github.io", "v1alpha1", "vulnerabilityreports",
             "VulnerabilityReport", kNamespaced, kOptional},
    KindInfo{Kind::kExternalSecret, "external-secrets.io", "v1 v1beta1", "externalsecrets", "ExternalSecret",
             kNamespaced, kOptional},
    KindInfo{Kind::kSecretProviderClass, "secrets-store.csi.x-k8s.io", "v1 v1alpha1", "secretproviderclasses",
             "SecretProviderClass", kNamespaced, kOptional},
    KindInfo{Kind::kSealedSecret, "bitnami.com", "v1alpha1", "sealedsecrets", "SealedSecret", kNamespaced,
             kOptional},
    KindInfo{Kind::kVaultStaticSecret, "secrets.hashicorp.com", "v1beta1", "vaultstaticsecrets",
             "VaultStaticSecret", kNamespaced, kOptional},
    KindInfo{Kind::kCiliumNetworkPolicy, "cilium.io", "v2", "ciliumnetworkpolicies", "CiliumNetworkPolicy",
             kNamespaced, kOptional},
    KindInfo{Kind::kCiliumClusterwideNetworkPolicy, "cilium.io", "v2", "ciliumclusterwidenetworkpolicies",
             "CiliumClusterwideNetworkPolicy", kClusterScoped, kOptional},
    KindInfo{Kind::kCalicoNetworkPolicy, "crd.projectcalico.org", "v1", "networkpolicies", "NetworkPolicy",
             kNamespaced, kOptional},
    KindInfo{Kind::kCalicoGlobalNetworkPolicy, "crd.projectcalico.org", "v1", "globalnetworkpolicies",
             "GlobalNetworkPolicy", kClusterScoped, kOptional},
    KindInfo{Kind::kPod, "", "v1", "pods", "Pod"},
};

}  // namespace

std::span<const KindInfo> kinds() {
  return kKinds;
}

const KindInfo& info(Kind kind) {
  return *std::ranges::find(kKinds, kind, &KindInfo::kind);
}

std::string resource_name(Kind kind) {
  const KindInfo& of = info(kind);
  return of.group.empty() ? std::string(of.plural) : std::string(of.plural) + "." + std::string(of.group);
}

std::optional<Kind> kind_of(std::string_view api_version, std::string_view kind) {
  const std::size_t slash = api_version.find('/');
  const std::string_view group =
      slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
  const auto* const found = std::ranges::find_if(kKinds, [&](const KindInfo& one) {
    return one.group == group && (one.is_group() || one.name == kind);
  });
  return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

}  // namespace baseline::cluster
