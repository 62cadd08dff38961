#pragma once

#include "cli/options.h"

namespace baseline::cli {

// `report`: reads a BaselineReport from the cluster and shows it. Returns the exit status.
int run_report(const ReportOptions& options, Language language, World& world);

}  // namespace baseline::cli
