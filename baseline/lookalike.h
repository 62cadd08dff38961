#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace baseline {

// Processes that are only named like a component of the node: evidence, never judged.
struct Lookalike {
  // "namespace/kind/name" of the workload in whose pods they run; "Pod/uid" where only the pod's uid is
  // known; empty for those of an ordinary user, and of a pod that only its owner names.
  std::string object;
  std::string component;
  std::int64_t processes = 0;
  int nodes = 0;
  bool operator==(const Lookalike&) const = default;
};

inline constexpr std::size_t kMaxLookalikes = 50;

// Adds to a list sorted by object and component: equal ones are one, and the first kMaxLookalikes are kept.
// What is kept at the end was never left out before, so that its counts are whole whatever the order.
void add_lookalike(std::vector<Lookalike>& list, Lookalike one);

}  // namespace baseline
