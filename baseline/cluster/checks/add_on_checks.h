#pragma once

#include <memory>

#include "baseline/cluster/object_check.h"

// The checks of 5.7.1.1-.3, 5.7.1.13-.18 and 5.7.6.3, for add_on_builtins.cc.
namespace baseline::cluster {

ObjectResult judge_signatures(const CheckInput& input, FindingSet& findings);  // 5.7.1.1, 5.7.1.3
std::unique_ptr<ObjectCheck> vulnerability_reports(const CheckInput& input, FindingSet& findings);  // 5.7.1.2
std::unique_ptr<ObjectCheck> registry_attested(const CheckInput& input,
                                               FindingSet& findings);  // .13-.15, .17, .18
std::unique_ptr<ObjectCheck> allowed_registries(const CheckInput& input, FindingSet& findings);  // 5.7.1.16
std::unique_ptr<ObjectCheck> policy_mechanism(const CheckInput& input, FindingSet& findings);    // 5.7.6.3

}  // namespace baseline::cluster
