#pragma once

#include <span>
#include <string_view>

#include "node-runner/context.h"

namespace baseline::runner {

enum class PlaceKind { kFile, kDirectory, kTree };

// A well-known place of one way to install Kubernetes. `marker`: looked at only where this exists; empty:
// always.
struct Place {
  std::string_view marker;
  std::string_view path;
  PlaceKind kind;
};

std::span<const Place> places();
std::span<const std::string_view> static_pod_places();

// Looks at every well-known place in the host's root.
void collect_places(Context& context);

}  // namespace baseline::runner
