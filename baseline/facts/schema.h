#pragma once

#include <cstdint>

namespace baseline::facts {

// The version that this build writes and the newest that it reads (NodeFacts.schema_version).
inline constexpr std::uint32_t kSchemaVersion = 1;

}  // namespace baseline::facts
