#include "baseline/version.h"

#include <charconv>

namespace baseline {
namespace {

// Takes a number of at most four digits off the front.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (ec != std::errc() || text.front() == '-' || digits > 4) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  const auto major = take_number(text);
  if (!major || !text.starts_with('.') || text.size() < 2) return std::nullopt;
  text.remove_prefix(1);
  const auto minor = take_number(text);
  if (!minor) return std::nullopt;
  Version version{*major, *minor, 0};
  if (text.starts_with('.') && text.size() > 1) {
    text.remove_prefix(1);
    const auto patch = take_number(text);
    if (!patch) return std::nullopt;
    version.patch = *patch;
  }
  // What follows the numbers is a build's own: "-rc.1", "+k3s1", "-gke.100".
  if (!text.empty() && text.front() != '-' && text.front() != '+') return std::nullopt;
  return version;
}

bool is_plain_version(std::string_view text) {
  return parse_version(text) && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string minor_text(const Version& version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

bool in_range(const Version& version, const VersionRange& range) {
  const auto from = parse_version(range.from);
  const auto below = parse_version(range.below);
  return (!from || version >= *from) && (!below || version < *below);
}

}  // namespace baseline
