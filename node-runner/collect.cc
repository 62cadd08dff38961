#include "node-runner/collect.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/core.h>

#include "node-runner/certificates.h"
#include "node-runner/cni.h"
#include "node-runner/configs.h"
#include "node-runner/containers.h"
#include "node-runner/fit.h"
#include "node-runner/host.h"
#include "node-runner/manifests.h"
#include "node-runner/named_paths.h"
#include "node-runner/places.h"
#include "node-runner/processes.h"
#include "node-runner/runtimes.h"
#include "node-runner/units.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::fail;

// Says why a directory cannot be the root of a node.
base::Result<void> check_root(const RootView& root, const std::string& name) {
  const bool etc = root.find("etc").has_value();
  const auto proc = root.list("proc", 1);
  if (!etc && !proc) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("{} is not the root of a host: it has neither etc nor proc; give the directory where the "
                    "host's root is mounted",
                    name));
  }
  if (!proc || proc->names.empty()) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format(
            "{} has no processes below proc ({}): mount the host's root with its submounts, or lay out "
            "proc in the folder",
            name, proc ? "the directory is empty" : proc.error().message));
  }
  // Files are opened through this process's own descriptors, so that nothing but a regular file is ever
  // opened.
  if (!RootView::open("/proc/self/fd")) {
    return fail(ErrorCode::kUnavailable,
                "/proc is not mounted where this program runs: mount it and start again");
  }
  return {};
}

// Reads the processes of a rank and what they name.
void read_rank(Context& context, Processes& processes, Rank rank, std::vector<Component>& out,
               KubeletFolders& folders) {
  std::vector<Component> components = processes.read(rank);
  collect_configs(context, components, folders);
  for (const Component& component : components) look_at_flags(context, component);
  std::ranges::move(components, std::back_inserter(out));
}

// The certificates noted since the last time, within a share of their own.
void collect_certificates_for(Context& context, Allowance allowance) {
  const Context::Charge charge(context, &allowance);
  collect_certificates(context);
}

void collect_stores(Context& context, const std::vector<Component>& host,
                    const std::vector<RuntimeStore>& stores) {
  Allowance allowance{{context.limits().total_bytes, context.limits().files}};
  const Context::Charge charge(context, &allowance);
  collect_containers(context, host, stores);
}

// What runtimes note of their containers names the pods that have no folder for their logs.
void name_pods(const facts::NodeFacts& facts, std::vector<Component>& components) {
  for (Component& component : components) {
    facts::Process& process = component.fact;
    if (process.pod_uid().empty() || !process.pod_namespace().empty()) continue;
    const PodName pod = name_in_stores(facts, process.pod_uid());
    process.set_pod_namespace(pod.ns);
    process.set_pod_name(pod.name);
  }
}

}  // namespace

base::Result<facts::NodeFacts> collect(const CollectOptions& options, const base::Clock& clock) {
  const auto root = RootView::open(options.root);
  if (!root) {
    return fail(root.error().code,
                fmt::format("the root {} cannot be opened: {}", options.root, root.error().message));
  }
  if (auto usable = check_root(*root, options.root); !usable) return std::unexpected(usable.error());

  Context context(*root, options.limits, clock);
  collect_host(context);
  collect_lsm(context);
  Processes processes(context);
  KubeletFolders folders;
  // Where runtimes, networks and static pods are, the host's own processes tell, and they alone.
  std::vector<Component> host;
  read_rank(context, processes, Rank::kOfHost, host, folders);
  for (const std::string& directory : folders.pod_logs) processes.add_pod_logs(directory);
  const std::vector<Manifest> manifests = collect_manifests(context, folders.static_pods);
  std::vector<Component> pods;
  read_rank(context, processes, Rank::kStaticPod, pods, folders);
  collect_places(context);
  const RuntimeSources runtimes = collect_runtimes(context, host);
  collect_cni(context, host, runtimes.cni);
  collect_units(context, host);
  collect_certificates(context);
  // Nothing from here on takes away from what stands above.
  read_rank(context, processes, Rank::kSystemPod, pods, folders);
  read_rank(context, processes, Rank::kUnknown, pods, folders);
  collect_certificates_for(context, {options.limits.pod_share});
  collect_stores(context, host, runtimes.stores);
  read_rank(context, processes, Rank::kOther, pods, folders);
  collect_certificates_for(context, {options.limits.tenant_share, true});
  processes.finish();
  name_pods(context.facts(), pods);
  join_manifests(manifests, pods);
  for (std::vector<Component>* components : {&host, &pods}) {
    for (Component& component : *components) *context.facts().add_processes() = std::move(component.fact);
  }
  facts::NodeFacts node = context.finish();
  fit(node);
  return node;
}

}  // namespace baseline::runner
