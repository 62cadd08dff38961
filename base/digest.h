#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace baseline::base {

// SHA-256 in 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

// Base64 with padding, without line breaks (RFC 4648, section 4).
std::string base64_encode(std::string_view bytes);
// Accepts line breaks and spaces between groups; anything else that is not base64 is ErrorCode::kCorrupt.
Result<std::string> base64_decode(std::string_view text);

}  // namespace baseline::base
