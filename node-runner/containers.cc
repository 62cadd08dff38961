#include "node-runner/containers.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "node-runner/container_process.h"
#include "node-runner/containerd_store.h"
#include "node-runner/crio_store.h"
#include "node-runner/docker_store.h"
#include "node-runner/rootfs_walk.h"
#include "node-runner/workloads.h"

namespace baseline::runner {
namespace {

struct Place {
  std::string_view runtime;
  std::string_view state;
  std::string_view root;
};

constexpr auto kPlaces = std::to_array<Place>({
    {"containerd", "/run/containerd", "/var/lib/containerd"},
    {"containerd", "/run/k3s/containerd", "/var/lib/rancher/k3s/agent/containerd"},
    {"containerd", "/run/k3s/containerd", "/var/lib/rancher/rke2/agent/containerd"},
    {"containerd", "/run/k0s/containerd", "/var/lib/k0s/containerd"},
    {"containerd", "/var/snap/microk8s/common/run/containerd",
     "/var/snap/microk8s/common/var/lib/containerd"},
    {"crio", "/run/containers/storage", "/var/lib/containers/storage"},
    {"crio", "/var/run/containers/storage", "/var/lib/containers/storage"},
    {"dockerd", "", "/var/lib/docker"},
});

// Those that runtimes name, then the well-known ones in the host's root whose storage is there.
std::vector<RuntimeStore> all_places(Context& context, const std::vector<RuntimeStore>& named) {
  std::vector<RuntimeStore> out = named;
  for (const Place& place : kPlaces) {
    if (context.exists(kHost, std::string(place.root)))
      out.push_back({std::string(place.runtime), kHost, std::string(place.state), std::string(place.root)});
  }
  return out;
}

void read_store(Context& context, const RuntimeStore& store, Workloads& out) {
  if (store.runtime == "dockerd") return read_docker(context, store, out);
  if (!store.state.starts_with('/')) return;
  if (store.runtime == "crio") return read_crio(context, store, out);
  read_containerd(context, store, out);
}

auto order(const FoundContainer& c) {
  return std::tie(c.fact.namespace_(), c.fact.pod(), c.fact.pod_uid(), c.fact.name(), c.id);
}

void look_at_roots(Context& context, Workloads& found) {
  std::map<std::string_view, std::map<std::string_view, std::vector<int>>> users;  // by image, then namespace
  for (const FoundContainer& container : found.containers) {
    if (container.pid > 0 && container.fact.process_read())
      users[container.fact.image_id()][container.fact.namespace_()].push_back(container.pid);
  }
  RootfsWalks walks(context);
  for (auto& [id, image] : found.images) {
    walks.look(users[id], *image.mutable_root());
  }
}

bool pods_expected(const std::vector<Component>& components, const std::vector<RuntimeStore>& stores) {
  return !stores.empty() ||
         std::ranges::any_of(components, [](const Component& c) { return c.name() == "kubelet"; });
}

}  // namespace

void collect_containers(Context& context, const std::vector<Component>& components,
                        const std::vector<RuntimeStore>& stores) {
  Workloads found;
  for (const RuntimeStore& store : all_places(context, stores)) read_store(context, store, found);
  if (!found.found && pods_expected(components, stores)) {
    context.error(
        "containers", "",
        "no runtime's containers were found, neither where the runtimes keep them nor in well-known places");
  }
  std::ranges::sort(found.containers, [](const auto& a, const auto& b) { return order(a) < order(b); });
  ContainerProcesses processes(context);
  for (FoundContainer& container : found.containers) processes.read(container);
  look_at_roots(context, found);

  facts::NodeFacts& facts = context.facts();
  facts.set_containers_known(found.found && found.whole);
  for (FoundContainer& container : found.containers) *facts.add_containers() = std::move(container.fact);
  for (auto& [id, image] : found.images) {
    std::sort(image.mutable_names()->begin(), image.mutable_names()->end());
    *facts.add_images() = std::move(image);
  }
}

}  // namespace baseline::runner
