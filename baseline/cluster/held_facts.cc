#include "baseline/cluster/held_facts.h"

#include <utility>
#include <variant>
#include <vector>

namespace baseline::cluster {
namespace {

// Puts each object into its place among the facts and names its kind.
struct Keeper {
  ClusterFacts& facts;

  Kind operator()(Namespace&& v) const { return keep(facts.namespaces, std::move(v), Kind::kNamespace); }
  Kind operator()(ServiceAccount&& v) const {
    return keep(facts.service_accounts, std::move(v), Kind::kServiceAccount);
  }
  Kind operator()(Role&& v) const {
    const Kind kind = v.cluster ? Kind::kClusterRole : Kind::kRole;
    return keep(facts.roles, std::move(v), kind);
  }
  Kind operator()(RoleBinding&& v) const {
    const Kind kind = v.cluster ? Kind::kClusterRoleBinding : Kind::kRoleBinding;
    return keep(facts.bindings, std::move(v), kind);
  }
  Kind operator()(NetworkPolicy&& v) const {
    const Kind kind = v.kind;
    return keep(facts.network_policies, std::move(v), kind);
  }
  Kind operator()(Service&& v) const { return keep(facts.services, std::move(v), Kind::kService); }
  Kind operator()(ConfigMap&& v) const {
    if (v.secret_keys.empty() && v.private_keys.empty()) return Kind::kConfigMap;
    return keep(facts.config_maps, std::move(v), Kind::kConfigMap);
  }
  Kind operator()(ResourceQuota&& v) const { return keep(facts.quotas, std::move(v), Kind::kResourceQuota); }
  Kind operator()(LimitRange&& v) const { return keep(facts.limit_ranges, std::move(v), Kind::kLimitRange); }
  Kind operator()(CertificateSigningRequest&& v) const {
    return keep(facts.certificate_requests, std::move(v), Kind::kCertificateSigningRequest);
  }
  Kind operator()(VulnerabilityReport&& v) const {
    return keep(facts.vulnerability_reports, std::move(v), Kind::kVulnerabilityReport);
  }
  Kind operator()(OtherObject&& v) const {
    const Kind kind = v.kind;
    return keep(facts.others[kind], std::move(v), kind);
  }
  Kind operator()(Pod&& /*pod*/) const { return Kind::kPod; }

 private:
  template <typename T>
  static Kind keep(std::vector<T>& place, T&& object, Kind kind) {
    place.push_back(std::forward<T>(object));
    return kind;
  }
};

template <typename T>
void erase(std::vector<T>& place, Kind kind, const std::function<bool(const Metadata&)>& which) {
  std::erase_if(place, [&](const T& object) {
    if constexpr (requires { object.kind; }) {
      if (object.kind != kind) return false;
    } else if constexpr (requires { object.cluster; }) {
      if (object.cluster == info(kind).namespaced) return false;
    }
    return which(object.metadata);
  });
}

}  // namespace

Kind hold(ClusterFacts& facts, Object&& object) {
  return std::visit(Keeper{facts}, std::move(object));
}

void let_go(ClusterFacts& facts, Kind kind, const std::function<bool(const Metadata&)>& which) {
  switch (kind) {
    case Kind::kNamespace:
      return erase(facts.namespaces, kind, which);
    case Kind::kServiceAccount:
      return erase(facts.service_accounts, kind, which);
    case Kind::kRole:
    case Kind::kClusterRole:
      return erase(facts.roles, kind, which);
    case Kind::kRoleBinding:
    case Kind::kClusterRoleBinding:
      return erase(facts.bindings, kind, which);
    case Kind::kNetworkPolicy:
    case Kind::kCiliumNetworkPolicy:
    case Kind::kCiliumClusterwideNetworkPolicy:
    case Kind::kCalicoNetworkPolicy:
    case Kind::kCalicoGlobalNetworkPolicy:
      return erase(facts.network_policies, kind, which);
    case Kind::kService:
      return erase(facts.services, kind, which);
    case Kind::kConfigMap:
      return erase(facts.config_maps, kind, which);
    case Kind::kResourceQuota:
      return erase(facts.quotas, kind, which);
    case Kind::kLimitRange:
      return erase(facts.limit_ranges, kind, which);
    case Kind::kCertificateSigningRequest:
      return erase(facts.certificate_requests, kind, which);
    case Kind::kVulnerabilityReport:
      return erase(facts.vulnerability_reports, kind, which);
    case Kind::kPod:
      return;
    default:
      return erase(facts.others[kind], kind, which);
  }
}

}  // namespace baseline::cluster
