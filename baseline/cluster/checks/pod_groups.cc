#include "baseline/cluster/checks/pod_groups.h"

#include <utility>

#include "baseline/cluster/checks/label_selector.h"
#include "baseline/cluster/kinds.h"

namespace baseline::cluster {
namespace {

void add_keys(const LabelSelector& selector, std::set<std::string>& out) {
  for (const auto& [key, value] : selector.match_labels) out.insert(key);
  for (const LabelSelector::Expression& one : selector.expressions) out.insert(one.key);
}

void project(const Labels& labels, const std::set<std::string>& keys, Labels& out) {
  for (const std::string& key : keys) {
    if (const auto found = labels.find(key); found != labels.end()) out.insert(*found);
  }
}

}  // namespace

PodGroups::PodGroups(const ClusterFacts& facts) {
  for (const NetworkPolicy& policy : facts.network_policies) {
    const bool namespaced = info(policy.kind).namespaced;
    add_keys(policy.pods, namespaced ? keys_[policy.metadata.ns] : keys_everywhere_);
    (namespaced ? policies_[policy.metadata.ns] : everywhere_).push_back(&policy);
  }
}

void PodGroups::want(const std::string& ns, const Labels& selector) {
  for (const auto& [key, value] : selector) keys_[ns].insert(key);
}

void PodGroups::add(const Pod& pod) {
  const std::string& ns = pod.metadata.ns;
  Labels seen;
  project(pod.metadata.labels, keys_everywhere_, seen);
  if (const auto keys = keys_.find(ns); keys != keys_.end()) project(pod.metadata.labels, keys->second, seen);
  PodGroup& group = groups_[ns][std::move(seen)];
  ++(pod.host_network ? group.host_pods : group.pods);
}

const PodGroups::Groups& PodGroups::of(const std::string& ns) const {
  static const Groups kNone;
  const auto found = groups_.find(ns);
  return found == groups_.end() ? kNone : found->second;
}

Coverage PodGroups::coverage(const std::string& ns, const Labels& labels) const {
  Coverage out;
  const auto look = [&](const Policies& policies) {
    for (const NetworkPolicy* policy : policies) {
      if (out.ingress && out.egress) return;
      if (!policy->unsupported.empty()) {
        out.unsure = true;
      } else if (matches(policy->pods, labels)) {
        out.ingress = out.ingress || policy->ingress;
        out.egress = out.egress || policy->egress;
      }
    }
  };
  if (const auto found = policies_.find(ns); found != policies_.end()) look(found->second);
  look(everywhere_);
  return out;
}

}  // namespace baseline::cluster
