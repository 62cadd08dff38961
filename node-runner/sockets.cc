#include "node-runner/sockets.h"

#include <set>
#include <tuple>

#include "node-runner/text.h"

namespace baseline::runner {
namespace {

// The kernel lists listening sockets before all others, so a table that is cut after the first other one is
// whole.
bool cut_after_listeners(std::string_view text) {
  const std::size_t end = text.rfind('\n');
  if (end == std::string_view::npos) return false;
  const std::size_t begin = text.rfind('\n', end - 1);
  if (begin == std::string_view::npos) return false;
  const auto parts = fields(text.substr(begin + 1, end - begin - 1));
  return parts.size() > 3 && parts[3] != "0A";
}

std::optional<std::set<std::uint64_t>> socket_inodes(const RootView& directory, std::size_t max_descriptors) {
  const auto descriptors = directory.below("fd");
  if (!descriptors) return std::nullopt;
  const auto listing = descriptors->list("", max_descriptors);
  if (!listing || !listing->complete) return std::nullopt;
  std::set<std::uint64_t> inodes;
  for (const std::string& name : listing->names) {
    const auto target = descriptors->read_link(name);
    if (!target) {
      if (target.error().code == base::ErrorCode::kNotFound) continue;  // closed meanwhile
      return std::nullopt;
    }
    if (const auto inode = parse_socket_link(*target)) inodes.insert(*inode);
  }
  return inodes;
}

// Listening TCP sockets of a process's network namespace.
std::optional<std::vector<ListeningSocket>> read_tcp(const RootView& directory, const Limits& limits) {
  std::vector<ListeningSocket> table;
  bool any = false;
  for (const std::string protocol : {"tcp", "tcp6"}) {
    const auto text = directory.read_prefix("net/" + protocol, limits.socket_table_bytes);
    if (!text) {
      if (text.error().code == base::ErrorCode::kNotFound) continue;  // a kernel without IPv6 has no tcp6
      return std::nullopt;
    }
    if (!text->complete && !cut_after_listeners(text->bytes)) return std::nullopt;
    any = true;
    for (ListeningSocket& socket : parse_proc_net_tcp(text->bytes, protocol))
      table.push_back(std::move(socket));
  }
  if (!any) return std::nullopt;
  return table;
}

}  // namespace

std::optional<SocketTables::Table> SocketTables::read(const RootView& directory) const {
  return read_tcp(directory, limits_);
}

std::optional<std::vector<facts::Socket>> namespace_sockets(const RootView& directory, const Limits& limits) {
  auto table = read_tcp(directory, limits);
  if (!table) return std::nullopt;
  for (const std::string protocol : {"udp", "udp6"}) {
    const auto text = directory.read("net/" + protocol, limits.socket_table_bytes);
    if (!text && text.error().code == base::ErrorCode::kNotFound) continue;
    if (!text) return std::nullopt;
    for (ListeningSocket& socket : parse_proc_net_udp(*text, protocol)) table->push_back(std::move(socket));
  }
  std::set<std::tuple<std::uint32_t, std::string, std::string>> each;
  for (ListeningSocket& socket : *table)
    each.emplace(socket.port, std::move(socket.protocol), std::move(socket.address));
  std::vector<facts::Socket> out;
  for (const auto& [port, protocol, address] : each) {
    facts::Socket& fact = out.emplace_back();
    fact.set_port(port);
    fact.set_protocol(protocol);
    fact.set_address(address);
  }
  return out;
}

void SocketTables::fill(const RootView& directory, facts::Process& process) {
  process.set_listening_known(false);
  const auto inodes = socket_inodes(directory, limits_.descriptors);
  if (!inodes) return;
  std::optional<Table> own;
  const std::optional<Table>* table = &own;
  if (const auto name = directory.read_link("ns/net")) {
    const auto known = by_namespace_.find(*name);
    table =
        &(known != by_namespace_.end() ? known : by_namespace_.emplace(*name, read(directory)).first)->second;
  } else {
    own = read(directory);
  }
  if (!*table) return;
  process.set_listening_known(true);
  for (const ListeningSocket& socket : **table) {
    if (!inodes->contains(socket.inode)) continue;
    facts::Socket& fact = *process.add_listening();
    fact.set_protocol(socket.protocol);
    fact.set_address(socket.address);
    fact.set_port(socket.port);
  }
}

}  // namespace baseline::runner
