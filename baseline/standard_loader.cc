#include "baseline/standard_loader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/yaml.h"
#include "baseline/component.h"
#include "baseline/yaml_reader.h"

namespace baseline {
namespace {

void read_head(Standard& standard, const base::Value& document, RowOrigin origin, MistakeList& mistakes) {
  MapReader map(document, "a standard", mistakes);
  standard.id = map.text("standard");
  standard.version = map.text("version");
  standard.title = read_text(map, "title", origin);
  if (const base::Value* sections = map.required("sections", "a list of sections")) {
    for (const base::Value& item : sections->items()) {
      MapReader section(item, "a section", mistakes);
      Section read{section.text("id"), read_text(section, "title", origin)};
      section.finish();
      if (standard.section(read.id)) {
        mistakes.add(item.line(), fmt::format("the section \"{}\" stands twice", read.id));
      }
      standard.sections.push_back(std::move(read));
    }
  }
  map.finish();
}

void read_requirements(Standard& standard, const base::Value& document, RowOrigin origin,
                       MistakeList& mistakes) {
  MapReader map(document, "a file of requirements", mistakes);
  const base::Value* list = map.required("requirements", "a list of requirements");
  map.finish();
  if (!list) return;
  if (!list->is_list()) mistakes.add(list->line(), "\"requirements\" must be a list");
  for (const base::Value& item : list->items()) {
    Requirement requirement = parse_requirement(item, built_in_components(), mistakes, origin);
    if (standard.find(requirement.id)) {
      mistakes.add(item.line(),
                   fmt::format("the requirement {} stands twice in the standard", requirement.id));
    } else if (!requirement.id.empty() && !standard.section(requirement.section)) {
      mistakes.add(item.line(),
                   fmt::format("{} belongs to the section \"{}\", which standard.yaml does not name",
                               requirement.id, requirement.section));
    }
    standard.requirements.push_back(std::move(requirement));
  }
}

// A standard in a folder has the same hash wherever the folder is.
std::string hash_of(std::vector<StandardFile> files, RowOrigin origin) {
  if (origin == RowOrigin::kLoaded) {
    for (StandardFile& file : files) file.name.erase(0, file.name.rfind('/') + 1);
  }
  std::ranges::sort(files, std::less<>(), &StandardFile::name);
  std::string all;
  for (const StandardFile& file : files) {
    all += fmt::format("{} {}\n{}", file.name, file.text.size(), file.text);
  }
  return base::sha256_hex(all);
}

}  // namespace

std::expected<std::shared_ptr<const Standard>, std::vector<Mistake>> load_standard(
    const std::vector<StandardFile>& files, RowOrigin origin) {
  auto standard = std::make_shared<Standard>();
  std::vector<Mistake> all;
  std::vector<std::pair<const StandardFile*, base::Value>> documents;
  int heads = 0;
  for (const StandardFile& file : files) {
    auto document = base::parse_yaml(file.text, file.name);
    if (!document) {
      all.push_back(to_mistake(document.error()));
      continue;
    }
    if (document->contains("standard")) {
      MistakeList mistakes(file.name);
      if (++heads > 1) mistakes.add(document->line(), "a standard has one file with the key \"standard\"");
      read_head(*standard, *document, origin, mistakes);
      std::ranges::move(mistakes.take(), std::back_inserter(all));
    } else {
      documents.emplace_back(&file, std::move(*document));
    }
  }
  if (heads == 0) all.push_back({"", 0, "no file names the standard by the key \"standard\""});
  for (const auto& [file, document] : documents) {
    MistakeList mistakes(file->name);
    read_requirements(*standard, document, origin, mistakes);
    std::ranges::move(mistakes.take(), std::back_inserter(all));
  }
  if (!all.empty()) return std::unexpected(std::move(all));
  std::ranges::sort(standard->requirements, precedes, &Requirement::id);
  standard->hash = hash_of(files, origin);
  return standard;
}

}  // namespace baseline
