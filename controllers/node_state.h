#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/value.h"
#include "baseline/phrase.h"
#include "crds/node_selection.h"

namespace baseline::controllers {

// What a scan needs to know of a Node object.
struct NodeState {
  std::string name;
  std::map<std::string, std::string> labels;
  std::string kubelet_version;  // "1.36.3"
  bool ready = false;
  std::string not_ready_reason;  // the Ready condition's own words; empty when ready
  bool cordoned = false;         // spec.unschedulable
  bool deleting = false;
  std::vector<crds::Taint> taints;

  // Why no runner is sent there now; empty when one can be. `tolerations` of the scan; none tolerates every
  // taint.
  Phrase unavailable_reason(const std::vector<crds::Toleration>& tolerations) const;
};

// "Reason: message" as the cluster wrote them, either of which may be missing; each cut at 200 bytes.
std::string cluster_words(const std::string& reason, const std::string& message);

NodeState node_state(const base::Value& node);

// What to keep of a Node in memory: only what node_state() reads, so that two states of a
// node that differ by a heartbeat are equal.
base::Value project_node(base::Value&& node);

}  // namespace baseline::controllers
