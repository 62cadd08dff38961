#pragma once

#include "baseline/report.h"

namespace baseline {

// The order of findings within a requirement: the worst first, then by their texts, then by group ("group-2"
// before "group-10"). Total, so that the same findings come first whatever order they were found in.
bool comes_before(const Finding& a, const Finding& b);

}  // namespace baseline
