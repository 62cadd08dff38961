#pragma once

#include <string>

#include "base/error.h"
#include "base/time.h"
#include "baseline/facts/facts.pb.h"
#include "node-runner/limits.h"

namespace baseline::runner {

struct CollectOptions {
  std::string root = "/";  // everything, proc included, is looked up below it
  Limits limits;
};

// Gathers what a node is, in one pass, without starting a process or writing anything. Canonical: the same
// node gives the same facts, apart from process numbers and start times. What could not be gathered is in
// NodeFacts.errors; an Error is returned only when `root` cannot be a node's root at all.
base::Result<facts::NodeFacts> collect(const CollectOptions& options, const base::Clock& clock);

}  // namespace baseline::runner
