#pragma once

#include <cstddef>

#include "baseline/cluster/objects.h"

namespace baseline::objects {

// The memory that an object takes while it is held, allocations included, to within a tenth or so. 0 of what
// is not held: pods, and ConfigMaps without a suspicious key.
std::size_t held_bytes(const cluster::Object& object);

cluster::Metadata& metadata_of(cluster::Object& object);
const cluster::Metadata& metadata_of(const cluster::Object& object);

}  // namespace baseline::objects
