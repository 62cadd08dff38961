#pragma once

#include "baseline/model.h"
#include "cli/options.h"

namespace baseline::cli {

// `explain`: one requirement whole, the requirements below a prefix as a list, or near matches for what is
// neither. Returns the exit status.
int run_explain(const ExplainOptions& options, Language language, World& world);

// Ids that a person may have meant: near by spelling, or whose title or object holds the word. At most three.
std::vector<std::string> near_requirements(const Standard& standard, std::string_view word);

}  // namespace baseline::cli
