#pragma once

#include <memory>

#include "baseline/cluster/object_check.h"

// The checks of 5.7.3 and 5.7.4.5, for access_builtins.cc.
namespace baseline::cluster {

// access_accounts.cc
std::unique_ptr<ObjectCheck> default_accounts(const CheckInput& input, FindingSet& findings);  // 5.7.3.1
std::unique_ptr<ObjectCheck> account_rights(const CheckInput& input, FindingSet& findings);    // 5.7.3.3
// access_tokens.cc
std::unique_ptr<ObjectCheck> useless_tokens(const CheckInput& input, FindingSet& findings);  // 5.7.3.2

// access_rights.cc
ObjectResult judge_masters(const CheckInput& input, FindingSet& findings);         // 5.7.3.4
ObjectResult judge_escalation(const CheckInput& input, FindingSet& findings);      // 5.7.3.5
ObjectResult judge_cluster_admin(const CheckInput& input, FindingSet& findings);   // 5.7.3.6
ObjectResult judge_role_wildcards(const CheckInput& input, FindingSet& findings);  // 5.7.3.7
ObjectResult judge_secret_readers(const CheckInput& input, FindingSet& findings);  // 5.7.4.5

}  // namespace baseline::cluster
