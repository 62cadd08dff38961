#pragma once

#include <chrono>
#include <map>
#include <string_view>
#include <vector>

#include "baseline/facts/facts.pb.h"
#include "node-runner/container_process.h"

namespace baseline::runner {

// Looks through root filesystems of containers, within a budget for each and one for all. A walk never leaves
// the filesystem it begins in, follows no symbolic link and opens nothing but directories.
class RootfsWalks {
 public:
  explicit RootfsWalks(Context& context);

  // `users`: processes of containers of one image, by the namespace of their pods. Of each namespace the
  // first whose root can be opened is looked through, and what any of them has is told: nobody hides from
  // others what an image has by removing it from a container of his own.
  void look(const std::map<std::string_view, std::vector<int>>& users, facts::RootFilesystem& out);

 private:
  void look_at_one(const std::vector<int>& pids, facts::RootFilesystem& out);

  Context& context_;
  std::chrono::steady_clock::time_point end_of_all_;
};

// The same for a root at hand; `end`: when to stop.
void look_through_root(Context& context, const ContainerRoot& root, std::chrono::steady_clock::time_point end,
                       facts::RootFilesystem& out);

}  // namespace baseline::runner
