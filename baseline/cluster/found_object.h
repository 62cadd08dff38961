#pragma once

#include <functional>
#include <string_view>

#include "baseline/cluster/outcome.h"

namespace baseline::cluster {

// A finding at the moment when a check adds it. A report keeps a bounded number of them for each requirement;
// who needs the others listens. Everything is valid during the call.
struct FoundObject {
  std::string_view requirement;
  std::string_view kind, ns, name, container;  // what it is about, as in FindingSubject
  const ObjectFinding& finding;                // with its status after exemptions; its own `pods` is 0
  int pods = 0;                                // that this call adds
  bool is_new = true;                          // false: an equal one was told before
};

// Called on the thread that judges; must return soon. None is the default and costs nothing.
using OnFinding = std::function<void(const FoundObject&)>;

}  // namespace baseline::cluster
