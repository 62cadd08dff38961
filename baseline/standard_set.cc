#include "baseline/standard_set.h"

#include <algorithm>

#include <fmt/format.h>

namespace baseline {
namespace {

constexpr std::size_t kMaxId = 63;  // as spec.standard of a profile has it

bool is_standard_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxId &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string_view::npos;
}

}  // namespace

std::vector<Mistake> StandardSet::add(const std::string& name, const std::vector<StandardFile>& files) {
  auto loaded = load_standard(files, RowOrigin::kLoaded);
  if (!loaded) return std::move(loaded.error());
  const std::string& id = (*loaded)->id;
  std::vector<Mistake> mistakes;
  const auto mistake = [&](std::string message) { mistakes.push_back({name, 0, std::move(message)}); };
  if (!is_standard_id(id)) {
    mistake(fmt::format(
        "\"{}\" is no id of a standard; lower-case letters, digits, - and . were expected, at most "
        "{} of them",
        id.substr(0, kMaxId), kMaxId));
  } else if (built_in_standard(id)) {
    mistake(fmt::format("the standard {} is built into this program; give this one another id", id));
  } else if (find(id)) {
    mistake(fmt::format("the standard {} was loaded from another folder already; give one of them another id",
                        id));
  }
  if ((*loaded)->requirements.empty())
    mistake("the standard has no requirement; a file of them was expected");
  if (mistakes.empty()) added_.push_back(*loaded);
  return mistakes;
}

std::shared_ptr<const Standard> StandardSet::find(std::string_view id) const {
  const auto found = std::ranges::find(added_, id, [](const auto& one) { return std::string_view(one->id); });
  return found == added_.end() ? built_in_standard(id) : *found;
}

std::vector<std::shared_ptr<const Standard>> StandardSet::all() const {
  std::vector<std::shared_ptr<const Standard>> standards = added_;
  for (const std::string& id : built_in_standard_ids()) {
    if (auto standard = built_in_standard(id)) standards.push_back(std::move(standard));
  }
  return standards;
}

StandardLookup StandardSet::lookup() const {
  return [set = *this](const std::string& id) { return set.find(id); };
}

}  // namespace baseline
