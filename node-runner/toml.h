#pragma once

#include <string_view>

#include "base/error.h"
#include "base/value.h"

namespace baseline::runner {

// Reads a TOML text as a document; dates become strings. Errors are kInvalid, and kLimit for more than 20,000
// values or more than 32 levels, which are counted before anything is built; none quotes the text.
base::Result<base::Value> parse_toml(std::string_view text);

}  // namespace baseline::runner
