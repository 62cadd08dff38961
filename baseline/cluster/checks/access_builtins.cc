#include "baseline/cluster/checks/access_checks.h"
#include "baseline/cluster/checks/verdict.h"

namespace baseline::cluster {

std::vector<ObjectBuiltin> access_builtins() {
  using enum Kind;
  const std::vector<Kind> rights{kRole, kClusterRole, kRoleBinding, kClusterRoleBinding};
  std::vector<Kind> accounts = rights;
  accounts.push_back(kPod);
  std::vector<Kind> tokens = accounts;
  tokens.push_back(kServiceAccount);
  std::vector<Kind> masters = rights;
  masters.push_back(kCertificateSigningRequest);
  return {
      {"default-service-accounts", accounts, {}, default_accounts},
      {"unneeded-tokens", tokens, {}, useless_tokens},
      {"service-account-rights",
       accounts,
       {{"system-namespaces", Parameter::Type::kStringList, false}},
       account_rights,
       RestsOn::kAttestation},
      {"system-masters", masters, {}, fact_check<judge_masters>},
      {"escalating-verbs", rights, {}, fact_check<judge_escalation>},
      {"cluster-admin-bindings", rights, {}, fact_check<judge_cluster_admin>},
      {"role-wildcards", {kRole, kClusterRole}, {}, fact_check<judge_role_wildcards>},
      {"secret-readers", rights, {}, fact_check<judge_secret_readers>},
  };
}

}  // namespace baseline::cluster
