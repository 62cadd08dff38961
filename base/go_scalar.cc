#include "base/go_scalar.h"

#include <algorithm>
#include <array>
#include <limits>

namespace baseline::base {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// Takes a prefix off; 10 where there is none.
unsigned take_base(std::string_view& text) {
  if (text.size() < 2 || text[0] != '0') return 10;
  unsigned base = 8;
  std::size_t prefix = 1;
  switch (text[1]) {
    case 'x':
    case 'X':
      base = 16;
      prefix = 2;
      break;
    case 'b':
    case 'B':
      base = 2;
      prefix = 2;
      break;
    case 'o':
    case 'O':
      prefix = 2;
      break;
    default:
      break;
  }
  text.remove_prefix(prefix);
  return base;
}

}  // namespace

std::optional<std::int64_t> parse_go_int(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const unsigned base = take_base(text);
  if (text.empty()) return std::nullopt;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const std::uint64_t most = negative ? kMost + 1 : kMost;
  std::uint64_t number = 0;
  bool after_digit = base != 10;  // a prefix counts as one
  for (const char c : text) {
    if (c == '_') {
      if (!after_digit || base == 10) return std::nullopt;
      after_digit = false;
      continue;
    }
    const auto digit = static_cast<unsigned>(digit_of(c));
    if (digit >= base || number > (most - digit) / base) return std::nullopt;
    number = number * base + digit;
    after_digit = true;
  }
  if (!after_digit) return std::nullopt;
  return static_cast<std::int64_t>(negative ? ~number + 1 : number);
}

std::optional<bool> parse_go_bool(std::string_view text) {
  constexpr auto kTrue = std::to_array<std::string_view>({"1", "t", "T", "TRUE", "true", "True"});
  constexpr auto kFalse = std::to_array<std::string_view>({"0", "f", "F", "FALSE", "false", "False"});
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;
  return std::nullopt;
}

}  // namespace baseline::base
