#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

#include "base/error.h"
#include "base/value.h"

// Reads JSON that container runtimes write, which is large for what is wanted of it: only members that are
// asked for are kept, the rest is passed over without being built. Pure, and it takes any bytes. Not for
// YAML.
namespace baseline::runner {

struct JsonBounds {
  std::size_t values = 65'536;  // kept
  std::size_t depth = 64;
};

// One JSON object, of its top level only the members named. kCorrupt: no valid JSON, or a key kept twice (two
// readers could then disagree); kInvalid: something else than an object; kLimit: a bound was reached.
base::Result<base::Value> parse_json_members(std::string_view text, std::span<const std::string_view> names,
                                             const JsonBounds& bounds = {});

// A JSON list of objects, each handed over in turn with only the members named; the bound on values is for
// each.
base::Result<void> parse_json_items(std::string_view text, std::span<const std::string_view> names,
                                    const std::function<void(const base::Value&)>& visit,
                                    const JsonBounds& bounds = {});

}  // namespace baseline::runner
