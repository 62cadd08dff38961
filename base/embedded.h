#pragma once

#include <span>
#include <string_view>

namespace baseline::embedded {

// A text file compiled into the program by embed_files() in cmake/Embed.cmake.
struct File {
  std::string_view name;  // relative path below the ROOT given there
  std::string_view content;
};

}  // namespace baseline::embedded
