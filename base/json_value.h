#pragma once

#include <string_view>

#include <simdjson.h>

#include "base/value.h"

namespace baseline::base {

// Whether the members of this name are left out, with all that is below them.
using LeftOut = bool (*)(std::string_view key);

// Copies a part of a parsed text; the parser's bound on depth bounds this too. Integers beyond 63 bits become
// floating-point numbers. `left_out` null: nothing is.
Value value_from(simdjson::dom::element element, LeftOut left_out = nullptr);

}  // namespace baseline::base
