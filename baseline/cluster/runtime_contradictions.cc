// Where a running process holds what its spec denies it: capabilities (5.7.2.3), NET_RAW (.13), new
// privileges
// (.16). What the specs say is judged with the other pods.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "baseline/cluster/runtime_rows.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

// By bit. Source: linux/capability.h.
constexpr std::array<std::string_view, 41> kCapabilities{"CHOWN",
                                                         "DAC_OVERRIDE",
                                                         "DAC_READ_SEARCH",
                                                         "FOWNER",
                                                         "FSETID",
                                                         "KILL",
                                                         "SETGID",
                                                         "SETUID",
                                                         "SETPCAP",
                                                         "LINUX_IMMUTABLE",
                                                         "NET_BIND_SERVICE",
                                                         "NET_BROADCAST",
                                                         "NET_ADMIN",
                                                         "NET_RAW",
                                                         "IPC_LOCK",
                                                         "IPC_OWNER",
                                                         "SYS_MODULE",
                                                         "SYS_RAWIO",
                                                         "SYS_CHROOT",
                                                         "SYS_PTRACE",
                                                         "SYS_PACCT",
                                                         "SYS_ADMIN",
                                                         "SYS_BOOT",
                                                         "SYS_NICE",
                                                         "SYS_RESOURCE",
                                                         "SYS_TIME",
                                                         "SYS_TTY_CONFIG",
                                                         "MKNOD",
                                                         "LEASE",
                                                         "AUDIT_WRITE",
                                                         "AUDIT_CONTROL",
                                                         "SETFCAP",
                                                         "MAC_OVERRIDE",
                                                         "MAC_ADMIN",
                                                         "SYSLOG",
                                                         "WAKE_ALARM",
                                                         "BLOCK_SUSPEND",
                                                         "AUDIT_READ",
                                                         "PERFMON",
                                                         "BPF",
                                                         "CHECKPOINT_RESTORE"};
constexpr unsigned kBits = 64;

bool has_bit(std::uint64_t set, unsigned bit) {
  return ((set >> bit) & 1U) != 0;
}

std::string name_of(unsigned bit) {
  return bit < kCapabilities.size() ? std::string(kCapabilities.at(bit)) : std::to_string(bit);
}

// Every capability that the process has in effect, by name.
std::vector<std::string> held_by(const facts::Container& process) {
  std::vector<std::string> held;
  for (unsigned bit = 0; bit < kBits; ++bit) {
    if (has_bit(process.capabilities(), bit)) held.push_back(name_of(bit));
  }
  return held;
}

bool is_privileged(const RunningContainer& container) {
  return container.spec.security.privileged.value_or(false);
}

SpecAnswer judge_capabilities(const RunningContainer& container) {
  if (is_privileged(container)) return {Status::kPass, {}};  // 5.7.2.4 says so
  std::vector<std::string> extra;
  for (const std::string& name : held_by(*container.process)) {
    const bool added = lists_capability(container.spec.security.capabilities_add, name);
    if (!added && !is_default_capability(name)) extra.push_back(name);
  }
  if (extra.empty()) return {Status::kPass, {}};
  return {Status::kFail, phrase("runtime.capabilities.extra", join(extra, ", "))};
}

SpecAnswer judge_net_raw(const RunningContainer& container) {
  constexpr std::string_view kNetRaw = "NET_RAW";
  if (holds_capability(container.spec, kNetRaw)) return {Status::kPass, {}};  // told by the spec
  for (const std::string& name : held_by(*container.process)) {
    if (name == kNetRaw) {
      return {Status::kFail,
              phrase("runtime.net-raw.held", join(container.spec.security.capabilities_drop, ", "))};
    }
  }
  return {Status::kPass, {}};
}

SpecAnswer judge_privileges(const RunningContainer& container) {
  const bool allowed = effective_security(container.pod, container.spec).allow_privilege_escalation;
  if (allowed || container.process->no_new_privs()) return {Status::kPass, {}};
  return {Status::kFail, phrase("runtime.escalation.possible")};
}

}  // namespace

std::optional<ObjectResult> judge_extra_capabilities(const NodeRow& row) {
  return contradictions(row, phrase("workload.added.expected"), judge_capabilities,
                        phrase("runtime.capabilities.fail"));
}

std::optional<ObjectResult> judge_held_net_raw(const NodeRow& row) {
  return contradictions(row, phrase("workload.net-raw.expected"), judge_net_raw,
                        phrase("runtime.net-raw.fail"));
}

std::optional<ObjectResult> judge_new_privileges(const NodeRow& row) {
  return contradictions(row, phrase("workload.escalation.expected"), judge_privileges,
                        phrase("runtime.escalation.fail"));
}

}  // namespace baseline::cluster
