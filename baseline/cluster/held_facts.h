#pragma once

#include <functional>

#include "baseline/cluster/cluster_facts.h"

namespace baseline::cluster {

// Puts an object into its place among the facts, pods apart, and names its kind. A ConfigMap without a
// suspicious key is not kept.
Kind hold(ClusterFacts& facts, Object&& object);

// Takes the objects of a kind out again for which this is true; asked once of each, in the order in which
// they came.
void let_go(ClusterFacts& facts, Kind kind, const std::function<bool(const Metadata&)>& which);

}  // namespace baseline::cluster
