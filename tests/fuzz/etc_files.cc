// Small files of a node: passwd, group, os-release, the package database, units, files of flags.
#include <algorithm>

#include "node-runner/parse_etc.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  const std::string_view text = fuzz::text_of(data, size);
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  const auto ids = runner::parse_ids(text);
  fuzz::require(ids.size() <= lines, "a line is one entry");
  for (const auto& [number, name] : ids) {
    fuzz::require(name.find_first_of(":\n") == std::string::npos, "a name is a field", name);
  }
  fuzz::require(runner::parse_os_release(text).size() <= lines, "a line is one value");
  fuzz::require(runner::parse_dpkg_version(text, "kubelet").size() <= size,
                "a version is a piece of the text");
  std::size_t length = 0;
  for (const auto& word : runner::parse_exec_start(text)) length += word.size();
  for (const auto& word : runner::parse_flag_file(text)) length += word.size();
  // A byte that is no UTF-8 becomes a character of three.
  fuzz::require(length <= 2 * 3 * size, "words are pieces of the text");
  return 0;
}
