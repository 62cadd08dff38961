#pragma once

#include <memory>
#include <stop_token>

#include "kube/transport.h"
#include "operator/log.h"
#include "operator/options.h"

namespace baseline::op {

// The operator from start to end. Returns the process's exit status: 0 after a requested stop, 1 when the
// lease was lost, 2 when it could not start at all (no credentials, port taken, mistakes in a standard of
// --standards, each of them in the log). An API server that is away
// is waited for.
int run_operator(const Options& options, const Log& log, const std::stop_token& stop);
// The same with a way to the API server that is there already.
int run_operator(const Options& options, const Log& log, std::unique_ptr<kube::Transport> transport,
                 const std::stop_token& stop);

}  // namespace baseline::op
