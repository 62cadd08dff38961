#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node-runner/context.h"

namespace baseline::runner {

// Directories of drop-ins of a unit by name, the most specific first: "k3s-agent.service.d",
// "k3s-.service.d", "service.d".
std::vector<std::string> drop_in_directories(std::string_view unit);

// The units that start the kubelet, alone or in a bundle, as systemd would assemble them (systemd.unit(5)):
// the fragment from the first directory that has one, drop-ins of all directories in the order of their
// names, those of the same name in a later directory hidden.
void collect_units(Context& context);

}  // namespace baseline::runner
