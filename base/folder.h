#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.h"

namespace baseline::base {

struct TextFile {
  std::string path, text;
};

// Bounds on what is read from a folder.
struct FolderLimits {
  std::size_t files = 256;
  std::size_t bytes = std::size_t{4} << 20;  // of each file
};

// The files of a folder whose names end in .yaml or .yml, and its folders: by name, without those that begin
// with a dot (such as the ones by which a mounted ConfigMap is exchanged). Links are followed. A file that
// cannot be read is an error, as is a folder that is none.
struct Folder {
  std::vector<TextFile> files;
  std::vector<std::string> folders;  // paths
};
Result<Folder> read_folder(const std::string& path, const FolderLimits& limits = {});

}  // namespace baseline::base
