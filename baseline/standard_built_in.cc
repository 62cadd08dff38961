#include <algorithm>
#include <map>

#include "base/embedded.h"
#include "baseline/standard_loader.h"

namespace baseline {
namespace embedded {
extern const std::span<const File> standard_files;
}

std::vector<StandardFile> built_in_standard_files(std::string_view id) {
  std::vector<StandardFile> files;
  for (const embedded::File& file : embedded::standard_files) {
    if (file.name.substr(0, file.name.find('/')) == id) {
      files.push_back({std::string(file.name), std::string(file.content)});
    }
  }
  return files;
}

std::vector<std::string> built_in_standard_ids() {
  std::vector<std::string> ids;
  for (const embedded::File& file : embedded::standard_files) {
    std::string id(file.name.substr(0, file.name.find('/')));
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
  }
  return ids;
}

std::shared_ptr<const Standard> built_in_standard(std::string_view id) {
  using Loaded = std::map<std::string, std::shared_ptr<const Standard>, std::less<>>;
  static const Loaded standards = [] {
    Loaded loaded;
    for (const std::string& one : built_in_standard_ids()) {
      // A test holds every built-in standard free of mistakes.
      if (auto standard = load_standard(built_in_standard_files(one))) loaded[one] = *standard;
    }
    return loaded;
  }();
  const auto found = standards.find(id);
  return found == standards.end() ? nullptr : found->second;
}

}  // namespace baseline
