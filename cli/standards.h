#pragma once

#include <optional>
#include <string>
#include <vector>

#include "baseline/standard_set.h"
#include "cli/world.h"

namespace baseline::cli {

// The built-in standards and those of the folders of --standards. Nothing when they have mistakes, which are
// then on standard error, one a line with file and line; the program is to end with kNotMade.
std::optional<StandardSet> load_standards(const std::vector<std::string>& folders, World& world);

}  // namespace baseline::cli
