#include "node-runner/flags.h"

#include <algorithm>

namespace baseline::runner {

std::vector<Flag> parse_flags(const std::vector<std::string>& argv) {
  std::vector<Flag> out;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    std::string_view word = argv[i];
    if (!word.starts_with('-') || word == "-" || word == "--") continue;
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    Flag flag;
    const std::size_t equals = word.find('=');
    flag.name = word.substr(0, equals);
    std::replace(flag.name.begin(), flag.name.end(), '_', '-');
    if (equals != std::string_view::npos) {
      flag.value = word.substr(equals + 1);
      flag.has_value = true;
    } else if (i + 1 < argv.size() && !argv[i + 1].starts_with('-')) {
      flag.value = argv[++i];
      flag.has_value = true;
    }
    out.push_back(std::move(flag));
  }
  return out;
}

std::optional<std::string> last_value(const std::vector<Flag>& flags, std::string_view name) {
  for (auto it = flags.rbegin(); it != flags.rend(); ++it) {
    if (it->name != name) continue;
    if (!it->has_value || it->value.empty()) return std::nullopt;
    return it->value;
  }
  return std::nullopt;
}

}  // namespace baseline::runner
