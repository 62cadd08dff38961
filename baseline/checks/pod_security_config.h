#pragma once

#include <optional>
#include <string>
#include <vector>

#include "baseline/checks/check_context.h"

namespace baseline {

// What the PodSecurity plugin of an API server does with pods of namespaces that no label speaks for. Source:
// pod-security.admission.config.k8s.io/v1 PodSecurityConfiguration, within the file that
// --admission-control-config-file names or in a file that it names.
struct PodSecurityDefaults {
  std::string enforce = "privileged";
  bool exempts_users = false;                  // some users or runtime classes are let through everywhere
  std::vector<std::string> exempt_namespaces;  // let through whatever their labels say
  bool refuses() const { return !exempts_users && (enforce == "baseline" || enforce == "restricted"); }
};

// Nothing where the plugin is off, or where it cannot be known for certain.
std::optional<PodSecurityDefaults> pod_security_defaults(const ProcessView& apiserver,
                                                         const CheckContext& context);

}  // namespace baseline
