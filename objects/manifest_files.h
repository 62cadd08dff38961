#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace baseline::objects {

struct ManifestFiles {
  std::vector<std::filesystem::path> files;  // as a person would name them, each once
  std::vector<base::Error> errors;           // what could not be looked at; the rest was
};

// The files among the paths, and all *.yaml, *.yml and *.json below the folders among them, sorted within
// each path. A link inside a folder is followed only to a file of the same folder: one that leads out of it
// is an error. More than max_files is an error too, and ends the search.
ManifestFiles find_manifests(const std::vector<std::filesystem::path>& paths, std::size_t max_files);

}  // namespace baseline::objects
