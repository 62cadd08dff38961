#include "baseline/settings.h"

#include <algorithm>
#include <array>

#include "base/go_scalar.h"
#include "base/time.h"
#include "baseline/config_lookup.h"
#include "baseline/facts/published.h"
#include "baseline/node_view.h"
#include "baseline/text.h"

namespace baseline {
namespace {

using Origin = EffectiveValue::Origin;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_withheld(std::string_view text) {
  return text == facts::kWithheld;
}

void fill(EffectiveValue& value, const SettingSpec& setting, std::vector<std::string> raw) {
  if (setting.is_list() || setting.type == SettingType::kMap) {
    for (const std::string& one : raw) {
      for (std::string& item : split_list(one)) value.items.push_back(std::move(item));
    }
    value.text = join(value.items, ",");
  } else {
    value.text = raw.empty() ? std::string() : std::string(trimmed(raw.back()));
  }
}

// Whether the component takes the setting from its configuration file alone.
bool only_from_config(const ProcessView& process, const SettingSpec& setting) {
  return process.config_given && !setting.config.empty() &&
         (process.component->config_wins || setting.config_given_replaces);
}

bool from_flag(EffectiveValue& value, const ProcessView& process, const SettingSpec& setting) {
  const FlagUse* use = setting.flag ? process.flag(setting.name) : nullptr;
  if (!use) return false;
  std::vector<std::string> raw = use->values;
  if (!setting.appends) raw = {raw.back()};
  value.redacted = std::ranges::any_of(raw, is_withheld);
  fill(value, setting, std::move(raw));
  value.emptied = value.text.empty();
  value.place = "--" + setting.name;
  if (!value.emptied) value.origin = Origin::kFlag;
  return true;
}

bool from_environment(EffectiveValue& value, const ProcessView& process, const SettingSpec& setting) {
  const std::string& prefix = process.component->environment_prefix;
  if (prefix.empty()) return false;
  if (process.environment_unknown) {
    value.unknown = process.environment_unknown;
    return true;
  }
  std::string variable = prefix;
  for (const char c : setting.name)
    variable += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  for (const facts::EnvVar& one : process.fact->env()) {
    if (one.name() != variable || (one.value().empty() && !one.redacted())) continue;
    fill(value, setting, {one.value()});
    value.redacted = one.redacted();
    value.origin = Origin::kEnvironment;
    value.place = variable;
    return true;
  }
  return false;
}

bool is_zero(std::string_view text, SettingType type) {
  if (type == SettingType::kInteger) return base::parse_go_int(text) == 0;
  if (type != SettingType::kDuration) return false;
  const auto duration = base::parse_go_duration(text);
  return duration && duration->count() == 0;
}

bool from_config(EffectiveValue& value, const ProcessView& process, const SettingSpec& setting) {
  if (setting.config.empty()) return false;
  if (process.config_unknown) {
    value.unknown = process.config_unknown;
    return true;
  }
  const ConfigHit hit = look_up(process.configs, setting.config);
  if (!hit.file) return false;
  fill(value, setting, hit.values);
  value.redacted = hit.redacted;
  if (value.text.empty() && !value.redacted) return false;
  if (setting.config_zero_is_default && is_zero(value.text, setting.type)) {
    value = {};
    return false;
  }
  value.origin = Origin::kConfig;
  value.place = hit.file->path();
  value.key = setting.config;
  return true;
}

void take_default(EffectiveValue& value, const base::Value& found) {
  value.origin = Origin::kDefault;
  for (const base::Value& item : found.items()) value.items.push_back(item.as_string());
  value.text = found.is_list() ? join(value.items, ",") : found.scalar_text();
}

void from_default(EffectiveValue& value, const ProcessView& process,
                  const std::vector<VersionedValue>& defaults) {
  const base::Value* found = at_version(defaults, process.version);
  if (!found) {
    value.needs_version = !defaults.empty() && !process.version;
    return;
  }
  take_default(value, *found);
  if (process.version) value.place = minor_text(*process.version);
}

// A component that is given a configuration file has other defaults for some settings.
const std::vector<VersionedValue>& defaults_of(const ProcessView& process, const SettingSpec& setting) {
  return process.config_given && !setting.config_defaults.empty() ? setting.config_defaults
                                                                  : setting.defaults;
}

std::string shown(const EffectiveValue& value) {
  return value.redacted ? std::string(facts::kWithheld) : value.text;
}

}  // namespace

EffectiveValue effective_value(const ProcessView& process, const SettingSpec& setting) {
  EffectiveValue value;
  if (process.flags_unknown) {
    value.unknown = process.flags_unknown;
    return value;
  }
  const bool config_alone = only_from_config(process, setting);
  const bool flagged = !config_alone && from_flag(value, process, setting);
  if (flagged && !value.emptied) return value;
  if (!config_alone && !flagged && from_environment(value, process, setting)) return value;
  // An empty flag still wins over the file: it empties the setting.
  if (!flagged && from_config(value, process, setting)) return value;
  if (process.defaults_unknown) {
    value.unknown = process.defaults_unknown;
    return value;
  }
  from_default(value, process, defaults_of(process, setting));
  return value;
}

std::vector<EffectiveValue> possible_defaults(const ProcessView& process, const SettingSpec& setting) {
  std::vector<EffectiveValue> values;
  for (const VersionedValue& one : defaults_of(process, setting))
    take_default(values.emplace_back(), one.value);
  return values;
}

EffectiveValue effective_gate(const ProcessView& process, const FeatureGate& gate) {
  EffectiveValue value;
  const SettingSpec* setting = process.component->setting("feature-gates");
  if (!setting || process.flags_unknown) {
    value.unknown = process.flags_unknown;
    return value;
  }
  // Gate by gate a flag wins over the file; a gate named itself wins over AllBeta or AllAlpha.
  const std::array<std::string, 2> names{gate.name, gate.beta ? "AllBeta" : "AllAlpha"};
  for (const std::string& name : names) {
    if (const FlagUse* use = process.flag("feature-gates")) {
      for (const std::string& one : use->values) {
        for (const std::string& item : split_list(one)) {
          if (is_withheld(item))
            value.unknown = phrase("unknown.redacted", process.component->name, "--feature-gates");
          std::string_view pair = item;
          if (pair.starts_with("kube:")) pair.remove_prefix(5);
          const std::size_t equals = pair.find('=');
          if (trimmed(pair.substr(0, equals)) != name || equals == std::string_view::npos) continue;
          value.origin = Origin::kFlag;
          value.text = trimmed(pair.substr(equals + 1));
          value.place = "--feature-gates";
        }
      }
    }
    if (value.unknown || value.is_set()) return value;
    SettingSpec in_file = *setting;
    in_file.type = SettingType::kBoolean;
    in_file.config = setting->config.empty() ? "" : setting->config + "." + name;
    if (from_config(value, process, in_file)) {
      if (value.redacted) value.unknown = phrase("unknown.redacted", process.component->name, name);
      return value;
    }
  }
  if (process.defaults_unknown) {
    value.unknown = process.defaults_unknown;
    return value;
  }
  from_default(value, process, gate.defaults);
  return value;
}

Phrase value_phrase(const EffectiveValue& value) {
  switch (value.origin) {
    case Origin::kFlag:
      return phrase("value.flag", shown(value));
    case Origin::kEnvironment:
      return phrase("value.environment", shown(value), value.place);
    case Origin::kConfig:
      return phrase("value.config", shown(value), value.place, value.key);
    case Origin::kDefault:
      return value.place.empty() ? phrase("value.default-any", shown(value))
                                 : phrase("value.default", shown(value), value.place);
    case Origin::kNone:
      break;
  }
  return value.emptied ? phrase("value.emptied", value.place) : phrase("value.unset");
}

Phrase value_sentence(const EffectiveValue& value, std::string_view component, std::string_view setting) {
  switch (value.origin) {
    case Origin::kFlag:
      return phrase("setting.flag", component, setting, shown(value));
    case Origin::kEnvironment:
      return phrase("setting.environment", component, setting, shown(value), value.place);
    case Origin::kConfig:
      return phrase("setting.config", component, setting, shown(value), value.place, value.key);
    case Origin::kDefault:
      return value.place.empty() ? phrase("setting.default-any", component, setting, shown(value))
                                 : phrase("setting.default", component, setting, shown(value), value.place);
    case Origin::kNone:
      break;
  }
  return value.emptied ? phrase("setting.emptied", component, setting)
                       : phrase("setting.unset", component, setting);
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (true) {
    const std::size_t comma = text.find(',');
    std::string_view item = trimmed(text.substr(0, comma));
    // A list flag is read as CSV, where an item may stand in quotes.
    if (item.size() >= 2 && item.front() == '"' && item.back() == '"') item = item.substr(1, item.size() - 2);
    if (!item.empty()) items.emplace_back(item);
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace baseline
