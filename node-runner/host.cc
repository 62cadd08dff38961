#include "node-runner/host.h"

#include <sys/utsname.h>

#include "node-runner/parse_etc.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {
constexpr std::size_t kSmallFile = std::size_t{64} << 10;
}  // namespace

void collect_host(Context& context) {
  facts::Host& host = *context.facts().mutable_host();
  const auto read_word = [&context](const char* path) {
    const auto text = context.read(kHost, path, kSmallFile);
    return text ? to_utf8(trim(*text)) : std::string();
  };
  // Not /proc/sys/kernel/hostname: that is the name of the reader's own UTS namespace, in a pod the pod's.
  host.set_hostname(read_word("/etc/hostname"));
  host.set_kernel(read_word("/proc/sys/kernel/osrelease"));
  auto release = context.read(kHost, "/etc/os-release", kSmallFile);
  if (!release) release = context.read(kHost, "/usr/lib/os-release", kSmallFile);
  if (release) {
    auto values = parse_os_release(*release);
    host.set_os_id(values["ID"]);
    host.set_os_version(values["VERSION_ID"]);
    host.set_os_name(values["PRETTY_NAME"]);
  } else {
    context.error("host", "/etc/os-release", release.error().message);
  }
  // The running kernel is this one's only where its processes are.
  const auto proc = context.host().below("proc");
  struct utsname name = {};
  if (proc && proc->is_procfs() && ::uname(&name) == 0) host.set_architecture(name.machine);
}

void collect_lsm(Context& context) {
  facts::Lsm& lsm = *context.facts().mutable_lsm();
  constexpr const char* kActive = "/sys/kernel/security/lsm";
  const auto active = context.read(kHost, kActive, kSmallFile);
  if (active) {
    lsm.set_known(true);
    for (const std::string_view module : split(trim(*active), ',')) {
      if (module.empty()) continue;
      lsm.add_active(to_utf8(module));
      if (module == "apparmor") lsm.set_apparmor(true);
      if (module == "selinux") lsm.set_selinux(true);
    }
  }
  // Where securityfs is not mounted the modules' own files still tell.
  if (const auto enabled = context.read(kHost, "/sys/module/apparmor/parameters/enabled", kSmallFile)) {
    lsm.set_known(true);
    lsm.set_apparmor(trim(*enabled) == "Y");
  }
  if (const auto enforce = context.read(kHost, "/sys/fs/selinux/enforce", kSmallFile)) {
    lsm.set_known(true);
    lsm.set_selinux(true);
    lsm.set_selinux_enforcing(trim(*enforce) == "1");
  }
  if (!lsm.known()) {
    const bool absent = active || active.error().code == base::ErrorCode::kNotFound;
    context.error("lsm", kActive,
                  absent ? "it does not exist: securityfs is not mounted" : active.error().message);
  }
}

}  // namespace baseline::runner
