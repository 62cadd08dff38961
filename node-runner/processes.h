#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node-runner/candidates.h"
#include "node-runner/components.h"
#include "node-runner/sockets.h"

namespace baseline::runner {

// The processes of components and of container runtimes, read rank by rank. On one thread, for one
// collection; outlives the components that it gives out.
class Processes {
 public:
  explicit Processes(Context& context);

  // Looks for the names of pods in this folder as well; before the pods are read.
  void add_pod_logs(const std::string& directory) { candidates_.add_pod_logs(directory); }
  // A rank is read once. Bundles come as the components that they embed.
  std::vector<Component> read(Rank rank);
  // Puts the lookalikes into the facts, once every rank is read.
  void finish() { candidates_.tell_lookalikes(); }

 private:
  bool has_room(const Candidate& candidate);
  Allowance* allowance(const Candidate& candidate);
  std::optional<Component> read_process(const Candidate& candidate, const ProcessEntry& entry);
  bool read_command_line(const ProcessEntry& entry, std::size_t max_bytes, Component& component);
  void read_environment(const ProcessEntry& entry, std::size_t max_bytes, Component& component);

  Context& context_;
  Candidates candidates_;
  Limits tenant_limits_;
  SocketTables sockets_;
  SocketTables tenant_sockets_;
  std::map<std::pair<Rank, std::string>, Allowance> allowances_;
  std::map<std::pair<Rank, std::string>, std::size_t> count_;
  std::size_t trusted_ = 0;  // of the host and of static pods
};

}  // namespace baseline::runner
