#pragma once

#include <memory>
#include <vector>

#include "base/value.h"
#include "baseline/check.h"
#include "baseline/component.h"
#include "baseline/yaml_reader.h"

namespace baseline {

// What a check is read against: the tables it names settings of, and its requirement's parameters.
struct CheckScope {
  const ComponentTables& components;
  const std::vector<Parameter>& parameters;
  Scope scope;  // of the requirement: it decides which builtins there are
  MistakeList& mistakes;

  void mistake(const base::Value& at, std::string message) const {
    mistakes.add(at.line(), std::move(message));
  }
  // The component or setting; a mistake at that value and null when there is none.
  const Component* component(const base::Value& at, const std::string& name) const;
  const SettingSpec* setting(const base::Value& at, const SettingName& name) const;
};

// Reads one check. Mistakes go into scope.mistakes; the result is then not to be used.
Check parse_check(const base::Value& value, const CheckScope& scope);

// Parts of the above, each in the file of its name.
Operand parse_operand(const base::Value& value, const CheckScope& scope);
SettingCheck parse_setting_check(const base::Value& value, const CheckScope& scope);
FilesCheck parse_files_check(const base::Value& value, const CheckScope& scope);
FieldCheck parse_field_check(const base::Value& value, const CheckScope& scope);
// `spec` is the setting that it is held against; null: something else, whose type is not known.
Expectation parse_expectation(const base::Value& value, const SettingSpec* spec, const CheckScope& scope);

// Whether a value is of a parameter's type; what was expected otherwise.
std::optional<std::string> type_mistake(Parameter::Type type, const base::Value& value);

}  // namespace baseline
