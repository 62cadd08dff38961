#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node-runner/components.h"
#include "node-runner/context.h"

namespace baseline::runner {

// Directories of drop-ins of a unit by name, the most specific first: "k3s-agent.service.d",
// "k3s-.service.d", "service.d".
std::vector<std::string> drop_in_directories(std::string_view unit);

// A unit as systemd would assemble it (systemd.unit(5)): the fragment from the first directory that has one,
// drop-ins of all directories in the order of their names, those of the same name in a later directory
// hidden.
struct Unit {
  std::string fragment;  // empty: masked or not installed, and then there are no drop-ins
  std::vector<std::string> drop_ins;
};
Unit find_unit(Context& context, std::string_view name);
// What it says, the drop-ins behind the fragment; files that cannot be read are errors.
std::string read_unit(Context& context, const Unit& unit);

// The units that start the kubelet, alone or in a bundle: the well-known ones, and those that kubelets run
// in.
void collect_units(Context& context, const std::vector<Component>& host);

}  // namespace baseline::runner
