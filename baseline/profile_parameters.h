#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "baseline/profile.h"

// Values that a profile gives for parameters.
namespace baseline {

// What stands below this word in spec.parameters holds for every requirement that has the parameter, and not
// only for requirements. There is one such parameter.
inline constexpr const char* kAllRequirements = "all";
inline constexpr const char* kSystemNamespaces = "system-namespaces";

// What is wrong with a value of a requirement's parameter, with one for all; empty when nothing is.
std::string wrong_parameter(const Requirement& requirement, const std::string& name,
                            const base::Value& value);
std::string wrong_for_all(const std::string& name, const base::Value& value);

// What the profile alone gives as system namespaces for all. Null: nothing.
const base::Value* system_namespaces_of(const ProfileSpec& spec);

}  // namespace baseline
