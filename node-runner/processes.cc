#include "node-runner/processes.h"

#include <algorithm>
#include <optional>

#include "node-runner/bundles.h"
#include "node-runner/parse_etc.h"
#include "node-runner/parse_proc.h"
#include "node-runner/sockets.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;

constexpr std::size_t kNameBytes = 4096;  // enough of a command line for argv[0] and a subcommand
constexpr std::size_t kSmallFile = std::size_t{64} << 10;

bool gone(const base::Error& error) {
  return error.code == ErrorCode::kNotFound;
}

struct Entry {
  int pid;
  RootView directory;
  std::string exe;
  std::optional<base::Error> exe_error;
  Recognition what;
};

std::optional<Entry> recognise_entry(Context& context, int pid) {
  auto directory = context.host().below("proc/" + std::to_string(pid));
  if (!directory) return std::nullopt;
  Entry entry{pid, std::move(*directory), {}, {}, {}};
  if (auto exe = entry.directory.read_link("exe")) {
    entry.exe = to_utf8(*exe);
  } else if (!gone(exe.error())) {
    entry.exe_error = exe.error();
  }
  const auto begin = entry.directory.read_prefix("cmdline", kNameBytes);
  if (!begin && gone(begin.error())) return std::nullopt;
  entry.what = recognise(entry.exe, begin ? parse_cmdline(begin->bytes) : std::vector<std::string>());
  if (entry.what != Recognition{}) return entry;
  // It may have been a component.
  if (!begin) context.error("processes", "/proc", "a command line cannot be read: " + begin.error().message);
  return std::nullopt;
}

// False when the process is gone.
bool read_command_line(Context& context, const Entry& entry, Component& component) {
  const auto text = entry.directory.read_prefix("cmdline", context.limits().argv_bytes);
  if (!text && gone(text.error())) return false;
  const auto allowed = text ? context.spend(text->bytes.size()) : std::unexpected(text.error());
  if (!allowed) {
    context.error("processes", component.name(), allowed.error().message);
    component.fact.set_argv_truncated(true);
    component.set_argv({});
    return true;
  }
  std::vector<std::string> words = parse_cmdline(text->bytes);
  if (!text->complete) {
    component.fact.set_argv_truncated(true);
    if (!words.empty()) words.pop_back();  // half a word
  } else if (words.empty()) {
    context.error("processes", component.name(), "its command line is empty");
    component.fact.set_argv_truncated(true);
  }
  component.set_argv(std::move(words));
  return true;
}

void read_environment(Context& context, const Entry& entry, Component& component) {
  if (component.name() != "etcd") return;
  const auto text = entry.directory.read("environ", context.limits().argv_bytes);
  if (!text) {
    if (!gone(text.error())) context.error("processes", "environment of etcd", text.error().message);
    return;
  }
  component.set_env(parse_environ(*text, "ETCD_"));
}

// False when the process is gone.
bool find_root(Context& context, const Entry& entry, Component& component) {
  const bool real = entry.directory.is_procfs();
  // In a node laid out as a folder, root is an ordinary link or directory, to be resolved inside the folder.
  auto root = real ? entry.directory.follow_process_root()
                   : context.host().below("proc/" + std::to_string(entry.pid) + "/root");
  if (!root && gone(root.error())) return !real;
  if (root && root->same_directory(context.host())) return true;
  component.fact.set_own_root(true);
  component.viewer = entry.pid;
  if (!root)
    context.error("processes", component.name(), "its root cannot be opened: " + root.error().message);
  context.add_viewer(entry.pid, std::move(root));
  return true;
}

std::string version_in_path(std::string_view exe) {
  for (const std::string_view part : split(exe, '/')) {
    if (const std::string_view version = leading_version(part); !version.empty()) return std::string(version);
  }
  return {};
}

void find_version(Context& context, Component& component) {
  facts::Process& fact = component.fact;
  if (const std::string version = version_in_path(fact.exe()); !version.empty()) {
    fact.set_version(version);
    fact.set_version_origin("path of the executable");
  } else if (component.name() == "kubelet" && fact.exe() == "/usr/bin/kubelet" && !fact.own_root()) {
    const auto status = context.read(kHost, "/var/lib/dpkg/status", context.limits().file_bytes);
    fact.set_version(status ? parse_dpkg_version(*status, "kubelet") : "");
    if (!fact.version().empty()) fact.set_version_origin("package database");
  }
}

std::optional<Component> read_process(Context& context, const Entry& entry, SocketTables& sockets) {
  Component component;
  facts::Process& fact = component.fact;
  fact.set_component(entry.what.component);
  fact.set_bundle(entry.what.bundle);
  fact.set_pid(entry.pid);
  fact.set_exe(entry.exe);
  if (!read_command_line(context, entry, component) || !find_root(context, entry, component))
    return std::nullopt;
  const std::string& subject = entry.what.component.empty() ? entry.what.bundle : entry.what.component;
  if (entry.exe_error) context.error("processes", "executable of " + subject, entry.exe_error->message);
  if (const auto status = entry.directory.read("status", kSmallFile)) {
    fact.set_uid(parse_effective_uid(*status).value_or(0));
  } else if (!gone(status.error())) {
    context.error("processes", "user of " + subject, status.error().message);
  }
  if (const auto stat = entry.directory.read("stat", kSmallFile)) {
    fact.set_start_ticks(parse_start_ticks(*stat).value_or(0));
  }
  if (const auto directory = entry.directory.read_link("cwd"); directory && directory->starts_with('/')) {
    component.working_directory = *directory;
  }
  read_environment(context, entry, component);
  sockets.fill(entry.directory, fact);
  if (!fact.listening_known())
    context.error("processes", "sockets of " + subject, "its descriptors cannot be read");
  find_version(context, component);
  return component;
}

}  // namespace

std::vector<Component> collect_processes(Context& context) {
  std::vector<Component> out;
  auto listing = context.host().list("proc", context.limits().process_entries);
  if (!listing) {
    context.error("processes", "/proc", listing.error().message);
    return out;
  }
  if (!listing->complete) context.error("processes", "/proc", "more processes than are looked at");
  std::vector<int> pids;
  for (const std::string& name : listing->names) {
    if (const auto pid = to_number<int>(name); pid && *pid > 0) pids.push_back(*pid);
  }
  std::sort(pids.begin(), pids.end());
  const auto proc = context.host().below("proc");
  if (proc && proc->is_procfs() && (pids.empty() || pids.front() != 1)) {
    context.error("processes", "/proc",
                  "process 1 is not visible, so processes of other users may be hidden");
  }

  SocketTables sockets(context.limits());
  for (const int pid : pids) {
    if (const auto allowed = context.spend(0); !allowed) {
      context.error("processes", "/proc", allowed.error().message);
      break;
    }
    const auto entry = recognise_entry(context, pid);
    if (!entry) continue;
    if (out.size() >= context.limits().processes) {
      context.error("processes", "/proc", "more processes of components than are looked at");
      break;
    }
    auto component = read_process(context, *entry, sockets);
    if (!component) continue;
    for (Component& part : expand_bundle(context, *component)) out.push_back(std::move(part));
  }
  return out;
}

}  // namespace baseline::runner
