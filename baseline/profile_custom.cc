#include "baseline/profile_custom.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "baseline/component.h"
#include "baseline/requirement_parse.h"
#include "baseline/value_reader.h"
#include "baseline/yaml_reader.h"

namespace baseline {
namespace {

using base::Value;

// Gives every value of a document a number in place of its line, and remembers path and line of each. So what
// reads standards from files, and knows lines alone, also names mistakes in a document that has no lines.
class Numbered {
 public:
  Numbered(const Value& value, const std::string& path) : copy_(number(value, path)) {}

  const Value& value() const { return copy_; }

  Mistake placed(Mistake mistake) const {
    const std::size_t index = mistake.line > 0 ? static_cast<std::size_t>(mistake.line) - 1 : 0;
    const Place& place = places_[std::min(index, places_.size() - 1)];
    return {place.path, place.line, std::move(mistake.message)};
  }

 private:
  struct Place {
    std::string path;
    int line = 0;
  };

  Value number(const Value& value, const std::string& path) {
    places_.push_back({path, value.line()});
    const int own = static_cast<int>(places_.size());
    Value copy = value;
    if (value.is_map()) {
      copy = Value::map();
      for (const auto& [key, member] : value.members()) {
        copy.set(key, number(member, child_path(path, key)));
      }
    } else if (value.is_list()) {
      copy = Value::list();
      for (std::size_t i = 0; i < value.items().size(); ++i) {
        copy.push_back(number(value.items()[i], item_path(path, i)));
      }
    }
    copy.set_line(own);
    return copy;
  }

  std::vector<Place> places_;
  Value copy_;  // last: made with the above
};

}  // namespace

std::vector<CustomRequirement> parse_custom_requirements(const Value& list, const std::string& path,
                                                         std::vector<Mistake>& mistakes) {
  std::vector<CustomRequirement> all;
  std::map<std::string, std::string> seen;  // path by id
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    const Value& item = list.items()[i];
    const std::string at = item_path(path, i);
    const Numbered numbered(item, at);
    MistakeList found{std::string()};
    Requirement requirement =
        parse_requirement(numbered.value(), built_in_components(), found, RowOrigin::kProfile);
    for (Mistake& mistake : found.take()) mistakes.push_back(numbered.placed(std::move(mistake)));
    const auto [first, added] = seen.emplace(requirement.id, at);
    if (!added && !requirement.id.empty()) {
      mistakes.push_back({child_path(at, "id"), item["id"].line(),
                          fmt::format("{} is already declared by {}; give one of the two another id.",
                                      requirement.id, first->second)});
    }
    all.push_back({item, std::make_shared<const Requirement>(std::move(requirement))});
  }
  return all;
}

std::shared_ptr<const Standard> with_custom(const Standard& standard,
                                            const std::vector<CustomRequirement>& custom) {
  auto both = std::make_shared<Standard>(standard);
  for (const CustomRequirement& one : custom) {
    const std::string& section = one.requirement->section;
    if (!both->section(section)) both->sections.push_back({section, {"Own requirements", "自定义要求"}});
    both->requirements.push_back(*one.requirement);
  }
  return both;
}

}  // namespace baseline
