#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "node-runner/context.h"

namespace baseline::runner {

struct PodName {
  std::string uid;  // empty: not known
  std::string ns;
  std::string name;

  auto operator<=>(const PodName&) const = default;
};

// "NAMESPACE_NAME_UID", a folder below /var/log/pods; empty members for anything else.
PodName parse_pod_folder(std::string_view folder);

// Which pods this node's kubelet runs, by the folders and links that it makes for their logs. Looked up in
// the host's root only.
class PodNames {
 public:
  explicit PodNames(Context& context);                       // the default places
  void add(Context& context, const std::string& directory);  // a kubelet's podLogsDir

  // Namespace and name stay empty when the pod has no folder, or two that contradict each other.
  PodName of_uid(const std::string& uid) const;

  // kNotKnown: the links cannot be read, or one of them names no container.
  enum class Answer { kPod, kNoPod, kNotKnown };
  // Whether a pod's container has this id, and then which pod's; its uid where one folder alone bears its
  // name.
  Answer of_container(const std::string& id, PodName& out) const;

 private:
  std::map<std::string, PodName> by_uid_;
  std::map<std::string, PodName> by_container_;
  bool containers_whole_ = true;
};

// Namespace and name of a pod as a runtime's notes of its containers say; empty when they do not.
PodName name_in_stores(const facts::NodeFacts& facts, const std::string& uid);

}  // namespace baseline::runner
