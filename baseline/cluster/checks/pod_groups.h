#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "baseline/cluster/cluster_facts.h"

// Pods as selectors see them, and which network policies select which of them.
namespace baseline::cluster {

// Pods of a namespace that no selector in question can tell apart.
struct PodGroup {
  std::size_t pods = 0;       // on the pod network
  std::size_t host_pods = 0;  // on the host's network, which policies do not reach
};

// Which directions of the pods of a group some policy governs.
struct Coverage {
  bool ingress = false, egress = false;
  bool unsure = false;  // a policy whose selector is not understood may select them
};

// Gathers pods by namespace and by those of their labels that a selector asks for: a few groups, however many
// pods there are. Policies are then matched with groups. Refers to the facts, which must outlive it.
class PodGroups {
 public:
  using Groups = std::map<Labels, PodGroup>;

  explicit PodGroups(const ClusterFacts& facts);
  // Further labels that will be asked for in that namespace. Before the first pod.
  void want(const std::string& ns, const Labels& selector);

  void add(const Pod& pod);

  // Of one namespace; of every namespace.
  const Groups& of(const std::string& ns) const;
  const std::unordered_map<std::string, Groups>& all() const { return groups_; }

  // What covers pods with these labels, which are those of a group.
  Coverage coverage(const std::string& ns, const Labels& labels) const;
  // Whether any policy acts in the namespace; those of the whole cluster left out.
  bool has_policy(const std::string& ns) const { return policies_.contains(ns); }

 private:
  using Policies = std::vector<const NetworkPolicy*>;

  Policies everywhere_;
  std::unordered_map<std::string, Policies> policies_;
  std::set<std::string> keys_everywhere_;
  std::unordered_map<std::string, std::set<std::string>> keys_;
  std::unordered_map<std::string, Groups> groups_;
};

}  // namespace baseline::cluster
