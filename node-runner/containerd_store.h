#pragma once

#include "node-runner/runtimes.h"
#include "node-runner/workloads.h"

namespace baseline::runner {

// The containers of pods that containerd runs: bundles below `state`, in the namespace of Kubernetes; and
// their images, from the metadata and content stores below `root`. Nothing when there is no such directory of
// bundles.
void read_containerd(Context& context, const RuntimeStore& store, Workloads& out);

}  // namespace baseline::runner
