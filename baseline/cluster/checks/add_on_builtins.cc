#include "baseline/cluster/object_check.h"

namespace baseline::cluster {

std::vector<ObjectBuiltin> add_on_builtins() {
  return {};
}

}  // namespace baseline::cluster
