#include "baseline/argv.h"

#include <algorithm>
#include <optional>

#include "baseline/facts/published.h"

namespace baseline {
namespace {

std::string flag_name(std::string_view word) {
  std::string name(word);
  std::ranges::replace(name, '_', '-');
  return name;
}

void add(std::vector<FlagUse>& flags, const std::string& name, std::string value) {
  const auto known = std::ranges::find(flags, name, &FlagUse::name);
  if (known != flags.end()) {
    known->values.push_back(std::move(value));
  } else {
    flags.push_back({name, {std::move(value)}});
  }
}

bool is_flag(std::string_view word) {
  return word.size() > 1 && word.starts_with('-');
}

// By the component's table, else by what is published of the flag; nothing when it is not known at all.
std::optional<bool> is_boolean(const Component& component, const std::string& name) {
  if (const SettingSpec* spec = component.setting(name)) return spec->type == SettingType::kBoolean;
  const auto type = facts::published_flag(component.name, name);
  return type ? std::optional(*type == facts::ValueType::kBoolean) : std::nullopt;
}

void add_read(std::vector<FlagUse>& flags, const Component& component, const std::string& name,
              std::string value) {
  if (!component.bundle_argument.empty() && name == component.bundle_argument) {
    std::string_view passed_on = value;
    while (passed_on.starts_with('-')) passed_on.remove_prefix(1);
    const std::size_t equals = passed_on.find('=');
    const bool bare = equals == std::string_view::npos;
    add(flags, flag_name(passed_on.substr(0, equals)),
        bare ? "true" : std::string(passed_on.substr(equals + 1)));
  } else {
    add(flags, name, std::move(value));
  }
}

}  // namespace

std::vector<FlagUse> parse_flags(const std::vector<std::string>& argv, const Component& component) {
  std::vector<FlagUse> flags;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    std::string_view word = argv[i];
    if (word == "--") break;
    if (!is_flag(word)) continue;  // a subcommand, or a word that belongs to nothing
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    const std::size_t equals = word.find('=');
    const std::string name = flag_name(word.substr(0, equals));
    if (equals != std::string_view::npos) {
      add_read(flags, component, name, std::string(word.substr(equals + 1)));
      continue;
    }
    const std::optional<bool> boolean = is_boolean(component, name);
    const bool has_next = i + 1 < argv.size();
    const bool takes_next = has_next && (boolean ? !*boolean : !is_flag(argv[i + 1]) && argv[i + 1] != "--");
    if (takes_next) {
      add_read(flags, component, name, argv[++i]);
    } else {
      add_read(flags, component, name, boolean.value_or(true) ? "true" : "");
    }
  }
  return flags;
}

}  // namespace baseline
