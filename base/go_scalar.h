#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// Numbers and truth values as Go's strconv reads them, and with it the flags and files of Kubernetes. Pure.
namespace baseline::base {

// ParseInt with base 0: "30", "-5", "0x1F", "0b11", "0o17", "017" (octal), and single "_" between digits of a
// text with a prefix. Nothing for anything else, and for what does not fit.
std::optional<std::int64_t> parse_go_int(std::string_view text);

// ParseBool: 1, t, T, true, True, TRUE and their opposites.
std::optional<bool> parse_go_bool(std::string_view text);

}  // namespace baseline::base
