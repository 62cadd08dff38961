#pragma once

#include "node-runner/runtimes.h"
#include "node-runner/workloads.h"

namespace baseline::runner {

// The containers that dockerd runs for pods, and their images, both below `root`. Containers that no kubelet
// started are left out. Nothing when dockerd keeps no containers there.
void read_docker(Context& context, const RuntimeStore& store, Workloads& out);

}  // namespace baseline::runner
