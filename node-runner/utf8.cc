#include "node-runner/utf8.h"

#include "base/utf8.h"

namespace baseline::runner {

std::string to_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = bytes[at] == '\0' ? 0 : base::utf8_length(bytes, at);
    out += length == 0 ? base::kReplacementText : bytes.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  return out;
}

}  // namespace baseline::runner
