#include "baseline/value_reader.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace baseline {
namespace {

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, substituted}));
    }
  }
  return row.back();
}

bool is_plain(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string expected_text(std::string_view expected, const base::Value& found) {
  std::string text = fmt::format("{} was expected here, but this is {}", expected, found.kind_name());
  if (expected == "a string" && (found.is_number() || found.is_bool())) {
    text += "; put the value in quotes";
  }
  return text + '.';
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    // Words of very different length cannot be near.
    if (candidate.size() > word.size() + 3 || word.size() > candidate.size() + 3 || word.size() > 64)
      continue;
    if (const std::size_t d = distance(word, candidate); d < least) {
      least = d;
      best = candidate;
    }
  }
  return best;
}

std::string child_path(const std::string& path, std::string_view key) {
  key = key.substr(0, 128);  // of a name that only a mistake makes longer
  if (!is_plain(key)) return fmt::format("{}[\"{}\"]", path, key);
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::string item_path(const std::string& path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

ValueReader::ValueReader(const base::Value& map, std::string path, std::vector<Mistake>& mistakes)
    : map_(map), path_(std::move(path)), mistakes_(mistakes) {
  if (!map.is_map() && !map.is_null()) {
    mistakes_.push_back({path_, map.line(), expected_text("a map", map)});
  }
}

const base::Value* ValueReader::any(std::string_view key) {
  known_.emplace_back(key);
  const base::Value* found = map_.find(key);
  return found && !found->is_null() ? found : nullptr;
}

bool ValueReader::wrong_kind(std::string_view key, const base::Value& found, std::string_view expected) {
  mistakes_.push_back({path(key), found.line(), expected_text(expected, found)});
  return false;
}

const base::Value* ValueReader::child(std::string_view key, bool list) {
  const base::Value* found = any(key);
  if (!found) return nullptr;
  if (list ? found->is_list() : found->is_map()) return found;
  wrong_kind(key, *found, list ? "a list" : "a map");
  return nullptr;
}

bool ValueReader::read(std::string_view key, std::string& out) {
  const base::Value* found = any(key);
  if (!found) return false;
  if (!found->is_string()) return wrong_kind(key, *found, "a string");
  out = found->as_string();
  return true;
}

bool ValueReader::read(std::string_view key, bool& out) {
  const base::Value* found = any(key);
  if (!found) return false;
  if (!found->is_bool()) return wrong_kind(key, *found, "true or false");
  out = found->as_bool();
  return true;
}

bool ValueReader::read(std::string_view key, std::int64_t& out) {
  const base::Value* found = any(key);
  if (!found) return false;
  if (!found->is_int()) return wrong_kind(key, *found, "an integer");
  out = found->as_int();
  return true;
}

bool ValueReader::read(std::string_view key, int& out) {
  std::int64_t wide = 0;
  if (!read(key, wide)) return false;
  if (!std::in_range<int>(wide)) {
    mistake(key, fmt::format("{} is out of range.", wide));
    return false;
  }
  out = static_cast<int>(wide);
  return true;
}

bool ValueReader::read(std::string_view key, std::optional<base::Time>& out) {
  std::string text;
  if (!read(key, text)) return false;
  const auto time = base::parse_time(text);
  if (!time) {
    mistake(key, fmt::format("\"{}\" is no moment in time; it is written like 2026-12-31T08:00:00Z.",
                             text.substr(0, 64)));
    return false;
  }
  out = *time;
  return true;
}

bool ValueReader::read(std::string_view key, std::vector<std::string>& out) {
  const base::Value* found = list(key);
  if (!found) return false;
  std::vector<std::string> read;
  bool right = true;
  for (std::size_t i = 0; i < found->items().size(); ++i) {
    const base::Value& item = found->items()[i];
    if (item.is_string()) {
      read.push_back(item.as_string());
    } else {
      mistakes_.push_back({item_path(path(key), i), item.line(), expected_text("a string", item)});
      right = false;
    }
  }
  if (right) out = std::move(read);
  return right;
}

bool ValueReader::read(std::string_view key, std::map<std::string, std::string>& out) {
  const base::Value* found = map(key);
  if (!found) return false;
  std::map<std::string, std::string> read;
  bool right = true;
  for (const auto& [name, value] : found->members()) {
    if (value.is_string()) {
      read[name] = value.as_string();
    } else {
      mistakes_.push_back({child_path(path(key), name), value.line(), expected_text("a string", value)});
      right = false;
    }
  }
  if (right) out = std::move(read);
  return right;
}

bool ValueReader::read(std::string_view key, std::map<std::string, int>& out) {
  const base::Value* found = map(key);
  if (!found) return false;
  std::map<std::string, int> read;
  bool right = true;
  for (const auto& [name, value] : found->members()) {
    if (value.is_int() && std::in_range<int>(value.as_int())) {
      read[name] = static_cast<int>(value.as_int());
    } else {
      mistakes_.push_back({child_path(path(key), name), value.line(), expected_text("an integer", value)});
      right = false;
    }
  }
  if (right) out = std::move(read);
  return right;
}

int ValueReader::line(std::string_view key) const {
  const base::Value* found = key.empty() ? nullptr : map_.find(key);
  return found && found->line() ? found->line() : map_.line();
}

void ValueReader::mistake(std::string_view key, std::string message) {
  mistakes_.push_back({key.empty() ? path_ : path(key), line(key), std::move(message)});
}

void ValueReader::reject_unknown() {
  for (const auto& [key, value] : map_.members()) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    const std::string near = nearest(key, known_);
    std::string known;
    for (const std::string& k : known_) known += (known.empty() ? "" : ", ") + k;
    mistakes_.push_back({path(key), value.line(),
                         near.empty() ? fmt::format("There is no such field; known here are: {}.", known)
                                      : fmt::format("There is no such field; did you mean \"{}\"?", near)});
  }
}

int line_at(const base::Value& document, std::string_view path) {
  const base::Value* value = &document;
  int line = value->line();
  while (!path.empty()) {
    const base::Value* next = nullptr;
    if (path.starts_with("[\"")) {
      const std::size_t end = path.find("\"]");
      if (end == std::string_view::npos) break;
      next = value->find(path.substr(2, end - 2));
      path.remove_prefix(end + 2);
    } else if (path.front() == '[') {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(path.data() + 1, path.data() + path.size(), index);
      if (error != std::errc{} || index >= value->items().size()) break;
      next = &value->items()[index];
      path.remove_prefix(std::min(static_cast<std::size_t>(end - path.data()) + 1, path.size()));
    } else {
      const std::size_t start = path.front() == '.' ? 1 : 0;
      const std::size_t end = std::min(path.find_first_of(".[", start), path.size());
      next = value->find(path.substr(start, end - start));
      path.remove_prefix(end);
    }
    if (!next) break;
    value = next;
    if (value->line() != 0) line = value->line();
  }
  return line;
}

base::Error to_error(const std::vector<Mistake>& mistakes) {
  if (mistakes.empty()) return {};
  return {base::ErrorCode::kInvalid, mistakes.front().message, mistakes.front().path};
}

}  // namespace baseline
