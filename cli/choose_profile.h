#pragma once

#include <memory>

#include "base/error.h"
#include "baseline/profile.h"
#include "baseline/standard_set.h"
#include "cli/options.h"

namespace baseline::cli {

// The profile that a scan is to judge by: from the files and names of --profile, else the built-in standard
// with every requirement; then narrowed to --requirement. Reads the files. `language` is that of messages
// and, where no profile is given, of the report.
base::Result<std::shared_ptr<const ResolvedProfile>> choose_profile(const ScanOptions& options,
                                                                    Language language,
                                                                    const StandardSet& standards = {});

}  // namespace baseline::cli
