#pragma once

#include <memory>

#include "baseline/cluster/object_check.h"

// The checks of 5.7.5.5 and 5.8.2.2-.3, for network_builtins.cc.
namespace baseline::cluster {

std::unique_ptr<ObjectCheck> used_policies(const CheckInput& input, FindingSet& findings);       // 5.8.2.2
std::unique_ptr<ObjectCheck> covered_namespaces(const CheckInput& input, FindingSet& findings);  // 5.8.2.3
std::unique_ptr<ObjectCheck> node_ports(const CheckInput& input, FindingSet& findings);          // 5.7.5.5

// Every kind of network policy.
inline constexpr Kind kPolicyKinds[] = {Kind::kNetworkPolicy, Kind::kCiliumNetworkPolicy,
                                        Kind::kCiliumClusterwideNetworkPolicy, Kind::kCalicoNetworkPolicy,
                                        Kind::kCalicoGlobalNetworkPolicy};

}  // namespace baseline::cluster
