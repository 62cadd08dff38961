#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "baseline/model.h"

namespace baseline::cli {

// Reads one variable of the environment; "" when it is not set.
using Getenv = std::function<std::string(const std::string& name)>;

// What LC_ALL, LC_MESSAGES and LANG ask for (the first that is set decides): Chinese for zh*, else English.
Language language_from_environment(const Getenv& getenv);

// One of two wordings.
inline std::string_view say(Language language, std::string_view en, std::string_view zh) {
  return language == Language::kChinese ? zh : en;
}

// The same with arguments, both wordings checked by the compiler.
template <typename... Args>
std::string sayf(Language language, fmt::format_string<Args...> en, fmt::format_string<Args...> zh,
                 Args&&... args) {
  return fmt::format(language == Language::kChinese ? zh : en, std::forward<Args>(args)...);
}

std::string_view status_word(Status status, Language language);
std::string_view level_word(Level level, Language language);

// "1 mistake", "2 mistakes"; English only: Chinese has no plural.
std::string counted(std::size_t count, std::string_view noun);

// Items divided as the language does it.
std::string join(const std::vector<std::string>& items, Language language);

}  // namespace baseline::cli
