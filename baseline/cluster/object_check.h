#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "baseline/check.h"
#include "baseline/checks/builtins.h"
#include "baseline/cluster/cluster_facts.h"
#include "baseline/cluster/finding_set.h"
#include "baseline/profile.h"

namespace baseline::cluster {

// What a check of a cluster-scoped requirement works with. Outlives the check.
struct CheckInput {
  const ClusterFacts& facts;  // complete before the first pod comes
  const ClusterContext& context;
  const SelectedRequirement& selected;
  const BuiltinCheck& check;
  base::Time now;

  // An argument of the check's `with` (operand.h) as a list of texts, as a text; empty when it is none.
  std::vector<std::string> texts(std::string_view argument) const;
  std::string text(std::string_view argument) const;
};

// The owner at the top of a pod: through ReplicaSets to Deployments and through Jobs to CronJobs, which their
// names and the label pod-template-hash tell without asking the API; a static pod without its node's name.
struct Workload {
  std::string kind, ns, name;
};
Workload workload_of(const Pod& pod);

// The uid by which the node knows the pod: the kubelet runs a static pod by the hash of its manifest, while
// its mirror has a uid of the API server's own.
std::string_view uid_on_node(const Pod& pod);

// One cluster-scoped requirement being judged. Made for one pass, fed every pod, asked once for its result.
// Pods that have ended (Succeeded, Failed) and pods of namespaces outside the scan are not shown to it.
class ObjectCheck {
 public:
  virtual ~ObjectCheck() = default;
  virtual void see(const Pod& pod, const Workload& workload) = 0;
  virtual ObjectResult finish() = 0;
};

using MakeCheck = std::unique_ptr<ObjectCheck> (*)(const CheckInput& input, FindingSet& findings);

// What a verdict other than Manual takes. The order is from what every cluster has to what no program sees.
enum class RestsOn {
  kObjects,      // objects that every cluster has, or what its nodes report
  kAddOn,        // something installed for the purpose; where it is missing, a person judges
  kAttestation,  // a person's word: the check lays out what they need for it
};

// A named check for rows of scope cluster; the standard's YAML names it as `builtin`.
struct ObjectBuiltin {
  std::string_view name;
  std::vector<Kind> needs;  // any of them unreadable makes the row Error before the check is asked
  std::vector<BuiltinArgument> arguments;
  MakeCheck make = nullptr;              // null: judged on the nodes alone (node_objects.h)
  RestsOn rests_on = RestsOn::kObjects;  // docs/coverage.md is made from it
};

// Null for an unknown name.
const ObjectBuiltin* find_object_builtin(std::string_view name);
std::vector<std::string> object_builtin_names();

// The families, each in its own files below checks/; builtins.cc puts them together.
std::vector<ObjectBuiltin> workload_builtins();  // 5.7.1.5, 5.7.2.x, 5.7.5.1, .2, 5.7.6.1, .2
std::vector<ObjectBuiltin> access_builtins();    // 5.7.3.x, 5.7.4.5
std::vector<ObjectBuiltin> evidence_builtins();  // 5.1.2.1, 5.1.6.3: what the nodes leave open
std::vector<ObjectBuiltin> secret_builtins();    // 5.7.4.1-.4
std::vector<ObjectBuiltin> network_builtins();   // 5.7.5.5, 5.8.2.2, .3
std::vector<ObjectBuiltin> resource_builtins();  // 5.7.5.3, .4
std::vector<ObjectBuiltin> image_builtins();     // 5.7.1.4, .6-.12: on the nodes
std::vector<ObjectBuiltin> add_on_builtins();    // 5.7.1.1-.3, .13-.18, 5.7.6.3

}  // namespace baseline::cluster
