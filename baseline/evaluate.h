#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "baseline/cluster/objects.h"
#include "baseline/cluster/outcome.h"
#include "baseline/facts/facts.pb.h"
#include "baseline/lookalike.h"
#include "baseline/phrase.h"
#include "baseline/profile.h"

namespace baseline {

// What is known of a node from outside it. All of it may be empty (a scan of a folder knows none of it).
struct NodeContext {
  std::map<std::string, std::string> labels;
  std::string kubelet_version;    // "1.36.3"; used where the facts name no version
  std::string apiserver_version;  // the same for control plane components
  // The pods that the API server has on this node; nothing when they are not known (a scan without an API
  // server, or a request that failed).
  std::optional<std::vector<cluster::Pod>> pods;
  // Namespaces that the scan looks at, as in cluster::ClusterContext.
  std::vector<std::string> include_namespaces, exclude_namespaces;
};

// One thing found. `subject` is a component, a file, a setting; nothing in it changes from node to node of a
// kind.
struct NodeFinding {
  Phrase subject, expected, actual;
  Status status = Status::kFail;  // what this finding alone would make of the requirement
  std::string waived_by;          // reason of the exemption that covers it, when status is kWaived
  auto operator<=>(const NodeFinding&) const = default;
};

struct NodeResult {
  std::string id;
  Status status = Status::kError;
  Phrase message;  // always there: the evidence for a Pass, the reason for the rest
  // Sorted; a Pass has the evidence that it rests on. At most kMaxNodeFindings, the worst.
  std::vector<NodeFinding> findings;
  // Set when status is kNotApplicable only because this component does not run on the node. Whether that
  // holds for the cluster is known when every node has reported.
  std::string absent_component;
  int more = 0;  // findings that a report would show and that are left out of `findings`
};

// Of one node for one requirement, whatever the node says: as many as a report shows.
inline constexpr std::size_t kMaxNodeFindings = 50;

// All that one node contributes to a report. Canonical: two nodes that are set up alike have equal outcomes.
struct NodeOutcome {
  std::vector<NodeResult> results;      // node-scoped requirements of the profile, in its order
  std::vector<std::string> components;  // that are known to run here, sorted
  int etcd_members = 0;                 // members of the etcd cluster as far as this node's etcd names them
  // What requirements about the cluster need to know of its nodes, sorted: see signals.h.
  std::vector<std::string> signals;
  std::string hash;  // SHA-256 over all of the above

  // What this node's containers and images say about requirements of scope cluster. Differs from node to
  // node, so it is no part of the hash.
  std::vector<ObjectResult> objects;

  // What is only named like a component: evidence, in no verdict and no part of the hash either, so that
  // whoever runs pods cannot tell nodes apart that are set up alike. `lookalikes_total` counts processes,
  // listed or not.
  std::vector<Lookalike> lookalikes;
  std::int64_t lookalikes_total = 0;
};

// Judges one node. Pure: no clock but `now` (for the expiry of exemptions), no files, no network; safe from
// any thread. A fact that is missing or could not be gathered makes the requirement Error, never Pass.
NodeOutcome evaluate_node(const ResolvedProfile& profile, const facts::NodeFacts& facts,
                          const NodeContext& context, base::Time now);

}  // namespace baseline
