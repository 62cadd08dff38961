#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Names as profiles and scans select them. Pure.
namespace baseline {

// A pattern is a whole name, or the beginning of one followed by a *. An empty pattern matches an empty name.
bool matches_pattern(std::string_view name, std::string_view pattern);

// One of the patterns; false where there are none.
bool matches_any(std::string_view name, const std::vector<std::string>& patterns);

// Many patterns, asked often: the time for a name does not grow with them.
class NamePatterns {
 public:
  explicit NamePatterns(const std::vector<std::string>& patterns);
  bool match(std::string_view name) const;

 private:
  std::set<std::string, std::less<>> names_, beginnings_;
};

// Whether a scan looks at this namespace: one of the included, where there are any, and none of the excluded.
// What stands in no namespace is always looked at.
bool selects_namespace(std::string_view ns, const std::vector<std::string>& included,
                       const std::vector<std::string>& excluded);

}  // namespace baseline
