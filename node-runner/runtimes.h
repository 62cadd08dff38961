#pragma once

#include <string>
#include <vector>

#include "node-runner/components.h"

namespace baseline::runner {

// Where a runtime says that CNI configuration is.
struct CniSource {
  std::string runtime;
  int viewer = kHost;
  std::string directory;
  std::string origin;  // the file that says so
};

// The container runtimes that run (when none is seen running, those that are configured), their registries
// and their image stores. What they say of CNI comes back.
std::vector<CniSource> collect_runtimes(Context& context, const std::vector<Component>& components);

}  // namespace baseline::runner
