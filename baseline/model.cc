#include "baseline/model.h"

#include <algorithm>
#include <array>

namespace baseline {
namespace {

// From the worst to the best; the names are the API's.
constexpr std::array<std::pair<Status, std::string_view>, 7> kStatuses{
    {{Status::kFail, "Fail"},
     {Status::kError, "Error"},
     {Status::kManual, "Manual"},
     {Status::kWaived, "Waived"},
     {Status::kPass, "Pass"},
     {Status::kNotApplicable, "NotApplicable"},
     {Status::kNotChecked, "NotChecked"}}};

const auto* entry(Status status) {
  return std::ranges::find(kStatuses, status, &std::pair<Status, std::string_view>::first);
}

template <typename T>
const T* by(const std::vector<T>& all, std::string_view wanted, std::string T::* key) {
  const auto it = std::ranges::find(all, wanted, key);
  return it == all.end() ? nullptr : &*it;
}

}  // namespace

std::string_view to_string(Status status) {
  return entry(status)->second;
}

std::optional<Status> status_from(std::string_view name) {
  for (const auto& [status, text] : kStatuses) {
    if (text == name) return status;
  }
  return std::nullopt;
}

Status worse(Status a, Status b) {
  return entry(a) <= entry(b) ? a : b;
}

std::string_view to_string(Level level) {
  return level == Level::kMandatory ? "mandatory" : "recommended";
}

std::optional<Level> level_from(std::string_view name) {
  for (const Level level : {Level::kMandatory, Level::kRecommended}) {
    if (to_string(level) == name) return level;
  }
  return std::nullopt;
}

std::string_view to_string(Scope scope) {
  return scope == Scope::kNode ? "node" : "cluster";
}

const Parameter* Requirement::parameter(std::string_view wanted) const {
  return by(parameters, wanted, &Parameter::name);
}

const Requirement* Standard::find(std::string_view requirement_id) const {
  return by(requirements, requirement_id, &Requirement::id);
}

const Section* Standard::section(std::string_view section_id) const {
  return by(sections, section_id, &Section::id);
}

}  // namespace baseline
