#include "baseline/profile_parameters.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/time.h"
#include "baseline/value_reader.h"

namespace baseline {
namespace {

using base::Value;

std::string unknown_parameter(const Requirement& requirement, const std::string& name) {
  std::vector<std::string> names;
  std::string all;
  for (const Parameter& parameter : requirement.parameters) {
    names.push_back(parameter.name);
    all += (all.empty() ? "" : ", ") + parameter.name;
  }
  if (all.empty()) return fmt::format("Requirement {} has no parameters; take this out.", requirement.id);
  if (const std::string near = nearest(name, names); !near.empty()) {
    return fmt::format("Requirement {} has no such parameter; did you mean \"{}\"?", requirement.id, near);
  }
  return fmt::format("Requirement {} has no such parameter; it has: {}.", requirement.id, all);
}

// "" when the value fits.
std::string expected_by(Parameter::Type type, const Value& value) {
  switch (type) {
    case Parameter::Type::kInteger:
      return value.is_int() ? "" : "An integer without quotes";
    case Parameter::Type::kBoolean:
      return value.is_bool() ? "" : "true or false";
    case Parameter::Type::kString:
      return value.is_string() ? "" : "A string";
    case Parameter::Type::kDuration:
      return value.is_string() && base::parse_go_duration(value.as_string())
                 ? ""
                 : "A duration such as \"90s\" or \"5m\"";
    case Parameter::Type::kStringList:
      return value.is_list() && std::ranges::all_of(value.items(), &Value::is_string) ? ""
                                                                                      : "A list of strings";
  }
  return "";
}

std::string wrong_type(Parameter::Type type, const Value& value) {
  const std::string expected = expected_by(type, value);
  if (expected.empty()) return {};
  return fmt::format(
      "{} was expected here, but this is {}.", expected,
      value.is_string() ? '"' + value.as_string().substr(0, 64) + '"' : std::string(value.kind_name()));
}

}  // namespace

std::string wrong_parameter(const Requirement& requirement, const std::string& name, const Value& value) {
  const Parameter* parameter = requirement.parameter(name);
  return parameter ? wrong_type(parameter->type, value) : unknown_parameter(requirement, name);
}

std::string wrong_for_all(const std::string& name, const Value& value) {
  if (name == kSystemNamespaces) return wrong_type(Parameter::Type::kStringList, value);
  return fmt::format("Only {} can be given for all requirements at once.", kSystemNamespaces);
}

const Value* system_namespaces_of(const ProfileSpec& spec) {
  const auto all = spec.parameters.find(kAllRequirements);
  if (all == spec.parameters.end()) return nullptr;
  const auto given = all->second.find(kSystemNamespaces);
  return given == all->second.end() ? nullptr : &given->second;
}

}  // namespace baseline
