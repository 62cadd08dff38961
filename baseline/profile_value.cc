#include "baseline/profile_value.h"

#include "baseline/value_writer.h"

namespace baseline {
namespace {

using base::Value;

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
  map.set("requirements", to_list(exemption.requirements));
  set_texts(map, "namespaces", exemption.scope.namespaces);
  set_texts(map, "names", exemption.scope.names);
  set_texts(map, "kinds", exemption.scope.kinds);
  set_texts(map, "containers", exemption.scope.containers);
  set_texts(map, "labels", exemption.scope.labels);
  set_texts(map, "nodeSelector", exemption.scope.node_selector);
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
  set_texts(selection, "include", spec.include);
  set_texts(selection, "exclude", spec.exclude);
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
