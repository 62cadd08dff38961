#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baseline/component.h"
#include "baseline/phrase.h"

namespace baseline {

struct ProcessView;

// The value of a setting that is in force in a process, and where it comes from.
struct EffectiveValue {
  enum class Origin { kFlag, kEnvironment, kConfig, kDefault, kNone };
  Origin origin = Origin::kNone;
  std::string text;                // a scalar; a list's items joined by ","
  std::vector<std::string> items;  // of a list, spaces trimmed
  std::string place;               // environment variable, configuration file, or version of a default
  std::string key;                 // dotted place in that file
  bool redacted = false;           // set, but its value did not leave the node
  bool emptied = false;            // a flag sets it to the empty string
  bool needs_version = false;      // the default depends on a version that is not known

  // Why it is not known whether anything sets it; the rest then means nothing.
  std::optional<Phrase> unknown;

  bool is_set() const { return origin != Origin::kDefault && origin != Origin::kNone; }
};

// Flag, environment, configuration file with drop-ins, default of the running version: whichever the
// component itself would take (docs/standard-format.md, "The effective value").
EffectiveValue effective_value(const ProcessView& process, const SettingSpec& setting);

// The default of every version, for a process whose version is not known (EffectiveValue::needs_version).
std::vector<EffectiveValue> possible_defaults(const ProcessView& process, const SettingSpec& setting);

// effective_value for one feature gate: `text` is "true", "false", or empty when no default is known.
EffectiveValue effective_gate(const ProcessView& process, const FeatureGate& gate);

// As a finding shows it: "4h0m0s (default of version 1.36)".
Phrase value_phrase(const EffectiveValue& value);
// As a sentence: "kubelet --read-only-port is 0, set by readOnlyPort in /var/lib/kubelet/config.yaml".
Phrase value_sentence(const EffectiveValue& value, std::string_view component, std::string_view setting);

// Splits at commas, trims spaces, drops what is empty.
std::vector<std::string> split_list(std::string_view text);

}  // namespace baseline
