#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Where a process runs, as its control groups say (cgroups(7)): the one thing about a process that only root
// on the host decides. Pure, and takes any bytes.
namespace baseline::runner {

enum class Where {
  kUnknown,  // see ControlGroup::reason
  kOfHost,   // a service of the host, or a container outside every pod
  kUser,     // a session of somebody who logged in (user.slice): the host's only where root is that user
  kPod,      // a pod of this node's kubelet
};

struct ControlGroup {
  Where where = Where::kUnknown;
  std::string pod_uid;  // of kPod, dashes and all; empty: it is a pod, and which one cannot be told
  // The id (64 hexadecimal digits) of the first container on the way down, which a runtime made. What stands
  // below that is the container's own word and is not looked at.
  std::string container;
  // Of a process of the host: the unit of systemd that it runs in, "etcd.service".
  std::string service = {};
  // Of a container outside every pod: its name is one that only a runtime of pods gives.
  bool named_for_pods = false;
  std::string_view reason = {};  // why nothing could be established

  bool operator==(const ControlGroup&) const = default;
};

// The control groups of one node. Everything is counted from the group of the node's own process 1, so that a
// node inside a container, or inside a pod of another cluster, is judged like any other. Paths may be shown
// relative to the control group namespace of this program ("/../../system.slice"): parts of the way that are
// this program's own are then not shown, and what is shown suffices, because a process of another pod never
// shares the part that names this program's.
class ControlGroups {
 public:
  // `init`: the text of /proc/1/cgroup, read as those of the others are.
  explicit ControlGroups(std::string_view init);

  // Whether the text of process 1 was one; without it nothing can be established.
  bool known() const { return !roots_.empty(); }

  // `text`: of /proc/PID/cgroup. One hierarchy that says pod decides, since old runtimes join some only; two
  // that name different pods establish nothing.
  ControlGroup place(std::string_view text) const;

 private:
  struct Path {
    std::size_t up = 0;  // leading ".."
    std::vector<std::string> parts;
  };

  static bool parse(std::string_view text, Path& out);
  ControlGroup place_in(const Path& root, std::string_view path) const;

  std::map<std::string, Path, std::less<>> roots_;  // of the node, by a hierarchy's controllers
};

}  // namespace baseline::runner
