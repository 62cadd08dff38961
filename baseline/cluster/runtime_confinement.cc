// What confines a container's process: AppArmor or SELinux (5.7.2.1), seccomp (5.7.2.15).
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/go_scalar.h"
#include "baseline/cluster/runtime_rows.h"
#include "baseline/settings.h"

namespace baseline::cluster {
namespace {

// The type in an SELinux context, "user:role:type:level"; empty for any other label.
std::string_view selinux_type(std::string_view label) {
  const std::size_t first = label.find(':');
  const std::size_t second = first == std::string_view::npos ? first : label.find(':', first + 1);
  if (second == std::string_view::npos || label.find(" (") != std::string_view::npos) return {};
  const std::string_view rest = label.substr(second + 1);
  return rest.substr(0, rest.find(':'));
}

bool is_free_type(std::string_view type) {
  constexpr std::array<std::string_view, 8> kFree{"spc_t",    "unconfined_t", "unconfined_service_t",
                                                  "init_t",   "initrc_t",     "container_runtime_t",
                                                  "kernel_t", "crio_t"};
  return std::ranges::find(kFree, type) != kFree.end();
}

// Types made for containers: those of the container policy, of its predecessor, and of policies generated for
// one application.
bool is_container_type(std::string_view type) {
  return type.starts_with("container_") || type.starts_with("svirt_") || type.ends_with(".process");
}

SpecAnswer judge_selinux(std::string_view type, const std::string& label, const facts::Lsm& lsm) {
  if (is_free_type(type)) return {Status::kFail, phrase("runtime.confinement.unconfined", label)};
  if (!lsm.known()) return {Status::kError, phrase("runtime.confinement.kernel-unknown")};
  if (!lsm.selinux() || !lsm.selinux_enforcing()) {
    return {Status::kFail, phrase("runtime.confinement.permissive", label)};
  }
  if (is_container_type(type)) return {Status::kPass, {}};
  return {Status::kManual, phrase("runtime.confinement.other-type", label)};
}

// AppArmor: "profile (mode)", or "unconfined".
SpecAnswer judge_apparmor(const std::string& label) {
  if (label.ends_with(" (enforce)") || label.ends_with(" (kill)")) return {Status::kPass, {}};
  return {Status::kFail, phrase("runtime.confinement.unconfined", label)};
}

bool is_without_lsm(const facts::Lsm& lsm) {
  return lsm.known() && !lsm.apparmor() && !(lsm.selinux() && lsm.selinux_enforcing());
}

SpecAnswer judge_process(const facts::Container& process, const facts::Lsm& lsm) {
  const std::string& label = process.lsm_label();
  if (label.empty()) {
    if (is_without_lsm(lsm)) return {Status::kFail, phrase("runtime.confinement.none")};
    return {Status::kError, lsm.known() ? phrase("runtime.confinement.no-label")
                                        : phrase("runtime.confinement.kernel-unknown")};
  }
  const std::string_view type = selinux_type(label);
  return type.empty() ? judge_apparmor(label) : judge_selinux(type, label, lsm);
}

SpecAnswer judge_confinement(const RunningContainer& container) {
  const facts::Lsm& lsm = container.node.view().facts().lsm();
  SpecAnswer spec = spec_mandatory_access(container.pod, container.spec);
  if (spec.status == Status::kFail) return spec;
  if (!container.process) {
    if (spec.status == Status::kPass) return spec;
    if (is_without_lsm(lsm)) return {Status::kFail, phrase("runtime.confinement.none")};
    if (auto reason = container.unread()) return {Status::kError, std::move(*reason)};
    return spec;
  }
  SpecAnswer real = judge_process(*container.process, lsm);
  if (real.status != Status::kFail || spec.status != Status::kPass) return real;
  const std::string& label = container.process->lsm_label();
  const std::string& name = spec.actual.args.at(0);
  const std::string& value = spec.actual.args.at(1);
  real.actual = label.empty() ? phrase("runtime.confinement.contradiction-none", name, value)
                              : phrase("runtime.confinement.contradiction", name, value, label);
  return real;
}

// Whether the node's kubelet gives pods that say nothing the runtime's profile.
struct KubeletDefault {
  std::optional<bool> on;        // nothing: no kubelet was seen
  std::optional<Phrase> reason;  // why it cannot be known
};

KubeletDefault kubelet_default(const NodeView& node) {
  KubeletDefault out;
  const auto* kubelets = node.processes("kubelet");
  if (!kubelets) {
    out.reason = node.absence_unknown("kubelet");
    return out;
  }
  for (const ProcessView& kubelet : *kubelets) {
    const SettingSpec* setting = kubelet.component->setting("seccomp-default");
    const EffectiveValue value = setting ? effective_value(kubelet, *setting) : EffectiveValue{};
    const auto on = base::parse_go_bool(value.text);
    if (value.unknown || !on) {
      out.reason =
          value.unknown ? value.unknown : phrase("unknown.value", "kubelet", "--seccomp-default", value.text);
      continue;
    }
    out.on = *on && out.on.value_or(true);
  }
  return out;
}

// No profile in the spec: the kubelet decides, and the process shows it.
SpecAnswer judge_silent(const RunningContainer& container, const KubeletDefault& kubelet, SpecAnswer open) {
  const bool filtered = container.process && container.process->seccomp() != 0;
  if (container.process && !filtered) {
    const bool claimed = !kubelet.reason && kubelet.on.value_or(false);
    return {Status::kFail,
            claimed ? phrase("runtime.seccomp.kubelet-contradiction") : phrase("runtime.seccomp.off")};
  }
  if (kubelet.reason) return {Status::kError, *kubelet.reason};
  if (!kubelet.on) return open;
  if (*kubelet.on) return {Status::kPass, {}};
  if (filtered) return {Status::kManual, phrase("runtime.seccomp.own-filter")};
  return {Status::kFail, phrase("runtime.seccomp.unset")};
}

SpecAnswer judge_seccomp(const RunningContainer& container, const KubeletDefault& kubelet) {
  SpecAnswer spec = spec_seccomp(container.pod, container.spec);
  if (spec.status == Status::kFail) return spec;
  if (spec.status == Status::kManual) return judge_silent(container, kubelet, std::move(spec));
  if (!container.process || container.process->seccomp() != 0) return spec;
  return {Status::kFail,
          phrase("runtime.seccomp.contradiction", spec.actual.args.at(0), spec.actual.args.at(1))};
}

}  // namespace

std::optional<ObjectResult> judge_running_confinement(const NodeRow& row) {
  return each_container(row, expected_mandatory_access(), judge_confinement,
                        {phrase("runtime.confinement.pass"), phrase("runtime.confinement.fail"),
                         phrase("runtime.confinement.manual")});
}

std::optional<ObjectResult> judge_running_seccomp(const NodeRow& row) {
  const KubeletDefault kubelet = kubelet_default(row.node.view());
  return each_container(
      row, expected_seccomp(),
      [&](const RunningContainer& container) { return judge_seccomp(container, kubelet); },
      {phrase("runtime.seccomp.pass"), phrase("runtime.seccomp.fail"), phrase("runtime.seccomp.manual")});
}

}  // namespace baseline::cluster
