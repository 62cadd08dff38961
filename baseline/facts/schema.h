#pragma once

#include <cstdint>

namespace baseline::facts {

// The version that this build writes, and the only one that it reads (NodeFacts.schema_version): operator and
// node-runner are of one release. Facts of version 1 do not say where processes run, and so prove nothing of
// them.
inline constexpr std::uint32_t kSchemaVersion = 2;

}  // namespace baseline::facts
