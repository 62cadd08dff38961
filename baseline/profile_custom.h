#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/value.h"
#include "baseline/profile.h"

namespace baseline {

// Reads spec.custom. Each entry has the form of a standard's row (docs/standard-format.md), its id a prefix
// of its own. Mistakes are named by path, and by line where the document has lines.
std::vector<CustomRequirement> parse_custom_requirements(const base::Value& list, const std::string& path,
                                                         std::vector<Mistake>& mistakes);

// The standard with own requirements behind its own, and a section for each of their prefixes.
std::shared_ptr<const Standard> with_custom(const Standard& standard,
                                            const std::vector<CustomRequirement>& custom);

}  // namespace baseline
