#pragma once

#include "node-runner/context.h"

namespace baseline::runner {

// Operating system, kernel, name and architecture.
void collect_host(Context& context);

// Security modules that the running kernel has in force.
void collect_lsm(Context& context);

}  // namespace baseline::runner
