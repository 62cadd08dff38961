#include "node-runner/collect.h"

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
  std::vector<Component> components = collect_processes(context);
  std::vector<std::pair<int, std::string>> static_pods;
  collect_configs(context, components, static_pods);
  collect_manifests(context, std::move(static_pods), components);
  for (const Component& component : components) look_at_flags(context, component);
  collect_places(context);
  const RuntimeSources runtimes = collect_runtimes(context, components);
  collect_cni(context, components, runtimes.cni);
  collect_units(context);
  collect_certificates(context);
  collect_containers(context, components, runtimes.stores);
  for (Component& component : components) *context.facts().add_processes() = std::move(component.fact);
  facts::NodeFacts node = context.finish();
  fit(node);
  return node;
}

}  // namespace baseline::runner
