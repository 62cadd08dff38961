#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace baseline::base {

// The length of the valid UTF-8 sequence at `at`, 0 when there is none (RFC 3629: no surrogates, no overlong
// forms).
std::size_t utf8_length(std::string_view text, std::size_t at);

bool is_utf8(std::string_view text);

inline constexpr char32_t kReplacement = 0xFFFD;
inline constexpr std::string_view kReplacementText = "\xEF\xBF\xBD";

// Takes the character at the front off a text that is not empty: U+FFFD, and one byte, for what is none.
char32_t take_utf8(std::string_view& text);

// The same text with U+FFFD in place of every byte that is not part of valid UTF-8.
std::string to_utf8(std::string_view bytes);

}  // namespace baseline::base
