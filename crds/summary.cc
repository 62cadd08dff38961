#include "crds/summary.h"

#include "baseline/report_value.h"

namespace baseline::crds {

base::Value to_value(const StatusCounts& counts) {
  return baseline::to_value(counts);
}

base::Result<StatusCounts> status_counts_from(const base::Value& value, const std::string& path) {
  return baseline::status_counts_from(value, path);
}

std::string score_text(double score) {
  return baseline::score_text(score);
}

double score_from(const std::string& text) {
  return baseline::score_from(text);
}

}  // namespace baseline::crds
