#pragma once

#include <string_view>

#include "base/error.h"
#include "base/value.h"

namespace baseline::runner {

// Reads a TOML text as a document; dates become strings. Errors are kInvalid, without a quote of the text.
base::Result<base::Value> parse_toml(std::string_view text);

}  // namespace baseline::runner
