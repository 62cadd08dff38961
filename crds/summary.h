#pragma once

#include <map>
#include <string>

#include "base/error.h"
#include "base/value.h"
#include "baseline/report.h"

namespace baseline::crds {

// Requirements by status, as scans and reports show them: every status is written, also with none.
using StatusCounts = std::map<Status, int>;

base::Value to_value(const StatusCounts& counts);
base::Result<StatusCounts> status_counts_from(const base::Value& value, const std::string& path);

// The score for people and columns, with its one decimal: "87.5". A string, because the API has no exact
// decimals and would hand back 100.0 as 100.
std::string score_text(double score);
// 0 for a text that is no number.
double score_from(const std::string& text);

}  // namespace baseline::crds
