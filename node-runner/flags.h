#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baseline::runner {

// One flag of a command line: "--name=value", "--name value", "-name value". Underscores in names equal
// dashes.
struct Flag {
  std::string name;
  std::string value;
  bool has_value = false;  // false: a bare flag at the end or before another flag
};

// Every flag of argv[1..], in order. A word after a flag without "=" counts as its value: here that only
// decides which paths are looked at and what is redacted, never a verdict.
std::vector<Flag> parse_flags(const std::vector<std::string>& argv);

// The value of the last flag of that name; empty values count as not given.
std::optional<std::string> last_value(const std::vector<Flag>& flags, std::string_view name);

}  // namespace baseline::runner
