#pragma once

#include <optional>
#include <string>
#include <vector>

#include "baseline/checks/check_context.h"

namespace baseline {

// One thing that a selector yields.
struct SelectedFile {
  std::string path;
  const facts::File* file = nullptr;  // PRESENT; null: see below
  std::optional<Phrase> missing;      // something names it and it is not there
  std::optional<Phrase> unknown;      // it could not be looked at
  bool hidden = false;  // unknown because a bundle does not show the setting: another place may do
};

// What the selectors of a check yield together, in order and without repetition.
struct Selection {
  std::vector<SelectedFile> files;
  std::vector<std::string> looked_for;  // what yielded nothing, for the reader

  bool yields() const { return !files.empty(); }
};

Selection select_files(const FilesCheck& check, const CheckContext& context);

// Whether a file's name matches a pattern in which * stands for any characters.
bool matches_name(std::string_view name, std::string_view pattern);

}  // namespace baseline
