#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "baseline/facts/facts.pb.h"
#include "node-runner/limits.h"
#include "node-runner/parse_proc.h"
#include "node-runner/root_view.h"

namespace baseline::runner {

// Which TCP sockets a process listens on: its descriptors joined with the socket table of its own network
// namespace. The table of a namespace is read once.
class SocketTables {
 public:
  explicit SocketTables(const Limits& limits) : limits_(limits) {}

  // `directory` is /proc/PID. Sets listening and listening_known; false there means that the list says
  // nothing.
  void fill(const RootView& directory, facts::Process& process);

 private:
  using Table = std::vector<ListeningSocket>;
  std::optional<Table> read(const RootView& directory) const;

  const Limits& limits_;
  std::map<std::string, std::optional<Table>> by_namespace_;
};

// Every TCP socket that listens and every UDP socket bound to a port in the network namespace of a process,
// sorted, each once. `directory` is /proc/PID. Nothing when a table cannot be read whole.
std::optional<std::vector<facts::Socket>> namespace_sockets(const RootView& directory, const Limits& limits);

}  // namespace baseline::runner
