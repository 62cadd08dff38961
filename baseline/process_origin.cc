#include "baseline/process_origin.h"

#include <algorithm>
#include <utility>

#include "baseline/cluster/object_check.h"

namespace baseline {
namespace {

// OpenShift's kubelets give it to their nodes.
constexpr const char* kOpenShiftLabel = "node.openshift.io/os_id";

bool is_openshift(const facts::NodeFacts& facts, const NodeContext& context) {
  const std::string& os = facts.host().os_id();
  return os == "rhcos" || os == "scos" || context.labels.contains(kOpenShiftLabel);
}

NamePatterns system_patterns(const facts::NodeFacts& facts, const NodeContext& context,
                             const std::optional<std::vector<std::string>>& given) {
  if (given) return NamePatterns(*given);
  std::vector<std::string> patterns{"kube-system"};
  if (is_openshift(facts, context)) patterns.emplace_back("openshift-*");
  return NamePatterns(patterns);
}

// A hash in place of the uuid that the API server gives.
bool is_static_uid(std::string_view uid) {
  return uid.size() == 32 && uid.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

bool lacks_control_groups(const facts::NodeFacts& facts) {
  return std::ranges::any_of(facts.errors(), [](const facts::CollectionError& error) {
    return error.table() == "processes" && error.subject() == "control groups";
  });
}

OriginRule::OriginRule(const facts::NodeFacts& facts, const NodeContext& context,
                       const ComponentTables& tables,
                       const std::optional<std::vector<std::string>>& system_namespaces)
    : tables_(tables),
      system_(system_patterns(facts, context, system_namespaces)),
      without_control_groups_(lacks_control_groups(facts)) {
  if (!context.pods) return;
  for (const cluster::Pod& pod : *context.pods) {
    // The server gives out uids; annotations are their writers' word, and can only name the form of a static
    // pod.
    if (!pod.uid.empty()) pods_.emplace(pod.uid, &pod);
    if (const std::string_view uid = cluster::uid_on_node(pod); is_static_uid(uid)) pods_.emplace(uid, &pod);
  }
}

bool OriginRule::may_run_in_pods(const std::string& component, std::string_view bundle) const {
  // These start one component as they are told; other bundles are the whole distribution in one program.
  const Component* known = tables_.find(component);
  return known && known->runs_in_pods && (bundle.empty() || bundle == "hyperkube" || bundle == "openshift");
}

OriginRule::Claim OriginRule::claim(std::string_view uid, std::string_view ns) const {
  const auto [begin, end] = pods_.equal_range(uid);
  if (begin == end) return {nullptr, ns, false};
  const std::string_view wanted = ns.empty() ? std::string_view(begin->second->metadata.ns) : ns;
  const auto agrees = [&](const auto& one) { return one.second->metadata.ns == wanted; };
  const auto same = std::find_if(begin, end, agrees);
  // Where the node does not know better, all must agree: anybody may write a pod that looks like a mirror.
  if (same == end || (ns.empty() && !std::all_of(begin, end, agrees))) return {nullptr, ns, true};
  return {same->second, wanted, false};
}

Placement OriginRule::in_pod(const Claim& claim, const std::string& component) const {
  if (claim.ns.empty()) return {Standing::kUnknown, phrase("unknown.origin-namespace", component), nullptr};
  return {system_.match(claim.ns) ? Standing::kComponent : Standing::kLookalike, {}, claim.pod};
}

Placement OriginRule::place(const facts::Process& process) const {
  const std::string& component = process.component();
  if (process.origin() == facts::ORIGIN_HOST) return {Standing::kComponent, {}, nullptr};
  if (process.origin() != facts::ORIGIN_STATIC_POD && process.origin() != facts::ORIGIN_POD) {
    Phrase why = without_control_groups_ ? phrase("unknown.control-groups")
                                         : phrase("unknown.origin", component, process.origin_error());
    return {Standing::kUnknown, std::move(why), nullptr};
  }
  const Claim claim = this->claim(process.pod_uid(), process.pod_namespace());
  if (!may_run_in_pods(component, process.bundle())) return {Standing::kLookalike, {}, claim.pod};
  if (claim.contradicted)
    return {Standing::kUnknown, phrase("unknown.origin-contradicted", component), nullptr};
  // A static pod's manifest is on the host, whatever namespace it names.
  if (process.origin() == facts::ORIGIN_STATIC_POD) return {Standing::kComponent, {}, claim.pod};
  return in_pod(claim, component);
}

Placement OriginRule::place(const facts::Lookalike& lookalike) const {
  const std::string& component = lookalike.component();
  const Claim claim = this->claim(lookalike.pod_uid(), lookalike.pod_namespace());
  // Without a pod: an ordinary user's process, or one in a pod that nobody but its owner names.
  const bool nameless = lookalike.pod_uid().empty() && lookalike.pod_namespace().empty();
  if (nameless || !may_run_in_pods(component, {})) return {Standing::kLookalike, {}, claim.pod};
  Placement placement = in_pod(claim, component);
  if (placement.standing == Standing::kComponent || claim.contradicted)
    placement = {Standing::kUnknown, phrase("unknown.origin-left-out", component), nullptr};
  return placement;
}

std::string OriginRule::object_of(const cluster::Pod* known, std::string_view uid, std::string_view ns,
                                  std::string_view name) {
  if (known) {
    const cluster::Workload workload = cluster::workload_of(*known);
    return workload.ns + "/" + workload.kind + "/" + workload.name;
  }
  if (ns.empty()) return uid.empty() ? std::string() : "Pod/" + std::string(uid);
  return std::string(ns) + "/Pod/" + std::string(name.empty() ? uid : name);
}

}  // namespace baseline
