#pragma once

#include <string>
#include <vector>

#include "baseline/standard_set.h"

namespace baseline {

// Adds to the set what each folder holds: a standard (YAML files), or folders with a standard each. Reads the
// files: for the start of a program, the one place below baseline/ that does. Every mistake of every file,
// with file and line; empty when all is right.
std::vector<Mistake> add_standard_folders(StandardSet& set, const std::vector<std::string>& folders);

}  // namespace baseline
