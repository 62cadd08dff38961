#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"
#include "cli/language.h"
#include "cli/profile_set.h"

namespace baseline::cli {

struct LintResult {
  std::vector<FileMistake> mistakes;  // by file and line
  std::vector<FileMistake>
      warnings;  // expired or soon expiring exemptions and answers, documents passed over
  std::size_t profiles = 0;
};

// Holds every profile of the files against its standard, with `extends` resolved among them and the built-in
// ones. Pure. `language` is that of the warnings.
LintResult lint_profiles(const std::vector<SourceFile>& files, base::Time now, Language language,
                         const StandardSet& standards = {});

// What is valid for no longer than this is warned of.
inline constexpr std::chrono::days kSoon{30};

}  // namespace baseline::cli
