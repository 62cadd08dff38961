#pragma once

#include "baseline/report.h"
#include "cli/options.h"

namespace baseline::cli {

// `scan`: gathers or reads facts, judges them as the operator does, prints. Returns the exit status.
int run_scan(const ScanOptions& options, Language language, World& world);

// Whether the report holds something at or above the threshold (Fail is above Error).
bool reaches(const Summary& summary, FailOn threshold);

}  // namespace baseline::cli
