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

constexpr std::size_t kSmallFile = std::size_t{64} << 10;

bool gone(const base::Error& error) {
  return error.code == ErrorCode::kNotFound;
}

facts::Origin origin_of(Rank rank) {
  switch (rank) {
    case Rank::kOfHost:
      return facts::ORIGIN_HOST;
    case Rank::kUnknown:
      return facts::ORIGIN_UNKNOWN;
    case Rank::kStaticPod:  // until its manifest is found
    case Rank::kSystemPod:
    case Rank::kOther:
      return facts::ORIGIN_POD;
  }
  return facts::ORIGIN_UNKNOWN;
}

void set_origin(const Candidate& candidate, facts::Process& fact) {
  fact.set_origin(origin_of(candidate.rank));
  fact.set_origin_error(std::string(candidate.reason));
  fact.set_pod_uid(candidate.pod.uid);
  fact.set_pod_namespace(candidate.pod.ns);
  fact.set_pod_name(candidate.pod.name);
  if (candidate.rank == Rank::kOfHost) fact.set_unit(to_utf8(candidate.group.service));
}

// False when the process is gone.
bool find_root(Context& context, const ProcessEntry& entry, Component& component) {
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

}  // namespace

Processes::Processes(Context& context)
    : context_(context),
      candidates_(context),
      tenant_limits_(context.limits()),
      sockets_(context.limits()),
      tenant_sockets_(tenant_limits_) {
  tenant_limits_.descriptors = context.limits().tenant_descriptors;
}

// False when the process is gone.
bool Processes::read_command_line(const ProcessEntry& entry, std::size_t max_bytes, Component& component) {
  const auto text = entry.directory.read_prefix("cmdline", max_bytes);
  if (!text && gone(text.error())) return false;
  const auto allowed = text ? context_.spend(text->bytes.size()) : std::unexpected(text.error());
  if (!allowed) {
    context_.error("processes", component.name(), allowed.error().message);
    component.fact.set_argv_truncated(true);
    component.set_argv({});
    return true;
  }
  std::vector<std::string> words = parse_cmdline(text->bytes);
  if (!text->complete) {
    component.fact.set_argv_truncated(true);
    if (!words.empty()) words.pop_back();  // half a word
  } else if (words.empty()) {
    context_.error("processes", component.name(), "its command line is empty");
    component.fact.set_argv_truncated(true);
  }
  component.set_argv(std::move(words));
  return true;
}

void Processes::read_environment(const ProcessEntry& entry, std::size_t max_bytes, Component& component) {
  const bool k3s = component.fact.bundle() == "k3s";
  if (component.name() != "etcd" && !k3s) return;
  const auto text = entry.directory.read("environ", max_bytes);
  const auto allowed = text ? context_.spend(text->size()) : std::unexpected(text.error());
  if (!allowed) {
    if (gone(allowed.error())) return;
    context_.error("processes", k3s ? "environment of k3s" : "environment of etcd", allowed.error().message);
    // Of a process whose errors are quiet this is what tells that its settings are not known.
    if (component.allowance && component.allowance->quiet) component.fact.set_argv_truncated(true);
    return;
  }
  if (!k3s) return component.set_env(parse_environ(*text, "ETCD_"));
  for (auto& [name, value] : parse_environ(*text, kK3sConfigFile)) {
    if (name == kK3sConfigFile) component.config_file = std::move(value);
  }
}

std::optional<Component> Processes::read_process(const Candidate& candidate, const ProcessEntry& entry) {
  const bool tenant = candidate.rank == Rank::kOther;
  const std::size_t max_bytes = tenant ? context_.limits().tenant_argv_bytes : context_.limits().argv_bytes;
  Component component;
  component.allowance = allowance(candidate);
  facts::Process& fact = component.fact;
  fact.set_component(entry.what.component);
  fact.set_bundle(entry.what.bundle);
  fact.set_pid(entry.pid);
  fact.set_exe(entry.exe);
  set_origin(candidate, fact);
  if (!read_command_line(entry, max_bytes, component) || !find_root(context_, entry, component))
    return std::nullopt;
  const std::string& subject = candidate.name();
  if (entry.exe_error) context_.error("processes", "executable of " + subject, entry.exe_error->message);
  if (const auto status = entry.directory.read("status", kSmallFile)) {
    fact.set_uid(parse_effective_uid(*status).value_or(0));
  } else if (!gone(status.error())) {
    context_.error("processes", "user of " + subject, status.error().message);
  }
  if (const auto stat = entry.directory.read("stat", kSmallFile)) {
    fact.set_start_ticks(parse_start_ticks(*stat).value_or(0));
  }
  if (const auto directory = entry.directory.read_link("cwd"); directory && directory->starts_with('/')) {
    component.working_directory = *directory;
  }
  read_environment(entry, max_bytes, component);
  (tenant ? tenant_sockets_ : sockets_).fill(entry.directory, fact);
  if (!fact.listening_known())
    context_.error("processes", "sockets of " + subject, "its descriptors cannot be read");
  find_version(context_, component);
  return component;
}

Allowance* Processes::allowance(const Candidate& candidate) {
  if (candidate.rank == Rank::kOfHost || candidate.rank == Rank::kStaticPod) return nullptr;
  const bool tenant = candidate.rank == Rank::kOther;
  const Limits& limits = context_.limits();
  const Allowance whole{tenant ? limits.tenant_share : limits.pod_share, tenant};
  return &allowances_.try_emplace({candidate.rank, candidate.name()}, whole).first->second;
}

// Whether one more process may be read. That a tenant's may not is no error: it is left out as a lookalike.
bool Processes::has_room(const Candidate& candidate) {
  const Limits& limits = context_.limits();
  const auto refuse = [&](std::string_view subject, std::string_view reason) {
    context_.error("processes", subject, reason);
    return false;
  };
  if (const auto allowed = context_.spend(0); !allowed) return refuse("/proc", allowed.error().message);
  if (candidate.rank == Rank::kOfHost || candidate.rank == Rank::kStaticPod) {
    return ++trusted_ <= limits.processes ||
           refuse("/proc", "more processes of components than are looked at");
  }
  const std::size_t most = candidate.rank == Rank::kOther ? limits.tenant_processes : limits.pod_processes;
  return ++count_[{candidate.rank, candidate.name()}] <= most ||
         refuse(candidate.name(), "more processes of it than are looked at");
}

std::vector<Component> Processes::read(Rank rank) {
  std::vector<Component> out;
  for (Candidate& candidate : candidates_.take(rank)) {
    const Context::Charge charge(context_, allowance(candidate));
    if (!has_room(candidate)) {
      candidates_.leave_out(candidate);
      continue;
    }
    const auto entry = candidates_.open(candidate);
    auto component = entry ? read_process(candidate, *entry) : std::nullopt;
    if (!component) continue;
    for (Component& part : expand_bundle(context_, *component)) out.push_back(std::move(part));
  }
  return out;
}

}  // namespace baseline::runner
