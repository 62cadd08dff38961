#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/value.h"

namespace baseline::base {

// Reads one JSON text whole (simdjson). Lines are not kept. Bounded by `max_bytes` and by a depth of 64.
// A truncated text is ErrorCode::kCorrupt, any other mistake kInvalid; `name` goes into Error::where.
Result<Value> parse_json(std::string_view text, std::string_view name, std::size_t max_bytes = 64U << 20);

// Compact JSON in the order of the keys: the same value gives the same bytes. Invalid UTF-8 is replaced, not
// passed on.
std::string write_json(const Value& value);
// The same, indented by two spaces and ended by a newline, for people.
std::string write_json_pretty(const Value& value);

}  // namespace baseline::base
