#pragma once

#include <vector>

#include "node-runner/components.h"
#include "node-runner/runtimes.h"

namespace baseline::runner {

// The running containers of pods with what their processes are, and their images with what their
// configuration and root filesystems say. Reads every store of a runtime, then the well-known places:
// containers_known is set when there was one and nothing in any of them was out of reach.
void collect_containers(Context& context, const std::vector<Component>& components,
                        const std::vector<RuntimeStore>& stores);

}  // namespace baseline::runner
