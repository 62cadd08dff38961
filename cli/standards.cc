#include "cli/standards.h"

#include "baseline/standard_folders.h"

namespace baseline::cli {

std::optional<StandardSet> load_standards(const std::vector<std::string>& folders, World& world) {
  StandardSet set;
  const std::vector<Mistake> mistakes = add_standard_folders(set, folders);
  for (const Mistake& mistake : mistakes) complain(world, mistake.text());
  if (!mistakes.empty()) return std::nullopt;
  return set;
}

}  // namespace baseline::cli
