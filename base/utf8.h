#pragma once

#include <cstddef>
#include <string_view>

namespace baseline::base {

// The length of the valid UTF-8 sequence at `at`, 0 when there is none (RFC 3629: no surrogates, no overlong
// forms).
std::size_t utf8_length(std::string_view text, std::size_t at);

bool is_utf8(std::string_view text);

}  // namespace baseline::base
