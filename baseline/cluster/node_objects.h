#pragma once

#include <vector>

#include "base/time.h"
#include "baseline/cluster/outcome.h"
#include "baseline/evaluate.h"
#include "baseline/facts/facts.pb.h"
#include "baseline/node_view.h"
#include "baseline/profile.h"

namespace baseline::cluster {

// What the containers and images of one node say about requirements of scope cluster: the rows about images
// (5.7.1.4, .6-.12), and, where the node's pods are known, the rows about pods that a running process proves
// or contradicts (5.7.2.x). Sorted as the profile is. Pure; safe from any thread.
//
// A requirement that this node says nothing about is left out. Findings name images and workloads, never the
// node, its processes or a date.
std::vector<ObjectResult> judge_node_objects(const ResolvedProfile& profile, const NodeView& node,
                                             const facts::NodeFacts& facts, const NodeContext& context,
                                             base::Time now);

}  // namespace baseline::cluster
