#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/yaml.h"
#include "baseline/component.h"
#include "baseline/standard_loader.h"
#include "baseline/yaml_reader.h"

namespace baseline {
namespace {

constexpr std::array<std::pair<std::string_view, SettingType>, 8> kTypes{
    {{"boolean", SettingType::kBoolean},
     {"integer", SettingType::kInteger},
     {"string", SettingType::kString},
     {"list", SettingType::kList},
     {"duration", SettingType::kDuration},
     {"path", SettingType::kPath},
     {"paths", SettingType::kPaths},
     {"map", SettingType::kMap}}};

bool fits(SettingType type, const base::Value& value) {
  switch (type) {
    case SettingType::kBoolean:
      return value.is_bool();
    case SettingType::kInteger:
      return value.is_int();
    case SettingType::kList:
    case SettingType::kPaths:
      return value.is_list() && std::ranges::all_of(value.items(), &base::Value::is_string);
    case SettingType::kMap:
      return false;
    default:
      return value.is_string();
  }
}

Version read_from(MapReader& map) {
  const std::string text = map.text("from");
  if (!text.empty() && !is_plain_version(text)) {
    map.mistake(nullptr, fmt::format("\"{}\" is no version; \"1.24\" was expected", text));
  }
  return parse_version(text).value_or(Version{});
}

void hold_ascending(bool ascending, const MapReader& map, MistakeList& mistakes) {
  if (!ascending) mistakes.add(map.line(), "versions must ascend");
}

// A plain value, or a list of {from, value} by version.
std::vector<VersionedValue> read_versioned(const base::Value* value, SettingType type,
                                           MistakeList& mistakes) {
  std::vector<VersionedValue> values;
  if (!value) return values;
  const auto add = [&](Version from, const base::Value& one, int line) {
    if (!fits(type, one))
      mistakes.add(line, fmt::format("{} does not fit the setting's type", one.kind_name()));
    values.push_back({from, one});
  };
  const bool by_version = value->is_list() && !value->items().empty() &&
                          std::ranges::all_of(value->items(), &base::Value::is_map);
  if (!by_version) {
    add({}, *value, value->line());
    return values;
  }
  for (const base::Value& item : value->items()) {
    MapReader entry(item, "a value by version", mistakes);
    const Version from = read_from(entry);
    hold_ascending(values.empty() || values.back().from < from, entry, mistakes);
    if (const base::Value* one = entry.required("value", "the value from that version on")) {
      add(from, *one, item.line());
    }
    entry.finish();
  }
  return values;
}

SettingSpec read_setting(const base::Value& value, MistakeList& mistakes) {
  MapReader map(value, "a setting", mistakes);
  SettingSpec spec;
  spec.name = map.text("name");
  const std::string type = map.text("type");
  const auto* known = std::ranges::find(kTypes, type, &std::pair<std::string_view, SettingType>::first);
  if (known == kTypes.end()) {
    map.mistake(&value, fmt::format("\"{}\" is no type of a setting", type));
  } else {
    spec.type = known->second;
  }
  spec.config = map.optional_text("config");
  spec.flag = map.optional_boolean("flag", true);
  const bool many = spec.is_list() || spec.type == SettingType::kMap;
  spec.appends =
      map.word("repeated", {many ? "append" : "last", many ? "last" : "append"}, false) == "append";
  spec.config_zero_is_default = map.optional_boolean("config-zero-is-default", false);
  spec.config_given_replaces = map.optional_boolean("config-given-replaces", false);
  spec.per_node = map.optional_boolean("per-node", false);
  spec.defaults = read_versioned(map.optional("default"), spec.type, mistakes);
  spec.config_defaults = read_versioned(map.optional("config-default"), spec.type, mistakes);
  map.finish();
  return spec;
}

FeatureGate read_gate(const base::Value& value, MistakeList& mistakes) {
  MapReader map(value, "a feature gate", mistakes);
  FeatureGate gate;
  gate.name = map.text("name");
  gate.beta = map.word("stage", {"beta", "alpha"}, false) == "beta";
  gate.defaults =
      read_versioned(map.required("default", "its default by version"), SettingType::kBoolean, mistakes);
  map.finish();
  return gate;
}

PluginSet read_plugins(const base::Value& value, MistakeList& mistakes) {
  MapReader map(value, "a set of admission plugins", mistakes);
  PluginSet set;
  set.from = read_from(map);
  set.plugins = map.optional_texts("plugins");
  map.finish();
  return set;
}

Component read_component(const base::Value& document, MistakeList& mistakes) {
  MapReader map(document, "a component table", mistakes);
  Component component;
  component.name = map.text("component");
  component.config_wins = map.word("precedence", {"flags", "config"}, false) == "config";
  component.environment_prefix = map.optional_text("environment-prefix");
  component.config_flag = map.optional_text("config-flag");
  component.drop_in_flag = map.optional_text("drop-in-flag");
  component.drop_in_suffix = map.optional_text("drop-in-suffix");
  component.bundle_argument = map.optional_text("bundle-argument");
  component.runs_in_pods = map.optional_boolean("runs-in-pods", false);
  component.cluster_version = map.word("cluster-version", {"none", "kubelet", "apiserver"}, false);
  if (const auto* settings = map.required("settings", "a list of settings")) {
    for (const base::Value& item : settings->items())
      component.settings.push_back(read_setting(item, mistakes));
  }
  if (const auto* gates = map.optional("feature-gates")) {
    for (const base::Value& item : gates->items()) component.gates.push_back(read_gate(item, mistakes));
  }
  if (const auto* sets = map.optional("admission-plugins")) {
    for (const base::Value& item : sets->items()) {
      component.admission_plugins.push_back(read_plugins(item, mistakes));
      const auto& all = component.admission_plugins;
      if (all.size() > 1 && all.back().from <= all[all.size() - 2].from) {
        mistakes.add(item.line(), "versions must ascend");
      }
    }
  }
  map.finish();
  std::ranges::sort(component.settings, std::less<>(), &SettingSpec::name);
  const auto twice = std::ranges::adjacent_find(component.settings, std::equal_to<>(), &SettingSpec::name);
  if (twice != component.settings.end()) {
    mistakes.add(map.line(), fmt::format("the setting \"{}\" stands twice", twice->name));
  }
  for (const std::string* flag : {&component.config_flag, &component.drop_in_flag}) {
    if (!flag->empty() && !component.setting(*flag)) {
      mistakes.add(map.line(),
                   fmt::format("the setting \"{}\" that names files must be in the table", *flag));
    }
  }
  return component;
}

}  // namespace

std::expected<ComponentTables, std::vector<Mistake>> load_components(const std::vector<StandardFile>& files) {
  std::vector<Component> components;
  std::vector<Mistake> all;
  for (const StandardFile& file : files) {
    MistakeList mistakes(file.name);
    if (const auto document = base::parse_yaml(file.text, file.name); !document) {
      all.push_back(to_mistake(document.error()));
    } else {
      components.push_back(read_component(*document, mistakes));
    }
    for (Mistake& mistake : mistakes.take()) all.push_back(std::move(mistake));
  }
  if (!all.empty()) return std::unexpected(std::move(all));
  return ComponentTables(std::move(components));
}

}  // namespace baseline
