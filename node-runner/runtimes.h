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

// Where a runtime says that it keeps its containers and images.
struct RuntimeStore {
  std::string runtime;  // as ContainerRuntime.name
  int viewer = kHost;
  std::string state;  // of what runs: containerd's state, CRI-O's runroot; empty for dockerd
  std::string root;   // of what is stored
};

struct RuntimeSources {
  std::vector<CniSource> cni;
  std::vector<RuntimeStore> stores;
};

// The container runtimes that run (when none is seen running, those that are configured), their registries
// and their image stores. What they say of CNI and where their stores are comes back.
RuntimeSources collect_runtimes(Context& context, const std::vector<Component>& components);

}  // namespace baseline::runner
