#include "baseline/checks/builtins.h"

#include <algorithm>

#include "baseline/checks/builtin_functions.h"

namespace baseline {
namespace {

using Type = Parameter::Type;

const std::vector<Builtin>& builtins() {
  static const std::vector<Builtin> all{
      {"anonymous-auth", {}, check_anonymous_auth},
      {"audit-policy", {}, check_audit_policy},
      {"authorization-mode",
       {{"contains", Type::kString, true}, {"lacks", Type::kString, true}},
       check_authorization_mode},
      {"client-certificate-users", {}, check_client_certificates},
      {"cni-enforces-policies", {{"enforcing-plugins", Type::kStringList, false}}, check_cni_policies},
      {"deny-service-external-ips", {{"expect", Type::kString, false}}, check_external_ips},
      {"encryption-provider", {}, check_encryption_provider},
      {"etcd-separate-ca", {}, check_etcd_separate_ca},
      {"kubelet-read-only-port", {}, check_read_only_port},
      {"kubelet-server-certificate-rotation", {}, check_server_rotation},
      {"kubelet-serving-certificate", {}, check_serving_certificate},
      {"psp-or-security-context-deny", {}, check_security_context_deny},
      {"registry-transport", {}, check_registry_transport},
  };
  return all;
}

}  // namespace

const Builtin* find_builtin(std::string_view name) {
  const auto found = std::ranges::find(builtins(), name, &Builtin::name);
  return found == builtins().end() ? nullptr : &*found;
}

std::vector<std::string> builtin_names() {
  std::vector<std::string> names;
  for (const Builtin& one : builtins()) names.emplace_back(one.name);
  return names;
}

}  // namespace baseline
