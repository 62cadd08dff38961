#include "baseline/facts/published.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>

#include "base/embedded.h"
#include "base/secret_signs.h"

namespace baseline::embedded {
extern const std::span<const File> published_files;
}

namespace baseline::facts {
namespace {

constexpr auto kTypes = std::to_array<std::pair<std::string_view, ValueType>>({
    {"boolean", ValueType::kBoolean},
    {"integer", ValueType::kInteger},
    {"number", ValueType::kNumber},
    {"duration", ValueType::kDuration},
    {"names", ValueType::kNames},
    {"addresses", ValueType::kAddresses},
    {"urls", ValueType::kUrls},
    {"paths", ValueType::kPaths},
    {"switches", ValueType::kSwitches},
    {"amounts", ValueType::kAmounts},
    {"text", ValueType::kText},
});

constexpr std::size_t kMaxValue = 8192;
constexpr std::size_t kMaxNumber = 40;
constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxUrl = 1024;
constexpr std::size_t kMaxPath = 4096;

using Typed = std::map<std::string_view, ValueType>;

struct List {
  std::string_view like;
  Typed flags;
  Typed fields;                                                  // without a star
  std::vector<std::pair<std::string_view, ValueType>> patterns;  // with one
};

std::string_view take(std::string_view& rest, char end) {
  const std::size_t at = std::min(rest.find(end), rest.size());
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

List read_list(std::string_view text) {
  List list;
  bool flags = false;
  bool fields = false;
  ValueType type = ValueType::kText;
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    if (line.starts_with('#')) continue;
    if (!line.starts_with(' ')) {
      const std::string_view word = take(line, ' ');
      if (word == "like") list.like = line;
      flags = word == "flags" || word == "settings";
      fields = word == "fields" || word == "settings";
      const auto* known = std::ranges::find(kTypes, line, &std::pair<std::string_view, ValueType>::first);
      type = known == kTypes.end() ? ValueType::kText : known->second;
      continue;
    }
    while (!line.empty()) {
      const std::string_view name = take(line, ' ');
      if (name.empty()) continue;
      if (flags) list.flags.emplace(name, type);
      if (fields && name.find('*') == std::string_view::npos) list.fields.emplace(name, type);
      if (fields && name.find('*') != std::string_view::npos) list.patterns.emplace_back(name, type);
    }
  }
  return list;
}

const List* find_list(std::string_view name) {
  static const std::map<std::string_view, List> lists = [] {
    std::map<std::string_view, List> out;
    for (const embedded::File& file : embedded::published_files)
      out.emplace(file.name.substr(0, file.name.find('.')), read_list(file.content));
    return out;
  }();
  const auto found = lists.find(name);
  return found == lists.end() ? nullptr : &found->second;
}

bool matches(std::string_view pattern, std::span<const std::string> keys) {
  while (!pattern.empty()) {
    const std::string_view part = take(pattern, '.');
    if (part == "**") {
      for (std::size_t skip = 0; skip <= keys.size(); ++skip) {
        if (matches(pattern, keys.subspan(skip))) return true;
      }
      return false;
    }
    if (keys.empty() || (part != "*" && part != keys.front())) return false;
    keys = keys.subspan(1);
  }
  return keys.empty();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Letters, digits and these.
bool made_of(std::string_view text, std::string_view others, std::size_t longest) {
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [others](char c) {
    return is_letter(c) || is_digit(c) || others.find(c) != std::string_view::npos;
  });
}

bool looks_secret(std::string_view text) {
  return base::has_secret_text(text, base::Doubt::kIsSecret);
}

bool is_boolean(std::string_view text) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"1", "t", "true", "0", "f", "false", "y", "yes", "on", "n", "no", "off"});
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::ranges::find(kWords, lower) != kWords.end();
}

// Begins with a digit, after a sign or none.
bool is_numeric(std::string_view text, std::string_view others) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && is_digit(text.front()) && text.size() <= kMaxNumber &&
         std::ranges::all_of(
             text, [others](char c) { return is_digit(c) || others.find(c) != std::string_view::npos; });
}

bool is_digest(std::string_view text) {
  constexpr std::string_view kAlgorithm = "sha256:";
  return text.starts_with(kAlgorithm) && text.size() == kAlgorithm.size() + 64 &&
         text.find_first_not_of("0123456789abcdef", kAlgorithm.size()) == std::string_view::npos;
}

// "user:password@host" is none; a digest of an image and the user of a context may stand there.
bool is_name(std::string_view text) {
  const std::string_view before = text.substr(0, text.find('@'));
  const bool login = before.size() < text.size() && before.find(':') != std::string_view::npos &&
                     !is_digest(text.substr(before.size() + 1));
  return made_of(text, "._:*/-@#+", kMaxName) && !login && !looks_secret(text);
}

