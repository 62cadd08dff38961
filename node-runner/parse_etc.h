#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Readers of small texts below /etc, /usr/lib and /var/lib. Pure, and they take any bytes.
namespace baseline::runner {

// passwd(5) or group(5): name by number. The first entry of a number wins, as in the C library.
std::map<std::uint32_t, std::string> parse_ids(std::string_view text);

// os-release(5): unquoted values by key.
std::map<std::string, std::string> parse_os_release(std::string_view text);

// The "1.36.3" of an installed package in dpkg's status file; empty when it is not installed.
std::string parse_dpkg_version(std::string_view status, std::string_view package);

// systemd.unit(5): words of the last command given by ExecStart= (an empty assignment resets it), quotes and
// line continuations resolved, prefixes such as "-" and "@" taken off.
std::vector<std::string> parse_exec_start(std::string_view unit);

// A file of flags, one or more a line, as microk8s and snaps keep them: words, comments left out.
std::vector<std::string> parse_flag_file(std::string_view text);

}  // namespace baseline::runner
