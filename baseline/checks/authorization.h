#pragma once

#include <string>
#include <vector>

#include "baseline/checks/check_context.h"

namespace baseline {

// The API server's authorizers in force: those of --authorization-config where it is given, else of
// --authorization-mode, else AlwaysAllow. As items of an effective value that says where they come from.
EffectiveValue authorizers(const ProcessView& apiserver, const CheckContext& context);

bool has_item(const EffectiveValue& value, std::string_view item);

// The configuration file that a flag names, as the process sees it. Null: `value` is not set, or `unknown`
// says why the file cannot be judged.
struct NamedConfig {
  EffectiveValue value;
  const facts::ConfigFile* file = nullptr;
  std::optional<Phrase> unknown;
};
NamedConfig named_config(const ProcessView& process, std::string_view flag, const CheckContext& context);

}  // namespace baseline
