#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "base/error.h"

namespace baseline::op {

struct RehearsalLimits {
  std::size_t memory = std::size_t{96} << 20;  // beyond what this process has now
  std::chrono::seconds cpu{30};
  std::chrono::seconds time{60};  // in which it must end at all; two tries
};

// Does the work in a copy of this process (fork), which may die of it. Nothing of what the work changes is
// kept. An error says how it ended: out of memory or time (kLimit), by a signal (kInternal), or that it could
// not begin (kUnavailable). The work must not log, wait for a thread, or use a connection or a descriptor of
// this process. Blocks until the copy has ended; safe from any thread.
base::Result<void> rehearse(const std::function<void()>& work, const RehearsalLimits& limits = {});

}  // namespace baseline::op
