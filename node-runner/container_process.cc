#include "node-runner/container_process.h"

#include <algorithm>

#include "node-runner/parse_proc.h"
#include "node-runner/sockets.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::size_t kSmallFile = std::size_t{64} << 10;
constexpr int kMaxSockets = 256;
constexpr const char* kEnded = "its process has ended";

std::string proc_path(int pid) {
  return "proc/" + std::to_string(pid);
}

// The label of a process in one of the kernel's attribute files; empty when no module answers there.
base::Result<std::string> read_label(const RootView& directory) {
  for (const char* path : {"attr/apparmor/current", "attr/current"}) {
    const auto text = directory.read(path, kSmallFile);
    if (text) {
      std::string_view label = *text;
      while (!label.empty() && (label.back() == '\0' || label.back() == '\n')) label.remove_suffix(1);
      if (!label.empty()) return to_utf8(label);
    } else if (text.error().code == ErrorCode::kForbidden) {
      return std::unexpected(text.error());
    }
  }
  return std::string();
}

}  // namespace

ContainerProcesses::ContainerProcesses(Context& context) : context_(context), groups_("") {
  if (const auto init = context.host().read("proc/1/cgroup", kSmallFile)) groups_ = ControlGroups(*init);
  const auto first = context.host().below(proc_path(1));
  const auto user = first ? first->read_link("ns/user") : std::unexpected(first.error());
  const auto network = first ? first->read_link("ns/net") : std::unexpected(first.error());
  if (user && network) {
    host_user_ = *user;
    host_network_ = *network;
  } else {
    host_error_ = "the namespaces of process 1 cannot be read: " + (user ? network : user).error().message;
  }
}

bool ContainerProcesses::belongs(int pid, const std::string& id) const {
  const auto text = context_.host().read(proc_path(pid) + "/cgroup", kSmallFile);
  return text && groups_.place(*text).container == id;
}

int ContainerProcesses::find(const std::string& id) {
  if (!first_) {
    first_.emplace();
    const auto listing = context_.host().list("proc", context_.limits().process_entries);
    for (const std::string& name : listing ? listing->names : std::vector<std::string>()) {
      const auto pid = to_number<int>(name);
      if (!pid || !context_.spend(0)) continue;
      const auto text = context_.host().read(proc_path(*pid) + "/cgroup", kSmallFile);
      std::string container = text ? groups_.place(*text).container : std::string();
      if (container.empty()) continue;
      const auto [known, fresh] = first_->emplace(std::move(container), *pid);
      if (!fresh) known->second = std::min(known->second, *pid);
    }
  }
  const auto found = first_->find(id);
  return found == first_->end() ? 0 : found->second;
}

void ContainerProcesses::read(FoundContainer& container) {
  facts::Container& fact = container.fact;
  std::string reason;
  if (const auto allowed = context_.spend(0); !allowed) {
    container.pid = 0;
    context_.error("containers", "limits", allowed.error().message);
    return add_reason(*fact.mutable_error(), allowed.error().message);
  }
  if (!host_error_.empty()) {
    container.pid = 0;
    return add_reason(*fact.mutable_error(), host_error_);
  }
  if (container.pid <= 0 || !belongs(container.pid, container.id)) container.pid = find(container.id);
  if (container.pid <= 0) return add_reason(*fact.mutable_error(), "no process of it was found");
  if (reason = read_process(container.pid, fact); reason.empty()) {
    fact.set_process_read(true);
    return;
  }
  container.pid = 0;
  add_reason(*fact.mutable_error(), reason);
}

std::string ContainerProcesses::read_process(int pid, facts::Container& fact) {
  const auto directory = context_.host().below(proc_path(pid));
  if (!directory) return kEnded;
  const auto status = directory->read("status", kSmallFile);
  const auto user = directory->read_link("ns/user");
  const auto network = directory->read_link("ns/net");
  const auto label = read_label(*directory);
  const auto problem = [](const base::Error& error) {
    return error.code == ErrorCode::kNotFound ? kEnded : "its process cannot be read: " + error.message;
  };
  if (!status) return problem(status.error());
  if (!user) return problem(user.error());
  if (!network) return problem(network.error());
  if (!label) return problem(label.error());
  const auto credentials = parse_credentials(*status);
  if (!credentials) return "the status of its process does not name its user and capabilities";
  fact.set_uid(credentials->uid);
  fact.set_capabilities(credentials->effective);
  fact.set_seccomp(credentials->seccomp);
  fact.set_no_new_privs(credentials->no_new_privs);
  fact.set_lsm_label(*label);
  fact.set_user_namespace(*user != host_user_);
  fact.set_host_network(*network == host_network_);
  if (!fact.host_network()) read_sockets(*directory, *network, fact);
  return {};
}

void ContainerProcesses::read_sockets(const RootView& directory, const std::string& network,
                                      facts::Container& fact) {
  auto known = by_network_.find(network);
  if (known == by_network_.end()) {
    SocketList list;
    if (auto sockets = namespace_sockets(directory, context_.limits());
        sockets && sockets->size() <= kMaxSockets) {
      list.known = true;
      list.sockets = std::move(*sockets);
    }
    known = by_network_.emplace(network, std::move(list)).first;
  }
  fact.set_listening_known(known->second.known);
  for (const facts::Socket& socket : known->second.sockets) *fact.add_listening() = socket;
}

base::Result<ContainerRoot> container_root(Context& context, int pid) {
  const auto directory = context.host().below(proc_path(pid));
  if (!directory) return fail(ErrorCode::kNotFound, kEnded);
  // In a node laid out as a folder, root is an ordinary link or directory, to be resolved inside the folder.
  auto root = directory->is_procfs() ? directory->follow_process_root()
                                     : context.host().below(proc_path(pid) + "/root");
  if (!root) {
    return fail(root.error().code, root.error().code == ErrorCode::kNotFound
                                       ? kEnded
                                       : "the root of its process cannot be opened: " + root.error().message);
  }
  if (root->same_directory(context.host()))
    return fail(ErrorCode::kInvalid, "the root of its process is the host's");
  const auto mounts = directory->read("mountinfo", context.limits().socket_table_bytes);
  // In a folder there are none, and file systems are told apart by their devices.
  if (!mounts && directory->is_procfs())
    return fail(mounts.error().code, "what is mounted in it cannot be read: " + mounts.error().message);
  if (mounts && !root_is_mount(*mounts))
    return fail(ErrorCode::kInvalid, "its process has moved to a root of its own choice");
  ContainerRoot out{std::move(*root), mounts ? parse_mount_points(*mounts) : std::set<std::string>()};
  out.view.close(out.mounts);
  return out;
}

}  // namespace baseline::runner
