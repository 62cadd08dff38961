#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "baseline/check.h"
#include "baseline/profile.h"

// What the words of a check stand for in a profile. Pure; the results live as long as what they were found
// in.
namespace baseline {

// The literal, or the profile's value of the parameter, or that parameter's default. A null value: none of
// them.
const base::Value& value_of(const Operand& operand, const SelectedRequirement& selected);

// An argument of the check's `with`. A null value when it is not given.
const base::Value& argument_of(const BuiltinCheck& check, const SelectedRequirement& selected,
                               std::string_view name);

// The same as a list of texts, numbers among them as they are written; empty when it is no list.
std::vector<std::string> texts_of(const BuiltinCheck& check, const SelectedRequirement& selected,
                                  std::string_view name);

}  // namespace baseline
