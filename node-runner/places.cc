#include "node-runner/places.h"

#include <array>
#include <string>

namespace baseline::runner {
namespace {

constexpr std::string_view kK3s = "/var/lib/rancher/k3s";
constexpr std::string_view kRke2 = "/var/lib/rancher/rke2";
constexpr std::string_view kMicrok8s = "/var/snap/microk8s/current";
constexpr std::string_view kMinikube = "/var/lib/minikube";

constexpr auto kPlaces = std::to_array<Place>({
    // kubeadm
    {"", "/etc/kubernetes/admin.conf", PlaceKind::kFile},
    {"", "/etc/kubernetes/super-admin.conf", PlaceKind::kFile},
    {"", "/etc/kubernetes/controller-manager.conf", PlaceKind::kFile},
    {"", "/etc/kubernetes/scheduler.conf", PlaceKind::kFile},
    {"", "/etc/kubernetes/kubelet.conf", PlaceKind::kFile},
    {"", "/etc/kubernetes/bootstrap-kubelet.conf", PlaceKind::kFile},
    {"", "/etc/kubernetes/manifests", PlaceKind::kDirectory},
    {"", "/etc/kubernetes/pki", PlaceKind::kTree},
    {"", "/var/lib/etcd", PlaceKind::kFile},
    {"", "/var/lib/kubelet", PlaceKind::kFile},
    {"", "/var/lib/kubelet/config.yaml", PlaceKind::kFile},
    {"", "/var/lib/kubelet/kubeadm-flags.env", PlaceKind::kFile},
    {"", "/var/lib/kubelet/pki", PlaceKind::kTree},
    {"", "/var/lib/kube-proxy", PlaceKind::kDirectory},
    {"", "/etc/default/kubelet", PlaceKind::kFile},
    {"", "/etc/sysconfig/kubelet", PlaceKind::kFile},
    // k3s
    {kK3s, "/etc/rancher/k3s/config.yaml", PlaceKind::kFile},
    {kK3s, "/etc/rancher/k3s/k3s.yaml", PlaceKind::kFile},
    {kK3s, "/etc/rancher/k3s/registries.yaml", PlaceKind::kFile},
    {kK3s, "/var/lib/rancher/k3s/server/cred", PlaceKind::kDirectory},
    {kK3s, "/var/lib/rancher/k3s/server/tls", PlaceKind::kTree},
    {kK3s, "/var/lib/rancher/k3s/server/db/etcd", PlaceKind::kFile},
    {kK3s, "/var/lib/rancher/k3s/agent", PlaceKind::kDirectory},
    {kK3s, "/var/lib/rancher/k3s/agent/pod-manifests", PlaceKind::kDirectory},
    // rke2
    {kRke2, "/etc/rancher/rke2/config.yaml", PlaceKind::kFile},
    {kRke2, "/etc/rancher/rke2/rke2.yaml", PlaceKind::kFile},
    {kRke2, "/etc/rancher/rke2/registries.yaml", PlaceKind::kFile},
    {kRke2, "/var/lib/rancher/rke2/server/cred", PlaceKind::kDirectory},
    {kRke2, "/var/lib/rancher/rke2/server/tls", PlaceKind::kTree},
    {kRke2, "/var/lib/rancher/rke2/server/db/etcd", PlaceKind::kFile},
    {kRke2, "/var/lib/rancher/rke2/agent", PlaceKind::kDirectory},
    {kRke2, "/var/lib/rancher/rke2/agent/pod-manifests", PlaceKind::kDirectory},
    // microk8s
    {kMicrok8s, "/var/snap/microk8s/current/args", PlaceKind::kDirectory},
    {kMicrok8s, "/var/snap/microk8s/current/certs", PlaceKind::kTree},
    {kMicrok8s, "/var/snap/microk8s/current/credentials", PlaceKind::kDirectory},
    {kMicrok8s, "/var/snap/microk8s/current/var/kubernetes/backend", PlaceKind::kFile},
    // minikube
    {kMinikube, "/var/lib/minikube/certs", PlaceKind::kTree},
    {kMinikube, "/var/lib/minikube/etcd", PlaceKind::kFile},
});

constexpr auto kStaticPods = std::to_array<std::string_view>({
    "/etc/kubernetes/manifests",
    "/var/lib/rancher/k3s/agent/pod-manifests",
    "/var/lib/rancher/rke2/agent/pod-manifests",
});

}  // namespace

std::span<const Place> places() {
  return kPlaces;
}
std::span<const std::string_view> static_pod_places() {
  return kStaticPods;
}

void collect_places(Context& context) {
  for (const Place& place : kPlaces) {
    // A single file is looked at in any case, so that a reader knows it to be absent.
    if (place.kind != PlaceKind::kFile && !place.marker.empty() &&
        context.look(kHost, std::string(place.marker)).presence() == facts::ABSENT)
      continue;
    const std::string path(place.path);
    if (place.kind == PlaceKind::kFile) {
      context.look(kHost, path);
    } else {
      context.list(kHost, path, place.kind == PlaceKind::kTree);
    }
  }
}

}  // namespace baseline::runner
