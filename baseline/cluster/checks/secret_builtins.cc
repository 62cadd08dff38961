#include <algorithm>
#include <iterator>

#include "baseline/cluster/checks/workload_checks.h"
#include "baseline/cluster/object_check.h"

namespace baseline::cluster {

std::vector<ObjectBuiltin> secret_builtins() {
  std::vector<ObjectBuiltin> all;
  for (auto* family : {secret_reference_checks, secret_store_checks, secret_value_checks}) {
    std::ranges::move(family(), std::back_inserter(all));
  }
  return all;
}

}  // namespace baseline::cluster
