#pragma once

#include <string>
#include <string_view>

namespace baseline::runner {

// The same text with every byte that is not part of valid UTF-8 replaced by U+FFFD, and NUL too: what facts
// may hold.
std::string to_utf8(std::string_view bytes);

}  // namespace baseline::runner
