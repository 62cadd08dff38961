#pragma once

#include <vector>

#include "node-runner/components.h"

namespace baseline::runner {

// One pass over proc: the components and container runtimes that run, bundles expanded. A process that ends
// meanwhile is left out; one that may not be read is a CollectionError. Their roots become viewers of the
// context.
std::vector<Component> collect_processes(Context& context);

}  // namespace baseline::runner
