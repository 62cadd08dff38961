#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "node-runner/runtimes.h"

namespace baseline::runner {

// Name and plugin types of a CNI network configuration, a list of plugins or a single one.
facts::CniNetwork parse_network(const base::Value& document);

// The CNI configuration directory that is in use: what the kubelet's flag says, else what its runtime says,
// else the default; its files and networks.
void collect_cni(Context& context, const std::vector<Component>& components,
                 const std::vector<CniSource>& sources);

}  // namespace baseline::runner
