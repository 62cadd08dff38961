#include "objects/pod_defaults.h"

#include <algorithm>
#include <array>
#include <string>

namespace baseline::objects {
namespace {

using cluster::Pod;
using cluster::SecurityProfile;

constexpr std::string_view kPodSeccomp = "seccomp.security.alpha.kubernetes.io/pod";
constexpr std::string_view kContainerSeccomp = "container.seccomp.security.alpha.kubernetes.io/";
constexpr std::string_view kContainerAppArmor = "container.apparmor.security.beta.kubernetes.io/";

SecurityProfile profile_of(std::string_view annotation) {
  constexpr std::string_view kLocalhost = "localhost/";
  if (annotation == "runtime/default" || annotation == "docker/default") return {"RuntimeDefault", {}};
  if (annotation == "unconfined") return {"Unconfined", {}};
  if (annotation.starts_with(kLocalhost)) {
    return {"Localhost", std::string(annotation.substr(kLocalhost.size()))};
  }
  return {};
}

void take_annotation(const Pod& pod, std::string_view prefix, std::string_view name, SecurityProfile& out) {
  if (!out.type.empty()) return;  // the field wins
  const auto found = pod.metadata.annotations.find(std::string(prefix) + std::string(name));
  if (found != pod.metadata.annotations.end()) out = profile_of(found->second);
}

}  // namespace

void complete_pod(const ParseOptions& options, Pod& pod) {
  if (pod.service_account.empty()) pod.service_account = "default";
  if (options.seccomp_annotations) take_annotation(pod, kPodSeccomp, "", pod.security.seccomp);
  const bool annotated = !pod.metadata.annotations.empty();
  for (cluster::Container& container : pod.containers) {
    if (annotated) {
      take_annotation(pod, kContainerAppArmor, container.name, container.security.apparmor);
      if (options.seccomp_annotations) {
        take_annotation(pod, kContainerSeccomp, container.name, container.security.seccomp);
      }
    }
    if (!pod.host_network) continue;
    for (cluster::ContainerPort& port : container.ports) {
      if (port.host_port == 0) port.host_port = port.port;
    }
  }
}

bool is_api_audience(std::string_view audience) {
  return audience.empty() || audience == "api" || audience.find("kubernetes") != std::string_view::npos;
}

bool names_windows(const cluster::Labels& node_selector) {
  return std::ranges::any_of(std::array{"kubernetes.io/os", "beta.kubernetes.io/os"}, [&](const char* key) {
    const auto found = node_selector.find(key);
    return found != node_selector.end() && found->second == "windows";
  });
}

bool is_positive_quantity(std::string_view text) {
  const std::string_view mantissa = text.substr(0, text.find_first_not_of("+.0123456789"));
  return std::ranges::any_of(mantissa, [](char c) { return c >= '1' && c <= '9'; });
}

ResourceFlags resource_flags(const Amounts& requests, const Amounts& limits) {
  ResourceFlags flags;
  flags.cpu_limit = limits.cpu.value_or(false);
  flags.memory_limit = limits.memory.value_or(false);
  flags.cpu_request = requests.cpu.value_or(flags.cpu_limit);
  flags.memory_request = requests.memory.value_or(flags.memory_limit);
  return flags;
}

}  // namespace baseline::objects
