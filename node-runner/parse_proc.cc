#include "node-runner/parse_proc.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

constexpr std::string_view kStateListen = "0A";
constexpr std::string_view kStateUnconnected = "07";

// The kernel prints an address as 32-bit words in its own byte order: one for IPv4, four for IPv6.
std::optional<std::string> parse_address(std::string_view hex) {
  std::array<std::uint32_t, 4> words{};
  const std::size_t count = hex.size() / 8;
  if (hex.size() % 8 != 0 || (count != 1 && count != words.size())) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const auto word = to_number<std::uint32_t>(hex.substr(i * 8, 8), 16);
    if (!word) return std::nullopt;
    words[i] = *word;
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::inet_ntop(count == 1 ? AF_INET : AF_INET6, words.data(), text.data(), text.size()) == nullptr)
    return std::nullopt;
  return std::string(text.data());
}

std::optional<ListeningSocket> parse_socket_line(std::string_view line, std::string_view state) {
  const auto parts = fields(line);
  if (parts.size() < 10 || parts[3] != state) return std::nullopt;
  const std::size_t colon = parts[1].find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto address = parse_address(parts[1].substr(0, colon));
  const auto port = to_number<std::uint16_t>(parts[1].substr(colon + 1), 16);
  const auto inode = to_number<std::uint64_t>(parts[9]);
  if (!address || !port || !inode) return std::nullopt;
  ListeningSocket socket;
  socket.inode = *inode;
  socket.address = *address;
  socket.port = *port;
  return socket;
}

std::vector<ListeningSocket> parse_sockets(std::string_view text, std::string_view protocol,
                                           std::string_view state) {
  std::vector<ListeningSocket> out;
  while (!text.empty()) {
    if (auto socket = parse_socket_line(take_until(text, '\n'), state)) {
      socket->protocol = protocol;
      out.push_back(std::move(*socket));
    }
  }
  return out;
}

std::vector<std::string_view> user_ids(std::string_view status) {
  while (!status.empty()) {
    const std::string_view line = take_until(status, '\n');
    if (line.starts_with("Uid:")) return fields(line.substr(4));
  }
  return {};
}

}  // namespace

std::vector<std::string> parse_cmdline(std::string_view bytes) {
  std::vector<std::string> out;
  while (!bytes.empty()) out.push_back(to_utf8(take_until(bytes, '\0')));
  return out;
}

std::vector<std::pair<std::string, std::string>> parse_environ(std::string_view bytes,
                                                               std::string_view prefix) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!bytes.empty()) {
    std::string_view value = take_until(bytes, '\0');
    if (!value.starts_with(prefix) || value.find('=') == std::string_view::npos) continue;
    const std::string_view name = take_until(value, '=');
    out.emplace_back(to_utf8(name), to_utf8(value));
  }
  return out;
}

std::optional<std::int64_t> parse_start_ticks(std::string_view stat) {
  const std::size_t name_end = stat.rfind(')');  // the name may hold blanks and brackets
  if (name_end == std::string_view::npos) return std::nullopt;
  const auto rest = fields(stat.substr(name_end + 1));
  return rest.size() > 19 ? to_number<std::int64_t>(rest[19]) : std::nullopt;
}

std::optional<std::uint32_t> parse_effective_uid(std::string_view status) {
  const auto ids = user_ids(status);
  return ids.size() > 1 ? to_number<std::uint32_t>(ids[1]) : std::nullopt;
}

bool is_root_throughout(std::string_view status) {
  const auto ids = user_ids(status);
  return ids.size() == 4 && std::ranges::all_of(ids, [](std::string_view id) { return id == "0"; });
}

std::set<std::string> parse_mount_points(std::string_view text) {
  std::set<std::string> out;
  while (!text.empty()) {
    const auto parts = fields(take_until(text, '\n'));
    if (parts.size() < 6 || parts[4] == "/") continue;
    std::string path;
    const std::string_view raw = parts[4];
    for (std::size_t i = 0; i < raw.size(); ++i) {
      // Blanks and backslashes are written as three octal digits.
      const auto code =
          raw[i] == '\\' && i + 3 < raw.size() ? to_number<unsigned>(raw.substr(i + 1, 3), 8) : std::nullopt;
      path += code ? static_cast<char>(*code & 0xFFU) : raw[i];
      if (code) i += 3;
    }
    out.insert(std::move(path));
  }
  return out;
}

bool root_is_mount(std::string_view text) {
  while (!text.empty()) {
    const auto parts = fields(take_until(text, '\n'));
    if (parts.size() >= 6 && parts[4] == "/") return true;
  }
  return false;
}

std::optional<Credentials> parse_credentials(std::string_view status) {
  Credentials out;
  const auto uid = parse_effective_uid(status);
  bool capabilities = false;
  while (!status.empty()) {
    std::string_view value = take_until(status, '\n');
    const std::string_view name = take_until(value, ':');
    value = trim(value);
    if (name == "CapEff") {
      const auto bits = to_number<std::uint64_t>(value, 16);
      if (!bits) return std::nullopt;
      out.effective = *bits;
      capabilities = true;
    } else if (name == "Seccomp") {
      out.seccomp = to_number<std::uint32_t>(value).value_or(0);
    } else if (name == "NoNewPrivs") {
      out.no_new_privs = value == "1";
    }
  }
  if (!uid || !capabilities) return std::nullopt;
  out.uid = *uid;
  return out;
}

std::vector<ListeningSocket> parse_proc_net_tcp(std::string_view text, std::string_view protocol) {
  return parse_sockets(text, protocol, kStateListen);
}

std::vector<ListeningSocket> parse_proc_net_udp(std::string_view text, std::string_view protocol) {
  return parse_sockets(text, protocol, kStateUnconnected);
}

std::optional<std::uint64_t> parse_socket_link(std::string_view target) {
  constexpr std::string_view kBegin = "socket:[";
  if (!target.starts_with(kBegin) || !target.ends_with(']')) return std::nullopt;
  return to_number<std::uint64_t>(target.substr(kBegin.size(), target.size() - kBegin.size() - 1));
}

}  // namespace baseline::runner
