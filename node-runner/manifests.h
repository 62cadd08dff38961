#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node-runner/components.h"

namespace baseline::runner {

// Reads the static pods of the given directories (viewer, path) and of the default ones, reports those of
// components as configuration of role "manifest", and tells each process its manifest and the version that
// the image's tag names.
void collect_manifests(Context& context, std::vector<std::pair<int, std::string>> directories,
                       std::vector<Component>& components);

// "1.36.3" for "registry.k8s.io/kube-apiserver:v1.36.3@sha256:…"; empty when the tag is no version.
std::string image_version(std::string_view image);

}  // namespace baseline::runner
