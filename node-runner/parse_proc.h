#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Readers of procfs texts (proc(5)). Pure, and they take any bytes: what does not fit the format is left out.
namespace baseline::runner {

// /proc/PID/cmdline: arguments, each ended by NUL. Valid UTF-8 comes out.
std::vector<std::string> parse_cmdline(std::string_view bytes);

// /proc/PID/environ: NAME=value, each ended by NUL; only names that begin with `prefix`.
std::vector<std::pair<std::string, std::string>> parse_environ(std::string_view bytes,
                                                               std::string_view prefix);

// /proc/PID/stat, field 22: when the process started, in clock ticks since boot.
std::optional<std::int64_t> parse_start_ticks(std::string_view stat);

// /proc/PID/status, line "Uid:": the effective user.
std::optional<std::uint32_t> parse_effective_uid(std::string_view status);

// The same line: whether the real, effective, saved and file system users are all root. A program of root's
// that anybody may start has one who is not.
bool is_root_throughout(std::string_view status);

// /proc/PID/mountinfo: where something is mounted, but for the root itself.
std::set<std::string> parse_mount_points(std::string_view text);
// The same text: whether the process's root is a mount, as a runtime makes it. After a chroot() of the
// process's own it is not.
bool root_is_mount(std::string_view text);

struct Credentials {
  std::uint32_t uid = 0;        // effective
  std::uint64_t effective = 0;  // capabilities
  std::uint32_t seccomp = 0;    // 0 too where the kernel has none
  bool no_new_privs = false;    // false too before Linux 4.10, which does not tell
};
// /proc/PID/status; nothing when it names no user or no capabilities.
std::optional<Credentials> parse_credentials(std::string_view status);

struct ListeningSocket {
  std::uint64_t inode = 0;
  std::string protocol;
  std::string address;
  std::uint32_t port = 0;
};

// /proc/PID/net/tcp or tcp6: sockets in state LISTEN.
std::vector<ListeningSocket> parse_proc_net_tcp(std::string_view text, std::string_view protocol);

// /proc/PID/net/udp or udp6: sockets bound to a port and connected to nobody.
std::vector<ListeningSocket> parse_proc_net_udp(std::string_view text, std::string_view protocol);

// The N of "socket:[N]", what an entry of /proc/PID/fd links to.
std::optional<std::uint64_t> parse_socket_link(std::string_view target);

}  // namespace baseline::runner
