#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "baseline/model.h"

namespace baseline {

// A Kubernetes or etcd version. Order is by number: 1.9 < 1.25.
struct Version {
  int major = 0, minor = 0, patch = 0;
  auto operator<=>(const Version&) const = default;
};

// Accepts "1.24", "1.36.3", "v1.28.4-gke.100", "1.27+". Nothing for anything else.
std::optional<Version> parse_version(std::string_view text);
// Exactly "MAJOR.MINOR" or "MAJOR.MINOR.PATCH": the form that a standard's files use.
bool is_plain_version(std::string_view text);
// "1.36": what decides about flags and defaults, and does not tear apart nodes that differ in a patch.
std::string minor_text(const Version& version);

// Whether from <= version < below; an empty bound is open.
bool in_range(const Version& version, const VersionRange& range);

}  // namespace baseline
