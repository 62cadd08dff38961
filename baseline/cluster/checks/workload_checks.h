#pragma once

#include <vector>

#include "baseline/cluster/object_check.h"

// The families of checks about pods and namespaces; workload_builtins.cc puts them together.
namespace baseline::cluster {

std::vector<ObjectBuiltin> security_checks();   // what containers may do: 5.7.2.3, .4, .8, .13, .16, .17
std::vector<ObjectBuiltin> node_side_checks();  // what nodes know better: 5.7.2.1, .2, .7, .15
std::vector<ObjectBuiltin> host_checks();       // what pods share with the host: 5.7.2.5, .9-.12, .14, .18
std::vector<ObjectBuiltin> port_checks();       // 5.7.2.6, .19
std::vector<ObjectBuiltin> pod_image_checks();  // 5.7.1.5
std::vector<ObjectBuiltin> resource_checks();   // 5.7.5.1, .2
std::vector<ObjectBuiltin> namespace_checks();  // 5.7.6.1, .2

std::vector<ObjectBuiltin> secret_reference_checks();  // 5.7.4.1
std::vector<ObjectBuiltin> secret_store_checks();      // 5.7.4.2
std::vector<ObjectBuiltin> secret_value_checks();      // 5.7.4.3, .4

}  // namespace baseline::cluster
