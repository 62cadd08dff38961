#pragma once

#include "baseline/cluster/evaluator.h"
#include "kube/client.h"
#include "objects/api_source.h"

namespace baseline::objects {

// Reads the objects that requirements look into by path from an API server and hands them over whole, one by
// one. Does nothing where no requirement does. Their plural names and versions are found out by discovery.
// What goes wrong with one kind is that kind's reason; a list that expires between two pages breaks off.
void read_documents(const kube::Client& client, cluster::ClusterEvaluator& evaluator,
                    const ApiOptions& options = {});

}  // namespace baseline::objects
