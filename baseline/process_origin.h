#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baseline/component.h"
#include "baseline/evaluate.h"
#include "baseline/facts/facts.pb.h"
#include "baseline/name_pattern.h"
#include "baseline/phrase.h"

// Who is a component of this cluster on a node. A process chooses its own name, so what decides is where it
// runs. Kubelets, container runtimes and single-binary distributions run outside every pod; components whose
// table says `runs-in-pods` may also run in a static pod, or in a pod of a system namespace. A control plane
// in other namespaces is that of another cluster.
namespace baseline {

enum class Standing { kComponent, kLookalike, kUnknown };

struct Placement {
  Standing standing = Standing::kUnknown;
  Phrase unknown{};                   // why, of kUnknown
  const cluster::Pod* pod = nullptr;  // as the API server has it
};

// Refers to what it is made of.
class OriginRule {
 public:
  // `system_namespaces`: the profile's; nothing: kube-system, and openshift-* on a node of OpenShift.
  OriginRule(const facts::NodeFacts& facts, const NodeContext& context, const ComponentTables& tables,
             const std::optional<std::vector<std::string>>& system_namespaces);

  Placement place(const facts::Process& process) const;
  // Of what the collector listed and did not look at: never kComponent.
  Placement place(const facts::Lookalike& lookalike) const;

  // The workload that the pod belongs to where the API server's pods are known, else the pod.
  static std::string object_of(const cluster::Pod* known, std::string_view uid, std::string_view ns,
                               std::string_view name);

 private:
  // What the node and the API server together say of a pod.
  struct Claim {
    const cluster::Pod* pod = nullptr;
    std::string_view ns;        // empty: neither knows it
    bool contradicted = false;  // the API server has that uid, and in other namespaces alone
  };
  Claim claim(std::string_view uid, std::string_view ns) const;
  Placement in_pod(const Claim& claim, const std::string& component) const;
  bool may_run_in_pods(const std::string& component, std::string_view bundle) const;

  const ComponentTables& tables_;
  NamePatterns system_;
  bool without_control_groups_;
  std::multimap<std::string_view, const cluster::Pod*> pods_;  // by their uid on the node
};

// Whether the facts are of a copy of a node that holds no control groups: no process can then be placed.
bool lacks_control_groups(const facts::NodeFacts& facts);

}  // namespace baseline
