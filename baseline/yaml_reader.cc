#include "baseline/yaml_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "baseline/text.h"

namespace baseline {

void MistakeList::add(int line, std::string message) {
  list_.push_back({line > 0 ? fmt::format("{}:{}", file_, line) : file_, line, std::move(message)});
}

Mistake to_mistake(const base::Error& error) {
  return {error.where, 0, error.message};
}

MapReader::MapReader(const base::Value& map, std::string what, MistakeList& mistakes)
    : map_(map), what_(std::move(what)), mistakes_(mistakes) {
  if (!map.is_map()) {
    mistakes_.add(map.line(), fmt::format("{} must be a map, but is {}", what_, map.kind_name()));
  }
}

const base::Value* MapReader::optional(std::string_view key) {
  asked_.emplace(key);
  return map_.find(key);
}

const base::Value* MapReader::required(std::string_view key, std::string_view expected) {
  const base::Value* value = optional(key);
  if (!value && map_.is_map()) mistake(nullptr, fmt::format("{} lacks \"{}\": {}", what_, key, expected));
  return value;
}

std::string MapReader::text(std::string_view key) {
  return required(key, "a string was expected") ? optional_text(key) : std::string();
}

std::string MapReader::optional_text(std::string_view key) {
  const base::Value* value = optional(key);
  if (!value) return {};
  if (!value->is_string() || value->as_string().empty()) {
    mistake(value,
            fmt::format("\"{}\" of {} must be a string that is not empty, but is {}; put numbers in quotes",
                        key, what_, value->is_string() ? "empty" : value->kind_name()));
  }
  return value->as_string();
}

bool MapReader::boolean(std::string_view key) {
  return required(key, "true or false was expected") && optional_boolean(key, false);
}

bool MapReader::optional_boolean(std::string_view key, bool fallback) {
  const base::Value* value = optional(key);
  if (value && !value->is_bool()) {
    mistake(value,
            fmt::format("\"{}\" of {} must be true or false, but is {}", key, what_, value->kind_name()));
  }
  return value ? value->as_bool() : fallback;
}

std::vector<std::string> MapReader::optional_texts(std::string_view key) {
  const base::Value* value = optional(key);
  std::vector<std::string> texts;
  if (!value) return texts;
  const bool strings = std::ranges::all_of(value->items(), &base::Value::is_string);
  if (!value->is_list() || value->items().empty() || !strings) {
    mistake(value, fmt::format("\"{}\" of {} must be a list of strings that is not empty", key, what_));
    return texts;
  }
  for (const base::Value& item : value->items()) texts.push_back(item.as_string());
  return texts;
}

Localized MapReader::localized(std::string_view key) {
  const base::Value* value = required(key, "a text in both languages was expected, {en: ..., zh: ...}");
  if (!value) return {};
  MapReader languages(*value, fmt::format("\"{}\" of {}", key, what_), mistakes_);
  Localized text{languages.text("en"), languages.text("zh")};
  languages.finish();
  return text;
}

std::string MapReader::word(std::string_view key, std::initializer_list<std::string_view> words,
                            bool needed) {
  const std::string expected = fmt::format("one of {} was expected", join(words, ", "));
  const base::Value* value = needed ? required(key, expected) : optional(key);
  std::string first(*words.begin());
  if (!value) return first;
  // A word such as "true" reads as a boolean; it is meant as the word here.
  std::string found = value->scalar_text();
  if (std::ranges::find(words, std::string_view(found)) != words.end()) return found;
  mistake(value, fmt::format("\"{}\" of {} is {}: {}", key, what_,
                             found.empty() ? std::string(value->kind_name()) : '"' + found + '"', expected));
  return first;
}

void MapReader::mistake(const base::Value* at, std::string message) {
  mistakes_.add(at && at->line() > 0 ? at->line() : map_.line(), std::move(message));
}

void MapReader::finish() {
  for (const auto& [key, value] : map_.members()) {
    if (!asked_.contains(key)) {
      mistake(&value, fmt::format("\"{}\" is no key of {}; known are {}", key, what_, join(asked_, ", ")));
    }
  }
}

}  // namespace baseline
