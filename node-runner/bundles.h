#pragma once

#include <string_view>
#include <vector>

#include "node-runner/components.h"

namespace baseline::runner {

inline constexpr std::string_view kK3sConfigFile = "K3S_CONFIG_FILE";  // takes the place of --config

// One Component for each that a bundle's process embeds, with the flags that the bundle's own command line,
// unit and configuration pass on to it. What k3s passes of its own accord is not visible on the node: an
// absent flag of a k3s component means "not known", not "default".
std::vector<Component> expand_bundle(Context& context, const Component& process);

}  // namespace baseline::runner
