#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "baseline/model.h"

namespace baseline {

// A sentence as language-neutral data: a key of baseline/phrases.yaml and its arguments. Findings are made of
// these, so that an outcome is the same whatever the language, and nodes with equal outcomes can be grouped.
// Arguments are values as found (flag values, paths, modes), never words of a language.
struct Phrase {
  std::string key;
  std::vector<std::string> args;

  bool empty() const { return key.empty(); }
  auto operator<=>(const Phrase&) const = default;
};

// Makes a Phrase of a key of the phrase files and its arguments.
template <typename... Args>
Phrase phrase(std::string_view key, Args&&... args) {
  return Phrase{std::string(key), {std::string(std::forward<Args>(args))...}};
}

// The sentence in a language; {0}, {1} … are replaced by the arguments. An unknown key renders as the key and
// its arguments (a test holds the table complete). The text is bounded: arguments are cut at 512 characters,
// and what is hidden in them is escaped (see base/printable.h).
std::string render(const Phrase& phrase, Language language);

}  // namespace baseline
