#pragma once

#include <functional>
#include <optional>
#include <string>

#include "baseline/cluster/node_row.h"
#include "baseline/cluster/object_check.h"
#include "baseline/cluster/pod_security.h"

// The rows about pods that running processes prove or contradict, one function each; runtime_rows.cc names
// their builtins. What the specs alone say is in pod_security.h.
namespace baseline::cluster {

std::optional<ObjectResult> judge_running_confinement(const NodeRow& row);  // 5.7.2.1
std::optional<ObjectResult> judge_running_user(const NodeRow& row);         // 5.7.2.2
std::optional<ObjectResult> judge_running_ports(const NodeRow& row);        // 5.7.2.7
std::optional<ObjectResult> judge_running_seccomp(const NodeRow& row);      // 5.7.2.15
// These say something only where the process contradicts the spec.
std::optional<ObjectResult> judge_extra_capabilities(const NodeRow& row);  // 5.7.2.3
std::optional<ObjectResult> judge_held_net_raw(const NodeRow& row);        // 5.7.2.13
std::optional<ObjectResult> judge_new_privileges(const NodeRow& row);      // 5.7.2.16

// A container of a pod of this node beside its process.
struct RunningContainer {
  const NodeInventory& node;
  const Pod& pod;
  const Container& spec;
  const facts::Container* fact;     // null: it does not run as far as the facts know
  const facts::Container* process;  // null: its process was not read, or there is none

  // Why what the spec leaves open stays open, when that is a failure of the collection.
  std::optional<Phrase> unread() const;
};

// The pods of this node that have not ended, are of the scan's namespaces and run on Linux.
void each_pod(const NodeRow& row, const std::function<void(const Pod& pod, const Workload& workload)>& look);

// Hands on each container of those pods; an answer that is not Pass is a finding. Nothing: no pod was there.
using JudgeContainer = std::function<SpecAnswer(const RunningContainer& container)>;
std::optional<ObjectResult> each_container(const NodeRow& row, const Phrase& expected,
                                           const JudgeContainer& judge, RowSentences sentences);

// The same for what is judged by the specs elsewhere: looks only at containers whose process was read.
// Nothing: no process contradicts its spec.
std::optional<ObjectResult> contradictions(const NodeRow& row, const Phrase& expected,
                                           const JudgeContainer& judge, Phrase fail);

// Of one pod, or one of its containers when `container` is not empty.
void add_finding(const NodeRow& row, const Pod& pod, const Workload& workload, const std::string& container,
                 Status status, const Phrase& expected, Phrase actual);

}  // namespace baseline::cluster
