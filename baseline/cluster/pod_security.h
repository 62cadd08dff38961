#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baseline/cluster/objects.h"
#include "baseline/model.h"
#include "baseline/phrase.h"

// What the security settings of a container come to: its own, else its pod's, else the default of Kubernetes.
// Source: the API reference of SecurityContext and PodSecurityContext, and the defaults of containerd.
namespace baseline::cluster {

struct EffectiveSecurity {
  bool privileged = false;
  std::optional<std::int64_t> run_as_user;  // nothing: the image's user
  bool run_as_non_root = false;             // true: the kubelet does not start it as user 0
  // Where neither says anything, type is "": the kubelet's, the runtime's and the node's default.
  SecurityProfile seccomp, apparmor;
  bool selinux = false;  // a type or a level is set
  std::string selinux_type;
  bool allow_privilege_escalation = true;  // privileged and CAP_SYS_ADMIN imply it
  bool read_only_root_filesystem = false;
  bool host_process = false;
};
EffectiveSecurity effective_security(const Pod& pod, const Container& container);

// Whether an entry of capabilities.add or .drop means the capability (written "NET_RAW"): in any case, with
// or without CAP_. "ALL" is another name; ask for it by itself.
bool names_capability(std::string_view entry, std::string_view capability);
// Whether the list has the capability, by name or by ALL.
bool lists_capability(const std::vector<std::string>& list, std::string_view capability);
// Whether container runtimes give it to a container that says nothing.
bool is_default_capability(std::string_view capability);
// Whether the container holds it as far as its spec says, when it runs as root. What is both added and
// dropped is held.
bool holds_capability(const Container& container, std::string_view capability);

// The builtins of requirements that a running process may prove or contradict: judged by the spec in
// checks/workload_*.cc, by the node's facts in the runtime rows.
namespace container_checks {
inline constexpr std::string_view kMandatoryAccess = "container-mandatory-access";          // 5.7.2.1
inline constexpr std::string_view kUser = "container-user";                                 // 5.7.2.2
inline constexpr std::string_view kAddedCapabilities = "container-added-capabilities";      // 5.7.2.3
inline constexpr std::string_view kListening = "container-listening-ports";                 // 5.7.2.7
inline constexpr std::string_view kNetRaw = "container-net-raw";                            // 5.7.2.13
inline constexpr std::string_view kSeccomp = "container-seccomp";                           // 5.7.2.15
inline constexpr std::string_view kPrivilegeEscalation = "container-privilege-escalation";  // 5.7.2.16
}  // namespace container_checks

// What the spec alone says about a container: Pass or Fail where that settles it, Manual where the node, the
// image or the running process would have to be asked. `actual` is the evidence, or names what was not read.
struct SpecAnswer {
  Status status = Status::kManual;
  Phrase actual;
};
SpecAnswer spec_user(const Pod& pod, const Container& container);              // 5.7.2.2
SpecAnswer spec_mandatory_access(const Pod& pod, const Container& container);  // 5.7.2.1
SpecAnswer spec_seccomp(const Pod& pod, const Container& container);           // 5.7.2.15
SpecAnswer spec_listening(const Pod& pod, const Container& container);         // 5.7.2.7: never settled

// The `expected` of findings about these requirements, wherever they are judged.
Phrase expected_user();
Phrase expected_mandatory_access();
Phrase expected_seccomp();
Phrase expected_listening();

}  // namespace baseline::cluster
