#pragma once

#include <cstddef>
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

// Cuts at a character's border and says so.
inline std::string cut_text(std::string text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text + "…";
}

}  // namespace baseline
