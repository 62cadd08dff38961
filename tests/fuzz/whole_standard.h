#pragma once

#include <memory>
#include <optional>
#include <string>

#include "baseline/profile.h"
#include "baseline/standard_loader.h"

namespace baseline::fuzz {

// All of the built-in standard with its defaults; made once.
inline const std::shared_ptr<const ResolvedProfile>& whole_standard() {
  static const auto resolved = [] {
    ProfileSpec spec;
    spec.standard = built_in_standard_ids().front();
    return resolve_profile(
        "fuzz", spec, [](const std::string&) -> std::optional<ProfileSpec> { return std::nullopt; },
        [](const std::string& id) { return built_in_standard(id); });
  }();
  return *resolved;
}

}  // namespace baseline::fuzz
