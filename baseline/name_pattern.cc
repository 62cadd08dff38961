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

NamePatterns::NamePatterns(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    if (pattern.ends_with('*')) {
      beginnings_.insert(pattern.substr(0, pattern.size() - 1));
    } else {
      names_.insert(pattern);
    }
  }
}

bool NamePatterns::match(std::string_view name) const {
  if (names_.contains(name)) return true;
  if (beginnings_.empty()) return false;
  for (std::size_t length = 0; length <= name.size(); ++length) {
    if (beginnings_.contains(name.substr(0, length))) return true;
  }
  return false;
}

bool selects_namespace(std::string_view ns, const std::vector<std::string>& included,
                       const std::vector<std::string>& excluded) {
  if (ns.empty()) return true;
  return !matches_any(ns, excluded) && (included.empty() || matches_any(ns, included));
}

}  // namespace baseline
