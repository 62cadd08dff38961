#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node-runner/cgroup.h"
#include "node-runner/workloads.h"

namespace baseline::runner {

struct SocketList {
  bool known = false;
  std::vector<facts::Socket> sockets;
};

// What runs, as the kernel has it: the first process of a container. A process is taken for a container's
// only when the container's is the first on the way down to its control group, so that neither a number given
// out anew nor a group that a container made below its own is mistaken. On one thread, for one collection.
class ContainerProcesses {
 public:
  explicit ContainerProcesses(Context& context);

  // Fills process_read … listening_known, or error. Sets `pid` to the process that was read, to 0 when none
  // was.
  void read(FoundContainer& container);

 private:
  std::string read_process(int pid, facts::Container& fact);
  bool belongs(int pid, const std::string& id) const;
  int find(const std::string& id);
  void read_sockets(const RootView& directory, const std::string& network, facts::Container& fact);

  Context& context_;
  std::string host_user_;  // namespaces of process 1, as their links read; empty: not known
  std::string host_network_;
  std::string host_error_;
  ControlGroups groups_;
  std::optional<std::map<std::string, int>> first_;  // the first process of each container
  std::map<std::string, SocketList> by_network_;
};

struct ContainerRoot {
  RootView view;                 // closed at these mounts
  std::set<std::string> mounts;  // paths at which something else is mounted
};

// The root directory of a container's process. kInvalid when that is the host's.
base::Result<ContainerRoot> container_root(Context& context, int pid);

}  // namespace baseline::runner
