#pragma once

#include <string>

#include "node-runner/containerd_metadata.h"
#include "node-runner/workloads.h"

namespace baseline::runner {

// The way from a container to its image's configuration through containerd's content store.
class ContainerdImages {
 public:
  ContainerdImages(Context& context, int viewer, std::string root, const ContainerdMetadata& metadata)
      : context_(context), viewer_(viewer), root_(std::move(root)), metadata_(metadata) {}

  // Fills image_id and, the first time, the image's row. `config_id`: the digest of the configuration when it
  // is known, else the image is what `fact.image` names now.
  void resolve(const std::string& config_id, facts::Container& fact, Workloads& out);

 private:
  struct Manifest {
    std::string config;  // digest
    std::uint64_t bytes = 0;
    std::string base_name;
  };
  base::Result<base::Value> document(const std::string& digest);
  // The manifest for this platform, or the one with this configuration.
  base::Result<Manifest> manifest(const std::string& digest, const std::string& config_id, int depth);
  base::Result<Manifest> choose(const base::Value& index, const std::string& config_id, int depth);
  std::string blob_path(std::string_view hex) const;
  void add_names(const std::string& target, facts::Image& image) const;
  void fill(const std::string& id, const Manifest& manifest, facts::Image& image);

  Context& context_;
  int viewer_;
  std::string root_;
  const ContainerdMetadata& metadata_;
};

}  // namespace baseline::runner
