#include <algorithm>
#include <iterator>

#include "baseline/cluster/checks/workload_checks.h"
#include "baseline/cluster/object_check.h"

namespace baseline::cluster {

std::vector<ObjectBuiltin> workload_builtins() {
  std::vector<ObjectBuiltin> all;
  for (auto* family : {security_checks, node_side_checks, host_checks, port_checks, pod_image_checks,
                       resource_checks, namespace_checks}) {
    std::ranges::move(family(), std::back_inserter(all));
  }
  return all;
}

}  // namespace baseline::cluster
