#include "baseline/checks/admission.h"

#include <algorithm>

namespace baseline {
namespace {

bool has(const EffectiveValue& value, std::string_view plugin) {
  return std::ranges::find(value.items, plugin) != value.items.end();
}

// Nothing when no version is known and the sets differ about the plugin.
std::optional<bool> on_by_default(std::string_view plugin, const ProcessView& apiserver) {
  const auto& sets = apiserver.component->admission_plugins;
  const auto names_it = [&](const PluginSet& set) {
    return std::ranges::find(set.plugins, plugin) != set.plugins.end();
  };
  if (!apiserver.version) {
    if (std::ranges::none_of(sets, names_it)) return false;
    return std::ranges::all_of(sets, names_it) ? std::optional(true) : std::nullopt;
  }
  bool on = false;
  for (const PluginSet& set : sets) {
    if (set.from <= *apiserver.version) on = names_it(set);
  }
  return on;
}

std::string version_text(const ProcessView& apiserver) {
  return apiserver.version ? minor_text(*apiserver.version) : std::string();
}

}  // namespace

PluginState plugin_state(std::string_view plugin, const ProcessView& apiserver) {
  PluginState state;
  const EffectiveValue whole = setting_of(apiserver, "admission-control");
  const EffectiveValue enable = setting_of(apiserver, "enable-admission-plugins");
  const EffectiveValue disable = setting_of(apiserver, "disable-admission-plugins");
  const auto decide = [&](bool enabled, const EffectiveValue& value, std::string_view flag) {
    state.enabled = enabled;
    state.value = value;
    state.flag = flag;
    return state;
  };
  for (const EffectiveValue* value : {&whole, &enable, &disable}) {
    if (value->unknown) {
      state.unknown = value->unknown;
      return state;
    }
  }
  if (whole.is_set()) return decide(has(whole, plugin), whole, "--admission-control");
  // The API server refuses to start with a plugin in both lists; were it there, it would not be relied on.
  if (has(disable, plugin)) return decide(false, disable, "--disable-admission-plugins");
  if (has(enable, plugin)) return decide(true, enable, "--enable-admission-plugins");
  const auto on = on_by_default(plugin, apiserver);
  if (!on) state.unknown = phrase("unknown.version", apiserver.component->name);
  state.enabled = on.value_or(false);
  return state;
}

Phrase plugin_sentence(std::string_view plugin, const PluginState& state, const ProcessView& apiserver) {
  if (!state.flag.empty()) {
    return state.enabled ? phrase("plugin.enabled", plugin, state.flag, state.value.text)
                         : phrase("plugin.disabled", plugin, state.flag, state.value.text);
  }
  const std::string version = version_text(apiserver);
  if (version.empty())
    return state.enabled ? phrase("plugin.on-default-any", plugin) : phrase("plugin.off-default-any", plugin);
  return state.enabled ? phrase("plugin.on-default", plugin, version)
                       : phrase("plugin.off-default", plugin, version);
}

Phrase plugin_phrase(const PluginState& state, const ProcessView& apiserver) {
  if (!state.flag.empty()) {
    return state.enabled ? phrase("actual.plugin-on", state.flag, state.value.text)
                         : phrase("actual.plugin-off", state.flag, state.value.text);
  }
  const std::string version = version_text(apiserver);
  if (version.empty())
    return state.enabled ? phrase("actual.on-default-any") : phrase("actual.off-default-any");
  return state.enabled ? phrase("actual.on-default", version) : phrase("actual.off-default", version);
}

CheckOutcome run_admission(const AdmissionCheck& check, const CheckContext& context) {
  return each_process("kube-apiserver", context, [&](const ProcessView& apiserver) {
    const PluginState state = plugin_state(check.plugin, apiserver);
    const Phrase subject = phrase("subject.plugin", check.plugin);
    const Phrase expected = check.enabled ? phrase("expected.enabled") : phrase("expected.disabled");
    if (state.unknown) return outcome(Status::kError, *state.unknown, subject, expected, *state.unknown);
    return outcome(state.enabled == check.enabled ? Status::kPass : Status::kFail,
                   plugin_sentence(check.plugin, state, apiserver), subject, expected,
                   plugin_phrase(state, apiserver));
  });
}

}  // namespace baseline
