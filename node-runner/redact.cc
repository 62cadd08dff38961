#include "node-runner/redact.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/secret_signs.h"

namespace baseline::runner {
namespace {

using facts::ValueType;

constexpr std::size_t kMaxValue = 8192;
constexpr std::size_t kMaxFlagName = 64;
constexpr std::string_view kPassesOn = "-arg";

// What a bundle is told to be: the first word of its command line.
constexpr auto kSubcommands = std::to_array<std::string_view>(
    {"server", "agent", "kube-apiserver", "apiserver", "kube-controller-manager", "controller-manager",
     "kube-scheduler", "scheduler", "kube-proxy", "proxy", "kubelet", "etcd"});

// "--name" or "-n". What begins with one dash and goes on may be a letter and its value: -pPASSWORD.
bool is_flag_name(std::string_view name, std::size_t dashes) {
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  if (dashes == 1) return name.size() == 1;
  return !name.empty() && name.size() <= kMaxFlagName && small(name.front()) &&
         std::ranges::all_of(name, [small](char c) {
           return small(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
         });
}

bool may_travel(std::optional<ValueType> type, std::string_view value) {
  return value.empty() || (type && facts::may_travel(*type, value));
}

// One flag. Gives the type of the value that the next word holds, if it does.
std::optional<ValueType> redact_flag(std::string_view component, std::string& word) {
  const std::size_t dashes = word.starts_with("--") ? 2 : 1;
  const std::size_t equals = word.find('=');
  const bool has_value = equals != std::string::npos;
  const std::string name = word.substr(dashes, has_value ? equals - dashes : equals);
  const auto type = facts::published_flag(component, name);
  if (!type && !is_flag_name(name, dashes)) {
    word = kRedacted;
    return std::nullopt;
  }
  if (!has_value) return type != ValueType::kBoolean ? type : std::nullopt;
  const std::string value = word.substr(equals + 1);
  std::string safe = value;
  if (name.ends_with(kPassesOn)) {
    safe = redact_passed_on(name, value);
  } else if (!may_travel(type, value)) {
    safe = kRedacted;
  }
  word = word.substr(0, equals + 1) + safe;
  return std::nullopt;
}

}  // namespace

bool is_secret_value(std::string_view value) {
  return value.size() > kMaxValue || base::has_secret_text(value, base::Doubt::kIsSecret);
}

std::string shown(ValueType type, std::string_view text) {
  return std::string(facts::may_travel(type, text) ? text : kRedacted);
}

bool is_shown_path(std::string_view path) {
  return facts::may_travel(ValueType::kPaths, path);
}

std::vector<std::string> redact_words(std::string_view component, std::vector<std::string> words) {
  std::optional<ValueType> awaited;
  bool flags_ended = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string& word = words[i];
    const bool subcommand = i == 1 && std::ranges::find(kSubcommands, word) != kSubcommands.end();
    if (awaited) {
      if (!may_travel(awaited, word)) word = kRedacted;
      awaited.reset();
    } else if (!flags_ended && word.starts_with('-') && word.size() > 1) {
      flags_ended = word == "--";
      if (!flags_ended) awaited = redact_flag(component, word);
    } else if (!subcommand && !word.empty()) {
      word = kRedacted;
    }
  }
  return words;
}

std::string redact_passed_on(std::string_view flag, std::string_view text) {
  const std::string_view component = flag.substr(0, flag.size() - std::min(flag.size(), kPassesOn.size()));
  const std::size_t dashes = std::min(text.find_first_not_of('-'), text.size());
  const std::string_view bare = text.substr(dashes);
  const std::string word = redact_words(component, {"", "--" + std::string(bare)})[1];
  return word == kRedacted ? word : std::string(text.substr(0, dashes)) + word.substr(2);
}

bool is_shown_setting(std::string_view list, const std::vector<std::string>& keys, std::string_view value) {
  return may_travel(facts::published_field(list, keys), value);
}

}  // namespace baseline::runner
