#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/language.h"

namespace baseline::cli {

// Words of the command line and what they stand for; case does not count.
template <typename T>
using Choices = std::vector<std::pair<std::string, T>>;

template <typename T>
std::optional<T> chosen_of(const Choices<T>& choices, const std::string& word) {
  for (const auto& [name, value] : choices) {
    if (CLI::detail::to_lower(name) == CLI::detail::to_lower(word)) return value;
  }
  return std::nullopt;
}

// Refuses other words, naming those there are. `choices` must outlive it.
template <typename T>
CLI::Validator among(const Choices<T>& choices, Language language) {
  return {[&choices, language](std::string& word) -> std::string {
            if (chosen_of(choices, word)) return {};
            std::vector<std::string> words;
            for (const auto& [name, value] : choices) words.push_back(name);
            return sayf(language, "\"{:.64}\" is none of {}", "“{:.64}”不在可选值 {} 之中", word,
                        join(words, language));
          },
          ""};
}

}  // namespace baseline::cli
