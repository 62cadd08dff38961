#include "base/yaml_scalar.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace baseline::base {
namespace {

template <typename T>
std::optional<T> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T v{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), v);
  return ec == std::errc() && end == text.data() + text.size() ? std::optional(v) : std::nullopt;
}

}  // namespace

Value plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return {};
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const char c = text[0];
  if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.') {
    if (const auto i = parse_number<std::int64_t>(text)) return *i;
    if (text.find_first_of("0123456789") != std::string::npos &&
        text.find_first_not_of("0123456789+-.eE") == std::string::npos) {
      if (const auto d = parse_number<double>(text)) return *d;
    }
  }
  return text;
}

}  // namespace baseline::base
