#pragma once

#include "node-runner/runtimes.h"
#include "node-runner/workloads.h"

namespace baseline::runner {

// The containers of pods that CRI-O runs, from its run root (`state`), and their images, from its storage
// below `root`. Containers of others in the same storage, such as Podman's, are left out. Nothing when there
// is no such storage.
void read_crio(Context& context, const RuntimeStore& store, Workloads& out);

}  // namespace baseline::runner
