#include "baseline/profile_value.h"

#include "base/time.h"

namespace baseline {
namespace {

using base::Value;

Value strings(const std::vector<std::string>& texts) {
  Value list = Value::list();
  for (const std::string& text : texts) list.push_back(text);
  return list;
}

void set_strings(Value& map, std::string_view key, const std::vector<std::string>& texts) {
  if (!texts.empty()) map.set(key, strings(texts));
}

void set_map(Value& map, std::string_view key, const std::map<std::string, std::string>& texts) {
  if (texts.empty()) return;
  Value members = Value::map();
  for (const auto& [name, text] : texts) members.set(name, text);
  map.set(key, std::move(members));
}

void set_text(Value& map, std::string_view key, const std::string& text) {
  if (!text.empty()) map.set(key, text);
}

void set_time(Value& map, std::string_view key, const std::optional<base::Time>& time) {
  if (time) map.set(key, base::format_time(*time));
}

Value parameters(const ProfileSpec& spec) {
  Value all = Value::map();
  for (const auto& [requirement, values] : spec.parameters) {
    Value members = Value::map();
    for (const auto& [name, value] : values) members.set(name, value);
    all.set(requirement, std::move(members));
  }
  return all;
}

}  // namespace

Value to_value(const Exemption& exemption) {
  Value map = Value::map();
  map.set("requirements", strings(exemption.requirements));
  set_strings(map, "namespaces", exemption.scope.namespaces);
  set_strings(map, "names", exemption.scope.names);
  set_strings(map, "kinds", exemption.scope.kinds);
  set_strings(map, "containers", exemption.scope.containers);
  set_map(map, "labels", exemption.scope.labels);
  set_map(map, "nodeSelector", exemption.scope.node_selector);
  map.set("reason", exemption.reason);
  map.set("owner", exemption.owner);
  set_time(map, "expires", exemption.expires);
  return map;
}

Value to_value(const Attestation& attestation) {
  Value map = Value::map();
  map.set("requirement", attestation.requirement);
  map.set("result", to_string(attestation.pass ? Status::kPass : Status::kFail));
  map.set("evidence", attestation.evidence);
  map.set("by", attestation.by);
  set_time(map, "expires", attestation.expires);
  return map;
}

Value to_value(const ProfileSpec& spec) {
  Value map = Value::map();
  set_text(map, "standard", spec.standard);
  if (spec.language) map.set("language", *spec.language == Language::kChinese ? "zh" : "en");
  set_text(map, "extends", spec.extends);
  Value selection = Value::map();
  set_strings(selection, "include", spec.include);
  set_strings(selection, "exclude", spec.exclude);
  if (!selection.members().empty()) map.set("requirements", std::move(selection));
  if (!spec.parameters.empty()) map.set("parameters", parameters(spec));
  if (!spec.level_overrides.empty()) {
    Value& overrides = map.set("overrides", Value::map());
    for (const auto& [requirement, level] : spec.level_overrides) {
      Value one = Value::map();
      one.set("level", to_string(level));
      overrides.set(requirement, std::move(one));
    }
  }
  for (const Exemption& exemption : spec.exemptions) {
    if (!map.contains("exemptions")) map.set("exemptions", Value::list());
    map.find("exemptions")->push_back(to_value(exemption));
  }
  for (const Attestation& attestation : spec.attestations) {
    if (!map.contains("attestations")) map.set("attestations", Value::list());
    map.find("attestations")->push_back(to_value(attestation));
  }
  for (const CustomRequirement& custom : spec.custom) {
    if (!map.contains("custom")) map.set("custom", Value::list());
    map.find("custom")->push_back(custom.source);
  }
  return map;
}

}  // namespace baseline
