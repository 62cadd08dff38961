#pragma once

#include "baseline/cluster/evaluator.h"
#include "kube/client.h"
#include "objects/api_source.h"

namespace baseline::objects {

// Reads the objects that requirements look into by path from an API server and hands them over whole, one by
// one. Does nothing where no requirement does. Their plural names and versions are found out by discovery.
// What goes wrong with one kind is that kind's reason. A list that expires between two pages is taken up as
// KindListing does. `pods`: false where read_cluster has handed them over already.
void read_documents(const kube::Client& client, cluster::ClusterEvaluator& evaluator,
                    const ApiOptions& options = {}, bool pods = true);

}  // namespace baseline::objects
