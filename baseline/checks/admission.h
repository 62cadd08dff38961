#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "baseline/checks/check_context.h"

namespace baseline {

// Whether an admission plugin is in force in one API server, and what decides about it.
struct PluginState {
  bool enabled = false;
  EffectiveValue value;           // the flag that names it, or unset: the version's default set decides
  std::string_view flag;          // its name; empty: the default
  std::optional<Phrase> unknown;  // why it cannot be known
};

// The version's default set + enable - disable; --admission-control, where given, is the whole set.
PluginState plugin_state(std::string_view plugin, const ProcessView& apiserver);

// As a sentence.
Phrase plugin_sentence(std::string_view plugin, const PluginState& state, const ProcessView& apiserver);
// As a finding shows it.
Phrase plugin_phrase(const PluginState& state, const ProcessView& apiserver);

}  // namespace baseline
