#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node-runner/cgroup.h"
#include "node-runner/components.h"
#include "node-runner/context.h"
#include "node-runner/pod_names.h"

namespace baseline::runner {

// The order in which processes are read, each rank within bounds of its own: what a later one has to say
// leaves an earlier one as it is.
enum class Rank {
  kOfHost,     // services of the host and containers outside every pod
  kStaticPod,  // by the form of the pod's uid, which only a kubelet's own sources have
  kSystemPod,  // pods of kube-system and openshift-*
  kUnknown,    // where it runs could not be established
  kOther,      // all other pods
};

// A process that has the name of a component. `directory` is its /proc/PID, which never becomes another's.
struct ProcessEntry {
  int pid;
  RootView directory;
  std::string exe;
  std::optional<base::Error> exe_error;
  Recognition what;
};

struct Candidate {
  int pid = 0;
  Recognition what;
  ControlGroup group;
  Rank rank = Rank::kUnknown;
  PodName pod;
  std::string_view reason;  // of kUnknown

  // "etcd", or "k3s" for a bundle.
  const std::string& name() const { return what.component.empty() ? what.bundle : what.component; }
};

// Every process that is named like a component, placed by where it runs, in one cheap pass. Of kubelets,
// runtimes and bundles only those outside every pod are candidates; the others, and those that were left out
// for want of room, are lookalikes. On one thread, for one collection.
class Candidates {
 public:
  explicit Candidates(Context& context);

  // Looks for the pods' names in this folder as well.
  void add_pod_logs(const std::string& directory) { names_.add(context_, directory); }
  // Those of a rank, in the order in which they are to be read; each is given out once.
  std::vector<Candidate> take(Rank rank);
  // The process once more, to be read; nothing when it is gone or is not what it was. One that is no longer
  // where it was becomes kUnknown.
  std::optional<ProcessEntry> open(Candidate& candidate);
  void leave_out(const Candidate& candidate);
  // The rows of the facts, once nothing more is left out.
  void tell_lookalikes();

 private:
  std::optional<ProcessEntry> recognise_entry(int pid);
  std::optional<ControlGroup> group_of(const ProcessEntry& entry);
  void add(int pid);
  // False when it is none.
  bool judge(Candidate& candidate, const ProcessEntry& entry);
  bool judge_host(Candidate& candidate, const ProcessEntry& entry);
  // Whether it has started within the last minute.
  bool is_young(const ProcessEntry& entry) const;
  void name_pod(Candidate& candidate) const;

  Context& context_;
  bool procfs_ = false;
  bool groups_missing_ = false;  // in a copy of a node
  ControlGroups groups_{""};
  PodNames names_;
  std::vector<Candidate> candidates_;
  std::map<std::pair<PodName, std::string>, std::uint32_t> lookalikes_;
};

}  // namespace baseline::runner
