#pragma once

#include <ranges>
#include <string>
#include <string_view>

namespace baseline {

// The strings of a range with `separator` between them.
template <std::ranges::input_range Range>
std::string join(const Range& range, std::string_view separator) {
  std::string out;
  bool first = true;
  for (const auto& one : range) {
    if (!first) out += separator;
    out += one;
    first = false;
  }
  return out;
}

}  // namespace baseline
