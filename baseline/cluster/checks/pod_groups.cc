#include "baseline/cluster/checks/pod_groups.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "baseline/cluster/checks/label_selector.h"
#include "baseline/cluster/checks/network_checks.h"
#include "baseline/cluster/kinds.h"

namespace baseline::cluster {
namespace {

// Of the groups of a namespace and of all; of the selectors matched with a namespace's groups. A namespace of
// 1,000 workloads and 200 policies takes a fifth of each.
constexpr std::size_t kMostBytes = 1U << 20, kMostBytesInAll = 16U << 20;
constexpr std::size_t kMostMatches = 1'000'000;

void add_keys(const LabelSelector& selector, std::unordered_set<std::string>& out) {
  for (const auto& [key, value] : selector.match_labels) out.insert(key);
  for (const LabelSelector::Expression& one : selector.expressions) out.insert(one.key);
}

std::size_t bytes_of(const Labels& labels) {
  constexpr std::size_t kNode = 48, kGroup = 128;
  std::size_t bytes = kGroup;
  for (const auto& [key, value] : labels)
    bytes += kNode + 2 * sizeof(std::string) + key.size() + value.size();
  return bytes;
}

bool is_policy(Kind kind) {
  return std::ranges::find(kPolicyKinds, kind) != std::end(kPolicyKinds);
}

}  // namespace

PodGroups::PodGroups(const ClusterFacts& facts) {
  for (const NetworkPolicy& policy : facts.network_policies) {
    const bool namespaced = info(policy.kind).namespaced;
    add_keys(policy.pods, namespaced ? keys_[policy.metadata.ns] : keys_everywhere_);
    (namespaced ? policies_[policy.metadata.ns] : everywhere_).push_back(&policy);
  }
  for (const RefusedObject& one : facts.refused) {
    if (!is_policy(one.kind)) continue;
    if (info(one.kind).namespaced) refused_.insert(one.ns);
    refused_everywhere_ = refused_everywhere_ || !info(one.kind).namespaced;
  }
}

void PodGroups::want(const std::string& ns, const Labels& selector) {
  for (const auto& [key, value] : selector) keys_[ns].insert(key);
}

void PodGroups::add(const Pod& pod) {
  const std::string& ns = pod.metadata.ns;
  const auto keys = keys_.find(ns);
  Labels seen;
  for (const auto& label : pod.metadata.labels) {
    if (keys_everywhere_.contains(label.first) || (keys != keys_.end() && keys->second.contains(label.first)))
      seen.insert(seen.end(), label);
  }
  Groups& groups = groups_[ns];
  auto group = groups.find(seen);
  if (group == groups.end()) {
    const std::size_t bytes = bytes_of(seen);
    std::size_t& of_ns = bytes_[ns];
    if (of_ns + bytes > kMostBytes || bytes_in_all_ + bytes > kMostBytesInAll) {
      exceeded_.insert(ns);
      return;
    }
    of_ns += bytes;
    bytes_in_all_ += bytes;
    group = groups.emplace(std::move(seen), PodGroup{}).first;
  }
  ++(pod.host_network ? group->second.host_pods : group->second.pods);
}

bool PodGroups::spend(const std::string& ns, std::size_t matches) {
  std::size_t& spent = matches_[ns];
  if (spent + matches > kMostMatches) {
    exceeded_.insert(ns);
    return false;
  }
  spent += matches;
  return true;
}

const PodGroups::Groups& PodGroups::of(const std::string& ns) const {
  static const Groups kNone;
  const auto found = groups_.find(ns);
  return found == groups_.end() ? kNone : found->second;
}

Coverage PodGroups::coverage(const std::string& ns, const Labels& labels) {
  Coverage out;
  out.unsure = refused_everywhere_ || refused_.contains(ns);
  const auto of_ns = policies_.find(ns);
  if (!spend(ns, everywhere_.size() + (of_ns == policies_.end() ? 0 : of_ns->second.size()))) return out;
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
  if (of_ns != policies_.end()) look(of_ns->second);
  look(everywhere_);
  return out;
}

}  // namespace baseline::cluster
