#include "baseline/operand.h"

namespace baseline {
namespace {

// Of an operand that stands for nothing.
const base::Value& none() {
  static const base::Value kNone;
  return kNone;
}

}  // namespace

const base::Value& value_of(const Operand& operand, const SelectedRequirement& selected) {
  if (operand.parameter.empty()) return operand.literal;
  const auto given = selected.parameters.find(operand.parameter);
  if (given != selected.parameters.end()) return given->second;
  const Parameter* parameter =
      selected.requirement ? selected.requirement->parameter(operand.parameter) : nullptr;
  return parameter ? parameter->default_value : none();
}

const base::Value& argument_of(const BuiltinCheck& check, const SelectedRequirement& selected,
                               std::string_view name) {
  const Operand* operand = check.argument(name);
  return operand ? value_of(*operand, selected) : none();
}

std::vector<std::string> texts_of(const BuiltinCheck& check, const SelectedRequirement& selected,
                                  std::string_view name) {
  std::vector<std::string> out;
  for (const base::Value& item : argument_of(check, selected, name).items())
    out.push_back(item.scalar_text());
  return out;
}

}  // namespace baseline
