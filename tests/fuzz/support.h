#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// What the fuzzers share. Each of them holds its parser to a promise, not only to staying alive.
namespace baseline::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Ends the program when a promise is broken; to libFuzzer that is a finding.
inline void require(bool holds, std::string_view promise, std::string_view found = {}) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %.*s: %.*s\n", static_cast<int>(promise.size()), promise.data(),
               static_cast<int>(found.size()), found.data());
  std::abort();
}

// A failure is one sentence that people read, and no dump of the input.
template <typename Error>
void require_sentence(const Error& error) {
  require(!error.message.empty(), "an error says what is wrong");
  require(error.message.size() < 16'384, "an error is a sentence", error.message.substr(0, 200));
}

// Takes a line (without its end) off the front.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace baseline::fuzz
