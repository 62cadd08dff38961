#pragma once

#include <stop_token>

#include "operator/log.h"
#include "operator/options.h"

namespace baseline::op {

// The operator from start to end. Returns the process's exit status: 0 after a requested stop, 1 when the
// lease was lost, 2 when it could not start at all (no credentials, port taken). An API server that is away
// is waited for.
int run_operator(const Options& options, const Log& log, std::stop_token stop);

}  // namespace baseline::op
