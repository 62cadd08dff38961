#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
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
//
// Whoever writes pods and policies of a namespace decides how many groups it has and how much there is to
// match: both are bounded, namespace by namespace, and beyond the bounds nothing is known of that one.
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
  Coverage coverage(const std::string& ns, const Labels& labels);
  // Takes note of so many selectors matched with a group of the namespace. False: it had its share.
  bool spend(const std::string& ns, std::size_t matches);
  // Whether the groups of the namespace, or what was matched with them, are not all.
  bool exceeded(const std::string& ns) const { return exceeded_.contains(ns); }
  bool any_exceeded() const { return !exceeded_.empty(); }
  // Whether any policy acts in the namespace; those of the whole cluster left out.
  bool has_policy(const std::string& ns) const { return policies_.contains(ns); }

 private:
  using Policies = std::vector<const NetworkPolicy*>;
  using Keys = std::unordered_set<std::string>;

  Policies everywhere_;
  std::unordered_map<std::string, Policies> policies_;
  bool refused_everywhere_ = false;  // policies that may select anything
  std::unordered_set<std::string> refused_;
  Keys keys_everywhere_;
  std::unordered_map<std::string, Keys> keys_;
  std::unordered_map<std::string, Groups> groups_;
  std::unordered_map<std::string, std::size_t> bytes_, matches_;  // by namespace
  std::size_t bytes_in_all_ = 0;
  std::unordered_set<std::string> exceeded_;
};

}  // namespace baseline::cluster
