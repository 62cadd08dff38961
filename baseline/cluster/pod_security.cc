#include "baseline/cluster/pod_security.h"

#include <algorithm>
#include <array>
#include <vector>

#include "baseline/text.h"

namespace baseline::cluster {
namespace {

constexpr std::string_view kUnconfined = "Unconfined";

// AppArmor, seccomp: of two, the nearer one that says something.
const SecurityProfile& nearer(const SecurityProfile& own, const SecurityProfile& of_pod) {
  return own.type.empty() ? of_pod : own;
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, upper, upper);
}

// The field that holds a setting, as findings name it.
std::string field(bool of_container, std::string_view name) {
  return (of_container ? "securityContext." : "spec.securityContext.") + std::string(name);
}

Phrase setting(std::string name, std::string value) {
  return phrase("workload.setting", std::move(name), std::move(value));
}

Phrase profile_setting(bool of_container, std::string_view name, const SecurityProfile& profile) {
  const std::string value = profile.localhost.empty() ? profile.type : profile.type + " " + profile.localhost;
  return setting(field(of_container, name) + ".type", value);
}

Phrase privileged() {
  return setting("securityContext.privileged", "true");
}

}  // namespace

bool names_capability(std::string_view entry, std::string_view capability) {
  constexpr std::string_view kPrefix = "CAP_";
  if (equal_ignoring_case(entry.substr(0, kPrefix.size()), kPrefix)) entry.remove_prefix(kPrefix.size());
  return equal_ignoring_case(entry, capability);
}

bool lists_capability(const std::vector<std::string>& list, std::string_view capability) {
  return std::ranges::any_of(list, [&](const std::string& entry) {
    return names_capability(entry, capability) || names_capability(entry, "ALL");
  });
}

bool is_default_capability(std::string_view capability) {
  constexpr std::array<std::string_view, 14> kGiven{
      "AUDIT_WRITE",      "CHOWN",   "DAC_OVERRIDE", "FOWNER", "FSETID",  "KILL",   "MKNOD",
      "NET_BIND_SERVICE", "NET_RAW", "SETFCAP",      "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"};
  return std::ranges::any_of(kGiven,
                             [&](std::string_view given) { return names_capability(capability, given); });
}

bool holds_capability(const Container& container, std::string_view capability) {
  const SecurityContext& own = container.security;
  if (own.privileged.value_or(false) || lists_capability(own.capabilities_add, capability)) return true;
  return is_default_capability(capability) && !lists_capability(own.capabilities_drop, capability);
}

EffectiveSecurity effective_security(const Pod& pod, const Container& container) {
  const SecurityContext& own = container.security;
  EffectiveSecurity out;
  out.privileged = own.privileged.value_or(false);
  out.run_as_user = own.run_as_user ? own.run_as_user : pod.security.run_as_user;
  out.run_as_non_root = own.run_as_non_root.value_or(pod.security.run_as_non_root.value_or(false));
  out.seccomp = nearer(own.seccomp, pod.security.seccomp);
  out.apparmor = nearer(own.apparmor, pod.security.apparmor);
  const SecurityContext& selinux = own.selinux ? own : pod.security;
  out.selinux = selinux.selinux;
  out.selinux_type = selinux.selinux_type;
  out.allow_privilege_escalation = own.allow_privilege_escalation.value_or(true) || out.privileged ||
                                   lists_capability(own.capabilities_add, "SYS_ADMIN");
  out.read_only_root_filesystem = own.read_only_root_filesystem.value_or(false);
  out.host_process = own.host_process.value_or(pod.security.host_process.value_or(false));
  return out;
}

SpecAnswer spec_user(const Pod& pod, const Container& container) {
  const EffectiveSecurity is = effective_security(pod, container);
  if (is.run_as_user) {
    const bool own = container.security.run_as_user.has_value();
    return {*is.run_as_user == 0 ? Status::kFail : Status::kPass,
            setting(field(own, "runAsUser"), std::to_string(*is.run_as_user))};
  }
  if (!is.run_as_non_root) return {Status::kManual, phrase("workload.user-of-image")};
  const bool own = container.security.run_as_non_root.has_value();
  return {Status::kPass, setting(field(own, "runAsNonRoot"), "true")};
}

SpecAnswer spec_mandatory_access(const Pod& pod, const Container& container) {
  constexpr std::string_view kSuperPrivileged = "spc_t";
  const EffectiveSecurity is = effective_security(pod, container);
  if (is.privileged) return {Status::kFail, privileged()};
  if (is.selinux_type == kSuperPrivileged) {
    return {Status::kFail,
            setting(field(container.security.selinux, "seLinuxOptions.type"), is.selinux_type)};
  }
  if (is.apparmor.type.empty()) return {Status::kManual, phrase("workload.confinement-of-node")};
  // The kubelet starts no container with a profile where AppArmor is not enabled.
  return {is.apparmor.type == kUnconfined ? Status::kFail : Status::kPass,
          profile_setting(!container.security.apparmor.type.empty(), "appArmorProfile", is.apparmor)};
}

SpecAnswer spec_seccomp(const Pod& pod, const Container& container) {
  const EffectiveSecurity is = effective_security(pod, container);
  if (is.privileged) return {Status::kFail, privileged()};  // runtimes pass over its profile
  if (is.seccomp.type.empty()) return {Status::kManual, phrase("workload.seccomp-of-node")};
  return {is.seccomp.type == kUnconfined ? Status::kFail : Status::kPass,
          profile_setting(!container.security.seccomp.type.empty(), "seccompProfile", is.seccomp)};
}

SpecAnswer spec_listening(const Pod& /*pod*/, const Container& container) {
  std::vector<std::string> declared;
  for (const ContainerPort& port : container.ports) {
    declared.push_back(std::to_string(port.port) + "/" + port.protocol);
  }
  std::ranges::sort(declared);
  if (declared.empty()) return {Status::kManual, phrase("workload.listening-nothing-declared")};
  return {Status::kManual, phrase("workload.listening-unread", join(declared, ", "))};
}

Phrase expected_user() {
  return phrase("workload.user.expected");
}

Phrase expected_mandatory_access() {
  return phrase("workload.confinement.expected");
}

Phrase expected_seccomp() {
  return phrase("workload.seccomp.expected");
}

Phrase expected_listening() {
  return phrase("workload.listening.expected");
}

}  // namespace baseline::cluster
