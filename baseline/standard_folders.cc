#include "baseline/standard_folders.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/folder.h"
#include "baseline/yaml_reader.h"

namespace baseline {
namespace {

class Loader {
 public:
  explicit Loader(StandardSet& set) : set_(set) {}

  void folder(const std::string& path, bool deeper) {
    auto read = base::read_folder(path);
    if (!read) {
      mistakes_.push_back(to_mistake(read.error()));
      return;
    }
    if (!read->files.empty()) {
      add(path, *read);
      return;
    }
    if (!deeper || read->folders.empty()) {
      mistakes_.push_back(
          {path, 0,
           deeper ? "there is no standard here: YAML files of one, or folders with a standard each, "
                    "were expected"
                  : "there is no standard in this folder: YAML files of one were expected"});
      return;
    }
    for (const std::string& inner : read->folders) folder(inner, /*deeper=*/false);
  }

  std::vector<Mistake> take() { return std::move(mistakes_); }

 private:
  void add(const std::string& path, const base::Folder& folder) {
    std::vector<StandardFile> files;
    for (const base::TextFile& file : folder.files) files.push_back({file.path, file.text});
    std::ranges::move(set_.add(path, files), std::back_inserter(mistakes_));
  }

  StandardSet& set_;
  std::vector<Mistake> mistakes_;
};

}  // namespace

std::vector<Mistake> add_standard_folders(StandardSet& set, const std::vector<std::string>& folders) {
  Loader loader(set);
  for (const std::string& path : folders) loader.folder(path, /*deeper=*/true);
  return loader.take();
}

}  // namespace baseline
