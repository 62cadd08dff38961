#include "base/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string_view>

#include "base/go_scalar.h"

namespace baseline::base {
namespace {

constexpr auto kNull = std::to_array<std::string_view>({"", "~", "null", "Null", "NULL"});
constexpr auto kTrue = std::to_array<std::string_view>(
    {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"});
constexpr auto kFalse = std::to_array<std::string_view>(
    {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"});

bool is_one_of(std::string_view text, std::span<const std::string_view> words) {
  return text.size() <= 5 && std::ranges::find(words, text) != words.end();
}

std::optional<double> parse_float(std::string_view text) {
  if (text.find_first_of("0123456789") == std::string_view::npos ||
      text.find_first_not_of("0123456789+-.eE") != std::string_view::npos)
    return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double v = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), v);
  return ec == std::errc() && end == text.data() + text.size() ? std::optional(v) : std::nullopt;
}

}  // namespace

Value plain_scalar(const std::string& text) {
  if (is_one_of(text, kNull)) return {};
  if (is_one_of(text, kTrue)) return true;
  if (is_one_of(text, kFalse)) return false;
  const char c = text[0];
  if ((c < '0' || c > '9') && c != '-' && c != '+' && c != '.') return text;
  std::string digits = text;
  if (c != '.') std::erase(digits, '_');
  if (const auto i = parse_go_int(digits)) return *i;
  if (const auto d = parse_float(digits)) return *d;
  return text;
}

}  // namespace baseline::base
