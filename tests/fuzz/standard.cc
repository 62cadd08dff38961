// Standards and component tables in YAML. The input is several files, each behind a line "# file: NAME".
#include "baseline/component.h"
#include "baseline/standard_loader.h"
#include "support.h"

namespace {

using namespace baseline;

std::vector<StandardFile> files_of(std::string_view text) {
  constexpr std::string_view kMark = "# file: ";
  std::vector<StandardFile> files;
  while (!text.empty()) {
    const std::string_view line = fuzz::take_line(text);
    if (line.starts_with(kMark)) {
      files.push_back({std::string(line.substr(kMark.size())), {}});
    } else if (!files.empty()) {
      files.back().text.append(line) += '\n';
    }
  }
  return files;
}

void require_sentences(const std::vector<Mistake>& mistakes) {
  fuzz::require(!mistakes.empty(), "a refusal names a mistake");
  for (const Mistake& mistake : mistakes) fuzz::require_sentence(mistake);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<StandardFile> files = files_of(fuzz::text_of(data, size));
  const auto standard = load_standard(files);
  if (!standard) {
    require_sentences(standard.error());
  } else {
    const Standard& read = **standard;
    fuzz::require(!read.id.empty() && read.hash.size() == 64, "a standard has a name and a hash");
    for (const Requirement& requirement : read.requirements) {
      fuzz::require(read.find(requirement.id) == &requirement, "an id stands for one requirement",
                    requirement.id);
      fuzz::require(read.section(requirement.section) != nullptr, "a requirement stands in a section",
                    requirement.id);
      fuzz::require(!requirement.title.en.empty() && !requirement.title.zh.empty(),
                    "both languages are there", requirement.id);
    }
  }
  const auto tables = load_components(files);
  if (!tables) {
    require_sentences(tables.error());
    return 0;
  }
  for (const Component& component : tables->all()) {
    fuzz::require(!component.name.empty() && tables->find(component.name) == &component,
                  "a name is one component's", component.name);
    for (const SettingSpec& setting : component.settings) {
      fuzz::require(component.setting(setting.name) == &setting, "a setting is found by its name",
                    setting.name);
    }
  }
  return 0;
}