bool is_address(std::string_view text) {
  return made_of(text, "._:[]/-", kMaxName) && !looks_secret(text);
}

// No part of it, between slashes, may be a secret: an address may be its own key.
bool has_secret_part(std::string_view text) {
  while (!text.empty()) {
    if (looks_secret(take(text, '/'))) return true;
  }
  return false;
}

// An absolute path may hold any letters; a relative one is told from a word by a dot or slash.
bool is_path(std::string_view text) {
  if (text == "-") return true;
  const bool refused = std::ranges::any_of(text, [](char c) {
    return (c >= '\0' && c <= ' ') || c == '\x7f' ||
           std::string_view(";\"'?&").find(c) != std::string_view::npos;
  });
  if (refused || text.size() > kMaxPath || text.find("://") != std::string_view::npos) return false;
  if (text.starts_with('/')) return !has_secret_part(text);
  return made_of(text, "._/-@:+", kMaxPath) && text.find_first_of("./") != std::string_view::npos &&
         !looks_secret(text);
}

bool is_url(std::string_view text) {
  if (const std::size_t equals = text.find('='); equals != std::string_view::npos) {
    if (!is_name(text.substr(0, equals))) return false;
    text.remove_prefix(equals + 1);
  }
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos) return is_address(text) || is_path(text);
  if (!made_of(text.substr(0, end), "+", kMaxName) || looks_secret(text)) return false;
  const std::string_view rest = text.substr(end + 3);
  return rest.empty() || (made_of(rest, "._:[]/-%~", kMaxUrl) && !has_secret_part(rest));
}

bool is_switch(std::string_view text) {
  const std::size_t equals = text.find('=');
  return equals != std::string_view::npos && made_of(text.substr(0, equals), "._:/-", kMaxName) &&
         is_boolean(text.substr(equals + 1));
}

bool is_amount(std::string_view text) {
  if (const std::size_t sign = text.find_first_of("=<"); sign != std::string_view::npos) {
    if (!made_of(text.substr(0, sign), "._-/*", kMaxName)) return false;
    text.remove_prefix(sign + 1);
  }
  return is_boolean(text) || (text.size() <= 16 && made_of(text, ".%-", kMaxNumber) &&
                              (is_digit(text.front()) || text.front() == '-'));
}

bool item_may_travel(ValueType type, std::string_view item) {
  switch (type) {
    case ValueType::kNames:
      return is_name(item);
    case ValueType::kAddresses:
      return is_address(item);
    case ValueType::kUrls:
      return is_url(item);
    case ValueType::kPaths:
      return is_path(item);
    case ValueType::kSwitches:
      return is_switch(item) || is_boolean(item);
    case ValueType::kAmounts:
      return is_amount(item);
    default:
      return false;
  }
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<ValueType> published_flag(std::string_view component, std::string_view flag) {
  std::string name(flag);
  std::ranges::replace(name, '_', '-');
  for (const List* list = find_list(component); list; list = find_list(list->like)) {
    if (const auto found = list->flags.find(name); found != list->flags.end()) return found->second;
  }
  return std::nullopt;
}

std::optional<ValueType> published_field(std::string_view list_name, const std::vector<std::string>& keys) {
  const List* list = find_list(list_name);
  if (!list) return std::nullopt;
  std::string place;
  for (const std::string& key : keys) {
    if (!place.empty()) place += '.';
    place += key;
  }
  if (const auto found = list->fields.find(place); found != list->fields.end()) {
    // A key with a dot in it is not two keys.
    if (static_cast<std::size_t>(std::ranges::count(place, '.')) + 1 == keys.size()) return found->second;
  }
  for (const auto& [pattern, type] : list->patterns) {
    if (matches(pattern, keys)) return type;
  }
  return std::nullopt;
}

bool may_travel(ValueType type, std::string_view value) {
  value = trimmed(value);
  if (value.empty()) return true;
  if (value.size() > kMaxValue) return false;
  switch (type) {
    case ValueType::kBoolean:
      return is_boolean(value);
    case ValueType::kInteger:
      return is_numeric(value, "abcdefxoABCDEFXO_");
    case ValueType::kNumber:
      return is_numeric(value, ".eE+-");
    case ValueType::kDuration:
      return is_numeric(value, ".hmsun\xc2\xb5");
    case ValueType::kText:
      return false;
    default:
      break;
  }
  while (!value.empty()) {
    std::string_view item = trimmed(take(value, ','));
    // A list is read as CSV, where an item may stand in quotes.
    if (item.size() >= 2 && item.starts_with('"') && item.ends_with('"'))
      item = item.substr(1, item.size() - 2);
    if (!item.empty() && !item_may_travel(type, item)) return false;
  }
  return true;
}

}  // namespace baseline::facts
