#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "baseline/cluster/cluster_facts.h"
#include "baseline/cluster/outcome.h"
#include "baseline/profile.h"
#include "kube/client.h"
#include "objects/api_source.h"

namespace baseline::objects {

// Reads a cluster through its API server and judges what rests on objects. An error only when the server
// cannot be reached at all.
base::Result<ClusterOutcome> judge_cluster(const kube::Client& client,
                                           std::shared_ptr<const ResolvedProfile> profile,
                                           cluster::ClusterContext context, base::Time now,
                                           const ApiOptions& options = {}, const ApiProgress& progress = {});

// The outcome of a cluster that could not be reached: each row that rests on objects is Error with this
// reason.
ClusterOutcome unread_cluster(std::shared_ptr<const ResolvedProfile> profile, cluster::ClusterContext context,
                              base::Time now, const base::Error& error);

// The pods that the API server has on one node, in one small list, without those that have ended. One that
// cannot be read is left out: the reading of all objects refuses it by name. Nothing when they could not be
// had, or when they are more than a node runs: they are then judged with all others, without what the node
// knows.
std::optional<std::vector<cluster::Pod>> pods_of_node(const kube::Client& client, const std::string& node,
                                                      const std::optional<Version>& version = {});

}  // namespace baseline::objects
