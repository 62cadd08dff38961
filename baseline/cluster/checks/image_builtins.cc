#include "baseline/cluster/object_check.h"

namespace baseline::cluster {

std::vector<ObjectBuiltin> image_builtins() {
  return {};
}

}  // namespace baseline::cluster
