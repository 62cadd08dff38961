#include <algorithm>
#include <string>

#include "baseline/cluster/checks/pod_row.h"
#include "baseline/cluster/checks/workload_checks.h"
#include "baseline/text.h"

// What containers may do: privileges, capabilities, the root filesystem.
namespace baseline::cluster {
namespace {

constexpr std::string_view kAll = "ALL";
constexpr std::string_view kNetRaw = "NET_RAW";

SpecAnswer judge_privileged(const Sight& sight) {
  return sight.container->security.privileged.value_or(false) ? wrong("securityContext.privileged", "true")
                                                              : right();
}

SpecAnswer judge_root_filesystem(const Sight& sight) {
  const auto& is = sight.container->security.read_only_root_filesystem;
  if (is.value_or(false)) return right();
  if (is) return wrong("securityContext.readOnlyRootFilesystem", "false");
  return {Status::kFail, phrase("workload.unset", "securityContext.readOnlyRootFilesystem")};
}

SpecAnswer judge_escalation(const Sight& sight) {
  const SecurityContext& own = sight.container->security;
  if (!own.allow_privilege_escalation) {
    return {Status::kFail, phrase("workload.unset", "securityContext.allowPrivilegeEscalation")};
  }
  // Privileged containers and capabilities have rows of their own; the API refuses them beside false.
  if (*own.allow_privilege_escalation) return wrong("securityContext.allowPrivilegeEscalation", "true");
  return right();
}

SpecAnswer judge_host_process(const Sight& sight) {
  const bool own = sight.container->security.host_process.has_value();
  const SecurityContext& nearest = own ? sight.container->security : sight.pod.security;
  if (!nearest.host_process.value_or(false)) return right();
  return wrong(
      own ? "securityContext.windowsOptions.hostProcess" : "spec.securityContext.windowsOptions.hostProcess",
      "true");
}

// Those that runtimes give anyway can be given back after dropping all, which may be needed; any other goes
// beyond what containers have.
SpecAnswer judge_added(const Sight& sight) {
  const std::vector<std::string>& added = sight.container->security.capabilities_add;
  if (added.empty()) return right();
  const bool usual = std::ranges::all_of(added, [](const std::string& one) {
    return is_default_capability(one) && !names_capability(one, kNetRaw);
  });
  SpecAnswer answer = wrong("securityContext.capabilities.add", join(added, ", "));
  if (usual) answer.status = Status::kManual;
  return answer;
}

// In the one form that every runtime understands; containerd passes over names with the prefix CAP_.
bool is_plain(std::string_view entry, std::string_view capability) {
  return entry.size() == capability.size() && names_capability(entry, capability);
}

SpecAnswer judge_net_raw(const Sight& sight) {
  const SecurityContext& own = sight.container->security;
  if (own.privileged.value_or(false)) return wrong("securityContext.privileged", "true");
  if (lists_capability(own.capabilities_add, kNetRaw)) {
    return wrong("securityContext.capabilities.add", join(own.capabilities_add, ", "));
  }
  const std::vector<std::string>& dropped = own.capabilities_drop;
  if (dropped.empty()) return {Status::kFail, phrase("workload.unset", "securityContext.capabilities.drop")};
  const bool plain = std::ranges::any_of(
      dropped, [](const std::string& one) { return is_plain(one, kNetRaw) || is_plain(one, kAll); });
  if (plain) return right();
  const std::string list = join(dropped, ", ");
  if (!lists_capability(dropped, kNetRaw)) return wrong("securityContext.capabilities.drop", list);
  return {Status::kManual, phrase("workload.net-raw.prefix", list)};
}

constexpr PlainRow kPrivileged{{.words = "workload.privileged"}, judge_privileged};
constexpr PlainRow kRootFilesystem{{.words = "workload.root-filesystem"}, judge_root_filesystem};
constexpr PlainRow kEscalation{{.words = "workload.escalation"}, judge_escalation};
constexpr PlainRow kAdded{{.words = "workload.added"}, judge_added};
constexpr PlainRow kRaw{{.words = "workload.net-raw"}, judge_net_raw};

// Only Windows pods can have such containers; those that do not say that they are some are looked at all the
// same.
class HostProcess final : public PodRow {
 public:
  HostProcess(const CheckInput& input, FindingSet& findings)
      : PodRow(input, findings, {.words = "workload.host-process", .linux_only = false}) {}

  ObjectResult finish() override {
    if (auto none = without_pods()) return std::move(*none);
    if (!windows_ && findings().empty()) {
      return findings().take(Status::kNotApplicable, phrase("workload.host-process.no-windows", pods()));
    }
    return PodRow::finish();
  }

 protected:
  void look(const Sight& sight) override {
    windows_ = windows_ || sight.pod.windows;
    SpecAnswer answer = judge_host_process(sight);
    if (answer.status != Status::kPass) add(sight, answer.status, std::move(answer.actual));
  }

 private:
  bool windows_ = false;
};

std::unique_ptr<ObjectCheck> host_process(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<HostProcess>(input, findings);
}

SpecAnswer judge_user(const Sight& sight) {
  return spec_user(sight.pod, *sight.container);
}
SpecAnswer judge_access(const Sight& sight) {
  return spec_mandatory_access(sight.pod, *sight.container);
}
SpecAnswer judge_seccomp(const Sight& sight) {
  return spec_seccomp(sight.pod, *sight.container);
}
SpecAnswer judge_listening(const Sight& sight) {
  return spec_listening(sight.pod, *sight.container);
}

constexpr PlainRow kUser{{.words = "workload.user", .judged_on_nodes = true}, judge_user};
constexpr PlainRow kAccess{{.words = "workload.confinement", .judged_on_nodes = true}, judge_access};
constexpr PlainRow kSeccomp{{.words = "workload.seccomp", .judged_on_nodes = true}, judge_seccomp};
constexpr PlainRow kListening{{.words = "workload.listening", .judged_on_nodes = true}, judge_listening};

}  // namespace

std::vector<ObjectBuiltin> security_checks() {
  namespace names = container_checks;
  return {
      {"container-privileged", {Kind::kPod}, {}, plain_row<kPrivileged>},
      {"container-root-filesystem", {Kind::kPod}, {}, plain_row<kRootFilesystem>},
      {names::kPrivilegeEscalation, {Kind::kPod}, {}, plain_row<kEscalation>},
      {names::kAddedCapabilities, {Kind::kPod}, {}, plain_row<kAdded>},
      {names::kNetRaw, {Kind::kPod}, {}, plain_row<kRaw>},
      {"container-host-process", {Kind::kPod}, {}, host_process},
  };
}

std::vector<ObjectBuiltin> node_side_checks() {
  namespace names = container_checks;
  const std::vector<BuiltinArgument> ports{{"remote-shell-ports", Parameter::Type::kStringList, false}};
  return {
      {names::kMandatoryAccess, {Kind::kPod}, {}, plain_row<kAccess>},
      {names::kUser, {Kind::kPod}, {}, plain_row<kUser>},
      {names::kListening, {Kind::kPod}, ports, plain_row<kListening>},
      {names::kSeccomp, {Kind::kPod}, {}, plain_row<kSeccomp>},
  };
}

}  // namespace baseline::cluster
