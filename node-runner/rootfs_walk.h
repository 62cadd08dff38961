#pragma once

#include <chrono>
#include <vector>

#include "baseline/facts/facts.pb.h"
#include "node-runner/container_process.h"

namespace baseline::runner {

// Looks through root filesystems of containers, within a budget for each and one for all. A walk never leaves
// the filesystem it begins in, follows no symbolic link and opens nothing but directories.
class RootfsWalks {
 public:
  explicit RootfsWalks(Context& context);

  // `pids`: processes of containers of one image, of which the first whose root can be opened is looked
  // through.
  void look(const std::vector<int>& pids, facts::RootFilesystem& out);

 private:
  Context& context_;
  std::chrono::steady_clock::time_point end_of_all_;
};

// The same for a root at hand; `end`: when to stop.
void look_through_root(Context& context, const ContainerRoot& root, std::chrono::steady_clock::time_point end,
                       facts::RootFilesystem& out);

}  // namespace baseline::runner
