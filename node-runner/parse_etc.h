#pragma once

#include <cstdint>
#include <map>
#include <optional>
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

// The same text: what Environment= sets a variable to; the last one wins, an empty assignment forgets all.
std::optional<std::string> parse_unit_variable(std::string_view unit, std::string_view name);
// The same text: the files that EnvironmentFile= names, without the "-" of those that may be missing.
std::vector<std::string> parse_environment_files(std::string_view unit);
// Such a file: what it sets a variable to.
std::optional<std::string> parse_environment_file(std::string_view text, std::string_view name);

// A file of flags, one or more a line, as microk8s and snaps keep them: words, comments left out.
std::vector<std::string> parse_flag_file(std::string_view text);

}  // namespace baseline::runner
