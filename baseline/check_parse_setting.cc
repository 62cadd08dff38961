#include <array>

#include <fmt/format.h>

#include "baseline/check_parse.h"

namespace baseline {
namespace {

using Kind = Expectation::Kind;

struct KindName {
  std::string_view key;
  Kind kind;
};

constexpr std::array<KindName, 11> kKinds{{{"unset", Kind::kUnset},
                                           {"set", Kind::kSet},
                                           {"equals", Kind::kEquals},
                                           {"not-equals", Kind::kNotEquals},
                                           {"contains", Kind::kContains},
                                           {"lacks", Kind::kLacks},
                                           {"integer", Kind::kInteger},
                                           {"duration", Kind::kDuration},
                                           {"subset-of", Kind::kSubsetOf},
                                           {"loopback", Kind::kLoopback},
                                           {"file", Kind::kFile}}};

// A parameter's type stands for the literal that it will be.
std::optional<Parameter::Type> operand_type(const Operand& operand, const CheckScope& scope) {
  for (const Parameter& parameter : scope.parameters) {
    if (parameter.name == operand.parameter) return parameter.type;
  }
  return std::nullopt;
}

void hold_type(const Operand& operand, Parameter::Type type, const base::Value& at, const CheckScope& scope) {
  if (operand.parameter.empty()) {
    if (const auto wrong = type_mistake(type, operand.literal)) {
      scope.mistake(at, fmt::format("the value must be {}, but is {}", *wrong, operand.literal.kind_name()));
    }
  } else if (const auto found = operand_type(operand, scope); found && *found != type) {
    scope.mistake(at, fmt::format("the parameter \"{}\" is of another type than this expectation takes",
                                  operand.parameter));
  }
}

void read_bounds(Expectation& expect, const base::Value& body, Parameter::Type type,
                 const CheckScope& scope) {
  const bool duration = type == Parameter::Type::kDuration;
  MapReader bounds(body, duration ? "duration" : "integer", scope.mistakes);
  const auto read = [&](std::string_view key, std::optional<Operand>& into) {
    if (const base::Value* value = bounds.optional(key)) {
      into = parse_operand(*value, scope);
      hold_type(*into, type, *value, scope);
    }
  };
  read("min", expect.minimum);
  read("max", expect.maximum);
  if (duration) read("above", expect.above);
  bounds.finish();
  if (!expect.minimum && !expect.maximum && !expect.above) {
    scope.mistake(body, "at least one bound was expected: min or max");
  }
}

Parameter::Type literal_type(SettingType type) {
  if (type == SettingType::kBoolean) return Parameter::Type::kBoolean;
  if (type == SettingType::kInteger) return Parameter::Type::kInteger;
  return Parameter::Type::kString;
}

// Which types of setting an expectation can be held against; null: any.
bool fits(Kind kind, const SettingSpec& spec) {
  switch (kind) {
    case Kind::kContains:
    case Kind::kLacks:
    case Kind::kSubsetOf:
      return spec.is_list();
    case Kind::kInteger:
      return spec.type == SettingType::kInteger;
    case Kind::kDuration:
      return spec.type == SettingType::kDuration;
    case Kind::kFile:
      return spec.type == SettingType::kPath || spec.type == SettingType::kPaths;
    case Kind::kEquals:
    case Kind::kNotEquals:
      return !spec.is_list() && spec.type != SettingType::kMap && spec.type != SettingType::kDuration;
    case Kind::kLoopback:
      return spec.type == SettingType::kString;
    default:
      return true;
  }
}

}  // namespace

Expectation parse_expectation(const base::Value& value, const SettingSpec* spec, const CheckScope& scope) {
  Expectation expect;
  if (!value.is_map() || value.members().size() != 1) {
    scope.mistake(value, "a map with exactly one expectation was expected, such as {equals: false}");
    return expect;
  }
  const auto& [key, body] = value.members().front();
  const KindName* known = nullptr;
  for (const KindName& one : kKinds) {
    if (one.key == key) known = &one;
  }
  if (!known) {
    scope.mistake(body, fmt::format("\"{}\" is no expectation", key));
    return expect;
  }
  expect.kind = known->kind;
  if (spec && !fits(expect.kind, *spec)) {
    scope.mistake(body, fmt::format("\"{}\" does not fit the type of the setting \"{}\"", key, spec->name));
  }
  switch (expect.kind) {
    case Kind::kUnset:
    case Kind::kSet:
    case Kind::kLoopback:
    case Kind::kFile:
      if (!body.as_bool()) scope.mistake(body, fmt::format("\"{}\" takes true and nothing else", key));
      break;
    case Kind::kInteger:
      read_bounds(expect, body, Parameter::Type::kInteger, scope);
      break;
    case Kind::kDuration:
      read_bounds(expect, body, Parameter::Type::kDuration, scope);
      break;
    case Kind::kSubsetOf:
      expect.value = parse_operand(body, scope);
      hold_type(expect.value, Parameter::Type::kStringList, body, scope);
      break;
    default:
      expect.value = parse_operand(body, scope);
      if (spec) hold_type(expect.value, literal_type(spec->type), body, scope);
      break;
  }
  return expect;
}

SettingCheck parse_setting_check(const base::Value& value, const CheckScope& scope) {
  MapReader map(value, "setting", scope.mistakes);
  SettingCheck check;
  check.setting = {map.text("component"), map.text("name")};
  const SettingSpec* spec = scope.setting(value, check.setting);
  if (const base::Value* expect = map.required("expect", "one expectation, such as {equals: false}")) {
    check.expect = parse_expectation(*expect, spec, scope);
  }
  const std::string when = map.word("when-unset", {"default", "pass", "fail"}, false);
  if (when == "pass") check.when_unset = SettingCheck::WhenUnset::kPass;
  if (when == "fail") check.when_unset = SettingCheck::WhenUnset::kFail;
  map.finish();
  return check;
}

}  // namespace baseline
