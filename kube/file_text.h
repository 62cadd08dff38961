#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/error.h"

namespace baseline::kube {

// The bytes of a regular file of at most max_bytes. kNotFound, kForbidden, kLimit or kInvalid (no file) with
// the path as the place; never blocks on a fifo or a device.
base::Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t max_bytes);

}  // namespace baseline::kube
