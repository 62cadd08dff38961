#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baseline/check.h"
#include "baseline/checks/check_context.h"
#include "baseline/model.h"

namespace baseline {

// An argument that a builtin needs in its `with`.
struct BuiltinArgument {
  std::string name;
  Parameter::Type type = Parameter::Type::kString;
  bool one_of = false;  // exactly one of the arguments marked so is given
};

// A check that the declarative forms cannot say, one named function each.
struct Builtin {
  std::string_view name;
  std::vector<BuiltinArgument> arguments;
  CheckOutcome (*run)(const CheckContext& context, const BuiltinCheck& check) = nullptr;
};

// Null for an unknown name.
const Builtin* find_builtin(std::string_view name);
std::vector<std::string> builtin_names();

}  // namespace baseline
