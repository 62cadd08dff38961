#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace baseline::base {

// One zstd frame. The same bytes give the same frame. Needs about a megabyte beside input and output.
std::string zstd_compress(std::string_view data);

// The content of one zstd frame and of nothing else, read as a stream: neither a false content size nor a
// long frame can take more than `max_bytes`. kCorrupt, or kLimit.
Result<std::string> zstd_decompress(std::string_view data, std::size_t max_bytes);

}  // namespace baseline::base
