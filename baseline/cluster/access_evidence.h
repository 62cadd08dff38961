#pragma once

#include <vector>

#include "baseline/cluster/cluster_facts.h"
#include "baseline/cluster/outcome.h"

// What the API's objects say about requirements that are judged on nodes, where the nodes leave it open.
namespace baseline::cluster {

// 5.1.2.1: what roles bound to system:anonymous or system:unauthenticated grant beyond the discovery and
// public-info roles of Kubernetes and the reading of kubeadm's cluster-info: the path of each as a Fail.
// Empty: nothing, if Roles, ClusterRoles and both kinds of bindings were read (the caller asks KindState).
std::vector<ObjectFinding> anonymous_grants(const ClusterFacts& facts);

// 5.1.6.3: requests for client certificates by people that the API still holds, as Manual: a person by no
// system: name.
std::vector<ObjectFinding> human_certificate_requests(const ClusterFacts& facts);

}  // namespace baseline::cluster
