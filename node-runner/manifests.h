#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node-runner/components.h"

namespace baseline::runner {

// A static pod whose manifest is on the host.
struct Manifest {
  std::string path;
  std::string ns;
  std::string name;       // of the pod, without the node's name behind it
  std::string uid;        // as the manifest gives it; mostly empty, and the kubelet makes one
  std::string component;  // what it runs, and how; empty: none
  std::vector<std::string> argv;
  std::string image;
};

// Reads the static pods of the given directories (viewer, path) and of the default ones, and reports those of
// components as configuration of role "manifest".
std::vector<Manifest> collect_manifests(Context& context,
                                        std::vector<std::pair<int, std::string>> directories);

// Tells the processes of static pods so: those in a pod that has a manifest. They get its path and the
// version that the image's tag names.
void join_manifests(const std::vector<Manifest>& manifests, std::vector<Component>& components);

// "1.36.3" for "registry.k8s.io/kube-apiserver:v1.36.3@sha256:…"; empty when the tag is no version.
std::string image_version(std::string_view image);

}  // namespace baseline::runner
