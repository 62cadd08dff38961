#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Small pieces of text handling that several tables need.
namespace baseline::runner {

template <typename T>
std::optional<T> to_number(std::string_view text, int base = 10) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Takes what stands before the separator (or everything) off the front of `text`.
std::string_view take_until(std::string_view& text, char separator);
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
// Fields between runs of blanks.
std::vector<std::string_view> fields(std::string_view text);
std::string to_lower(std::string_view text);

std::string_view base_name(std::string_view path);
// "/a" for "/a/b", "/" for "/a".
std::string_view parent_path(std::string_view path);
// `path` when absolute, else `path` below `directory`.
std::string join_path(std::string_view directory, std::string_view path);

// The first "1.36.3" in the text that stands at its beginning or after a "v" there; empty when there is none.
std::string_view leading_version(std::string_view text);

}  // namespace baseline::runner
