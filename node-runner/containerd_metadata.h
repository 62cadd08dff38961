#pragma once

#include <map>
#include <set>
#include <string>

#include "node-runner/workloads.h"

namespace baseline::runner {

// What containerd's metadata says of the images and of some containers of Kubernetes.
struct ContainerdMetadata {
  struct Container {
    std::string image;      // name of its image when it was made
    std::string config_id;  // digest of that image's configuration; empty when it is not noted
    std::map<std::string, std::string> labels;
  };
  std::map<std::string, std::string> images;  // digest of manifest or index, by name
  std::map<std::string, Container> containers;
};

// Reads containerd's database at `path`, of containers only those in `ids`. Tried again when the database was
// written to meanwhile; kUnavailable when that happened each time.
base::Result<ContainerdMetadata> read_containerd_metadata(Context& context, int viewer,
                                                          const std::string& path,
                                                          const std::set<std::string>& ids);

}  // namespace baseline::runner
