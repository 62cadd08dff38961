#include "baseline/config_lookup.h"

#include <algorithm>
#include <charconv>

namespace baseline {
namespace {

// Whether `path` is `place` itself or lies below it; `rest` is what follows.
bool below(std::string_view path, std::string_view place, std::string_view& rest) {
  if (!path.starts_with(place)) return false;
  rest = path.substr(place.size());
  return rest.empty() || rest.front() == '.' || rest.front() == '[';
}

bool is_ancestor_null(const facts::Setting& setting, std::string_view place) {
  std::string_view rest;
  return setting.kind() == facts::Setting::NULL_VALUE && setting.path().size() < place.size() &&
         below(place, setting.path(), rest);
}

}  // namespace

ConfigHit look_up(const std::vector<const facts::ConfigFile*>& files, std::string_view place) {
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    ConfigHit hit;
    for (const facts::Setting& setting : (*file)->settings()) {
      std::string_view rest;
      if (is_ancestor_null(setting, place)) return {};
      if (!below(setting.path(), place, rest)) continue;
      hit.file = *file;
      const bool item = rest.empty() || (rest.front() == '[' && rest.find(']') == rest.size() - 1);
      const bool scalar = setting.kind() != facts::Setting::NULL_VALUE &&
                          setting.kind() != facts::Setting::EMPTY_MAP &&
                          setting.kind() != facts::Setting::EMPTY_LIST;
      if (item && scalar) hit.values.push_back(setting.value());
      hit.redacted = hit.redacted || setting.redacted();
    }
    if (hit.file) return hit;
  }
  return {};
}

const facts::Setting* setting_at(const facts::ConfigFile& file, std::string_view place) {
  const auto found = std::ranges::find(file.settings(), place,
                                       [](const facts::Setting& s) { return std::string_view(s.path()); });
  return found == file.settings().end() ? nullptr : &*found;
}

bool is_withheld(const facts::ConfigFile& file, std::string_view place) {
  return std::ranges::any_of(file.settings(), [place](const facts::Setting& setting) {
    std::string_view rest;
    return setting.redacted() && below(setting.path(), place, rest);
  });
}

int list_size(const facts::ConfigFile& file, const std::string& place) {
  int size = 0;
  for (const facts::Setting& setting : file.settings()) {
    std::string_view rest;
    if (!below(setting.path(), place, rest) || !rest.starts_with('[')) continue;
    int index = 0;
    if (std::from_chars(rest.data() + 1, rest.data() + rest.size(), index).ec == std::errc()) {
      size = std::max(size, index + 1);
    }
  }
  return size;
}

std::vector<std::string> list_at(const facts::ConfigFile& file, const std::string& place) {
  return look_up({&file}, place).values;
}

std::string first_key(const facts::ConfigFile& file, const std::string& place) {
  for (const facts::Setting& setting : file.settings()) {
    std::string_view rest;
    if (!below(setting.path(), place, rest) || !rest.starts_with('.')) continue;
    rest.remove_prefix(1);
    return std::string(rest.substr(0, rest.find_first_of(".[")));
  }
  return {};
}

}  // namespace baseline
