#include "kube/selectors.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace baseline::kube::testing {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// At commas that are not inside parentheses.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && depth == 0)) {
      if (const auto part = trim(text.substr(begin, i - begin)); !part.empty()) parts.push_back(part);
      begin = i + 1;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')') {
      --depth;
    }
  }
  return parts;
}

bool in_set(std::string_view set, const base::Value* value) {
  if (value == nullptr || set.size() < 2 || set.front() != '(' || set.back() != ')') return false;
  return std::ranges::any_of(split(set.substr(1, set.size() - 2)),
                             [&](std::string_view item) { return item == value->as_string(); });
}

// One requirement against the value its key has; `find` gives null when the key is missing.
template <typename Find>
bool meets(std::string_view requirement, const Find& find) {
  if (const auto at = requirement.find(" notin "); at != std::string_view::npos) {
    return !in_set(trim(requirement.substr(at + 7)), find(trim(requirement.substr(0, at))));
  }
  if (const auto at = requirement.find(" in "); at != std::string_view::npos) {
    return in_set(trim(requirement.substr(at + 4)), find(trim(requirement.substr(0, at))));
  }
  const auto equals = requirement.find('=');
  if (equals == std::string_view::npos) {
    return requirement.front() == '!' ? find(trim(requirement.substr(1))) == nullptr
                                      : find(requirement) != nullptr;
  }
  std::string_view key = requirement.substr(0, equals);
  std::string_view wanted = requirement.substr(equals + 1);
  const bool negated = key.ends_with('!');
  if (negated) key.remove_suffix(1);
  if (wanted.starts_with('=')) wanted.remove_prefix(1);
  const base::Value* value = find(trim(key));
  return (value != nullptr && value->scalar_text() == trim(wanted)) != negated;
}

}  // namespace

bool matches_labels(std::string_view selector, const base::Value& object) {
  const base::Value& labels = object["metadata"]["labels"];
  return std::ranges::all_of(split(selector), [&](std::string_view requirement) {
    return meets(requirement, [&](std::string_view key) { return labels.find(key); });
  });
}

bool matches_fields(std::string_view selector, const base::Value& object) {
  return std::ranges::all_of(split(selector), [&](std::string_view requirement) {
    // A field that is not set compares as "".
    return meets(requirement, [&](std::string_view path) {
      static const base::Value kUnset("");
      const base::Value& value = object.at(path);
      return value.is_null() ? &kUnset : &value;
    });
  });
}

std::string url_unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ec == std::errc()) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace baseline::kube::testing
