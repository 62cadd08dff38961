#include "baseline/cluster/checks/network_checks.h"

namespace baseline::cluster {

std::vector<ObjectBuiltin> network_builtins() {
  std::vector<Kind> policies(std::begin(kPolicyKinds), std::end(kPolicyKinds));
  policies.push_back(Kind::kPod);
  std::vector<Kind> services = policies;
  services.push_back(Kind::kService);
  return {
      {"policies-select-pods", policies, {}, used_policies},
      {"namespaces-have-policies",
       policies,
       {{"system-namespaces", Parameter::Type::kStringList, false}},
       covered_namespaces},
      {"node-ports", services, {}, node_ports},
  };
}

}  // namespace baseline::cluster
