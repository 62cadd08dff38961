#include "baseline/check_parse.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/time.h"
#include "baseline/checks/builtins.h"
#include "baseline/cluster/object_check.h"
#include "baseline/text.h"

namespace baseline {
namespace {

FeatureGateCheck parse_feature_gate(const base::Value& value, const CheckScope& scope) {
  MapReader map(value, "feature-gate", scope.mistakes);
  FeatureGateCheck check;
  check.component = map.text("component");
  check.gate = map.text("gate");
  check.must_be_enabled = map.word("expect", {"enabled", "not-disabled"}) == "enabled";
  map.finish();
  if (const Component* component = scope.component(value, check.component)) {
    if (!check.gate.empty() && !component->gate(check.gate)) {
      scope.mistake(value, fmt::format("the component table of {} has no feature gate \"{}\"",
                                       check.component, check.gate));
    }
  }
  return check;
}

AdmissionCheck parse_admission(const base::Value& value, const CheckScope& scope) {
  MapReader map(value, "admission-plugin", scope.mistakes);
  AdmissionCheck check;
  check.plugin = map.text("plugin");
  check.enabled = map.word("expect", {"enabled", "disabled"}) == "enabled";
  map.finish();
  return check;
}

// Null for an unknown name.
const std::vector<BuiltinArgument>* arguments_of(const std::string& builtin, Scope scope) {
  if (scope == Scope::kCluster) {
    const cluster::ObjectBuiltin* found = cluster::find_object_builtin(builtin);
    return found ? &found->arguments : nullptr;
  }
  const Builtin* found = find_builtin(builtin);
  return found ? &found->arguments : nullptr;
}

BuiltinCheck parse_builtin(const base::Value& value, const CheckScope& scope) {
  MapReader map(value, "builtin", scope.mistakes);
  BuiltinCheck check;
  check.name = map.text("name");
  const base::Value* with = map.optional("with");
  map.finish();
  const std::vector<BuiltinArgument>* known = arguments_of(check.name, scope.scope);
  if (!known) {
    if (!check.name.empty()) {
      const bool node = scope.scope == Scope::kNode;
      scope.mistake(value,
                    fmt::format("there is no builtin \"{}\" for requirements of scope {}; known are {}",
                                check.name, to_string(scope.scope),
                                join(node ? builtin_names() : cluster::object_builtin_names(), ", ")));
    }
    return check;
  }
  const base::Value none = base::Value::map();
  MapReader arguments(with ? *with : none, "\"with\" of " + check.name, scope.mistakes);
  for (const BuiltinArgument& argument : *known) {
    const base::Value* given = arguments.optional(argument.name);
    if (!given) {
      if (argument.one_of) continue;
      scope.mistake(value, fmt::format("the builtin {} needs \"{}\" in \"with\"", check.name, argument.name));
      continue;
    }
    Operand operand = parse_operand(*given, scope);
    const auto wrong =
        operand.parameter.empty() ? type_mistake(argument.type, operand.literal) : std::nullopt;
    if (wrong)
      scope.mistake(*given, fmt::format("\"{}\" of {} must be {}", argument.name, check.name, *wrong));
    check.with.emplace_back(argument.name, std::move(operand));
  }
  arguments.finish();
  const auto one_of = std::ranges::count_if(*known, &BuiltinArgument::one_of);
  const auto given_of_them = std::ranges::count_if(*known, [&](const BuiltinArgument& argument) {
    return argument.one_of && check.argument(argument.name);
  });
  if (one_of > 0 && given_of_them != 1) {
    scope.mistake(value, fmt::format("the builtin {} takes exactly one of its arguments", check.name));
  }
  return check;
}

std::vector<Check> parse_checks(const base::Value& value, const CheckScope& scope) {
  std::vector<Check> checks;
  if (!value.is_list() || value.items().empty()) {
    scope.mistake(value, "\"all\" and \"any\" take a list of checks that is not empty");
  }
  for (const base::Value& item : value.items()) checks.push_back(parse_check(item, scope));
  return checks;
}

}  // namespace

const Component* CheckScope::component(const base::Value& at, const std::string& name) const {
  const Component* found = components.find(name);
  if (!found && !name.empty()) {
    std::vector<std::string> names;
    for (const Component& one : components.all()) names.push_back(one.name);
    mistake(at, fmt::format("there is no component \"{}\"; known are {}", name, join(names, ", ")));
  }
  return found;
}

const SettingSpec* CheckScope::setting(const base::Value& at, const SettingName& name) const {
  const Component* table = component(at, name.component);
  const SettingSpec* found = table ? table->setting(name.name) : nullptr;
  if (table && !found && !name.name.empty()) {
    mistake(at, fmt::format("the component table of {} has no setting \"{}\"", name.component, name.name));
  }
  return found;
}

std::optional<std::string> type_mistake(Parameter::Type type, const base::Value& value) {
  switch (type) {
    case Parameter::Type::kInteger:
      return value.is_int() ? std::nullopt : std::optional<std::string>("an integer");
    case Parameter::Type::kBoolean:
      return value.is_bool() ? std::nullopt : std::optional<std::string>("true or false");
    case Parameter::Type::kString:
      return value.is_string() ? std::nullopt : std::optional<std::string>("a string");
    case Parameter::Type::kDuration:
      return value.is_string() && base::parse_go_duration(value.as_string())
                 ? std::nullopt
                 : std::optional<std::string>("a duration such as \"90s\" or \"5m\"");
    case Parameter::Type::kStringList:
      return value.is_list() && std::ranges::all_of(value.items(), &base::Value::is_string)
                 ? std::nullopt
                 : std::optional<std::string>("a list of strings");
  }
  return std::nullopt;
}

Operand parse_operand(const base::Value& value, const CheckScope& scope) {
  Operand operand;
  if (!value.is_map()) {
    operand.literal = value;
    return operand;
  }
  MapReader map(value, "a value", scope.mistakes);
  operand.parameter = map.text("parameter");
  map.finish();
  const auto known = std::ranges::find(scope.parameters, operand.parameter, &Parameter::name);
  if (!operand.parameter.empty() && known == scope.parameters.end()) {
    scope.mistake(value, fmt::format("the requirement declares no parameter \"{}\"", operand.parameter));
  }
  return operand;
}

Check parse_check(const base::Value& value, const CheckScope& scope) {
  const bool node = scope.scope == Scope::kNode;
  const std::string_view forms =
      node ? "setting, feature-gate, admission-plugin, files, builtin, all or any" : "object or builtin";
  if (!value.is_map() || value.members().size() != 1) {
    scope.mistake(value, fmt::format("a check is a map with exactly one key: {}", forms));
    return {};
  }
  const auto& [form, body] = value.members().front();
  if (form == "builtin") return {parse_builtin(body, scope)};
  if (form == "object" && !node) return {parse_field_check(body, scope)};
  if (!node || form == "object") {
    scope.mistake(body, fmt::format("\"{}\" is no form of a check for requirements of scope {}; known are {}",
                                    form, to_string(scope.scope), forms));
    return {};
  }
  if (form == "setting") return {parse_setting_check(body, scope)};
  if (form == "feature-gate") return {parse_feature_gate(body, scope)};
  if (form == "admission-plugin") return {parse_admission(body, scope)};
  if (form == "files") return {parse_files_check(body, scope)};
  if (form == "all") return {AllOf{parse_checks(body, scope)}};
  if (form == "any") return {AnyOf{parse_checks(body, scope)}};
  scope.mistake(body, fmt::format("\"{}\" is no form of a check; known are {}", form, forms));
  return {};
}

}  // namespace baseline
