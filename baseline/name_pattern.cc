#include "baseline/name_pattern.h"

#include <algorithm>

namespace baseline {

bool matches_pattern(std::string_view name, std::string_view pattern) {
  if (!pattern.ends_with('*')) return name == pattern;
  pattern.remove_suffix(1);
  return name.starts_with(pattern);
}

bool matches_any(std::string_view name, const std::vector<std::string>& patterns) {
  return std::ranges::any_of(patterns,
                             [&](const std::string& pattern) { return matches_pattern(name, pattern); });
}

bool selects_namespace(std::string_view ns, const std::vector<std::string>& included,
                       const std::vector<std::string>& excluded) {
  if (ns.empty()) return true;
  return !matches_any(ns, excluded) && (included.empty() || matches_any(ns, included));
}

}  // namespace baseline
