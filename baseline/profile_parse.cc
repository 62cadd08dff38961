#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "baseline/exemption_conflicts.h"
#include "baseline/profile.h"
#include "baseline/profile_custom.h"
#include "baseline/requirement_parse.h"
#include "baseline/value_reader.h"

namespace baseline {
namespace {

using base::Value;
using Mistakes = std::vector<Mistake>;

std::string bad_selector(std::string_view text) {
  return fmt::format(
      "\"{}\" is no requirement; an id such as \"5.1.2.3\" or a prefix of whole parts such as \"5.6\" was "
      "expected.",
      text.substr(0, 64));
}

bool check_selector(std::string_view text, const std::string& path, int line, Mistakes& mistakes) {
  if (is_requirement_id(text)) return true;
  mistakes.push_back({path, line, bad_selector(text)});
  return false;
}

// Written without quotes, 5.10 would be read as the number 5.1: another section.
bool reject_number(const Value& item, const std::string& path, Mistakes& mistakes) {
  if (!item.is_number()) return false;
  mistakes.push_back(
      {path, item.line(),
       fmt::format(
           "A string was expected; write it in quotes, \"{}\" for example, because a number loses its last "
           "zeros (5.10 becomes 5.1).",
           item.scalar_text())});
  return true;
}

// "level: mandatory" is a map to YAML, and "level:mandatory" a string: both are meant and accepted.
std::optional<std::string> level_selector(const Value& item) {
  std::string level;
  if (item.is_map() && item.members().size() == 1 && item["level"].is_string()) {
    level = item["level"].as_string();
  } else if (item.is_string() && item.as_string().starts_with("level:")) {
    level = item.as_string().substr(6);
    level.erase(0, std::min(level.find_first_not_of(' '), level.size()));
  } else {
    return std::nullopt;
  }
  return level;
}

std::string bad_level(std::string_view level) {
  return fmt::format("\"{}\" is no level; \"mandatory\" or \"recommended\" was expected.",
                     level.substr(0, 64));
}

std::vector<std::string> read_selectors(ValueReader& reader, std::string_view key, Mistakes& mistakes) {
  std::vector<std::string> selectors;
  const Value* list = reader.list(key);
  if (!list) return selectors;
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    const Value& item = list->items()[i];
    const std::string path = item_path(reader.path(key), i);
    if (reject_number(item, path, mistakes)) continue;
    if (const auto level = level_selector(item)) {
      if (level_from(*level)) {
        selectors.push_back("level:" + *level);
      } else {
        mistakes.push_back({path, item.line(), bad_level(*level)});
      }
    } else if (!item.is_string()) {
      mistakes.push_back(
          {path, item.line(),
           fmt::format("An id, a prefix or \"level: mandatory\" was expected here, but this is {}.",
                       item.kind_name())});
    } else if (check_selector(item.as_string(), path, item.line(), mistakes)) {
      selectors.push_back(item.as_string());
    }
  }
  return selectors;
}

void read_parameters(ValueReader& reader, ProfileSpec& spec, Mistakes& mistakes) {
  const Value* all = reader.map("parameters");
  if (!all) return;
  for (const auto& [requirement, values] : all->members()) {
    const std::string path = child_path(reader.path("parameters"), requirement);
    if (!check_selector(requirement, path, values.line(), mistakes)) continue;
    if (!values.is_map()) {
      mistakes.push_back({path, values.line(),
                          fmt::format("A map of parameter to value was expected here, but this is {}.",
                                      values.kind_name())});
      continue;
    }
    for (const auto& [name, value] : values.members()) spec.parameters[requirement][name] = value;
  }
}

void read_overrides(ValueReader& reader, ProfileSpec& spec, Mistakes& mistakes) {
  const Value* all = reader.map("overrides");
  if (!all) return;
  for (const auto& [requirement, value] : all->members()) {
    const std::string path = child_path(reader.path("overrides"), requirement);
    if (!check_selector(requirement, path, value.line(), mistakes)) continue;
    ValueReader one(value, path, mistakes);
    std::string level;
    if (one.read("level", level)) {
      if (const auto known = level_from(level)) {
        spec.level_overrides[requirement] = *known;
      } else {
        one.mistake("level", bad_level(level));
      }
    }
    one.reject_unknown();
  }
}

// A sentence that must be there: who answers for a deviation, and why, is what makes it one.
void read_required(ValueReader& reader, std::string_view key, std::string& out, std::string_view why) {
  const bool there = reader.any(key) != nullptr;
  if (there && !reader.read(key, out)) return;
  if (out.find_first_not_of(" \t\r\n") == std::string::npos) {
    reader.mistake(key, fmt::format("This is missing: {}.", why));
  }
}

void read_expiry(ValueReader& reader, std::optional<base::Time>& out, std::string_view why) {
  std::string text;
  const bool there = reader.any("expires") != nullptr;
  if (there && !reader.read("expires", text)) return;
  if (!there) {
    reader.mistake("expires", fmt::format("This is missing: {}.", why));
  } else if (const auto time = base::parse_date(text)) {
    out = *time;
  } else {
    reader.mistake(
        "expires",
        fmt::format("\"{}\" is no date; a day such as 2026-12-31 was expected, or a moment such as "
                    "2026-12-31T18:00:00Z.",
                    text.substr(0, 64)));
  }
}

void read_patterns(ValueReader& reader, std::string_view key, std::vector<std::string>& out,
                   Mistakes& mistakes) {
  if (!reader.read(key, out)) return;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t star = out[i].find('*');
    if (!out[i].empty() && (star == std::string::npos || star + 1 == out[i].size())) continue;
    mistakes.push_back(
        {item_path(reader.path(key), i), reader.line(key),
         fmt::format("\"{}\" is no name; a name, or the beginning of one followed by a single *, was "
                     "expected.",
                     out[i].substr(0, 64))});
  }
}

Exemption read_exemption(const Value& value, const std::string& path, Mistakes& mistakes) {
  Exemption exemption;
  ValueReader reader(value, path, mistakes);
  if (!value.is_map() && !value.is_null()) return exemption;
  if (const Value* list = reader.list("requirements")) {
    for (std::size_t i = 0; i < list->items().size(); ++i) {
      const Value& item = list->items()[i];
      const std::string at = item_path(reader.path("requirements"), i);
      if (reject_number(item, at, mistakes)) continue;
      if (check_selector(item.as_string(), at, item.line(), mistakes)) {
        exemption.requirements.push_back(item.as_string());
      }
    }
    if (list->items().empty()) reader.mistake("requirements", "Name at least one requirement or prefix.");
  } else if (!reader.any("requirements")) {
    reader.mistake("requirements", "This is missing: name the requirements or prefixes that are exempted.");
  }
  ExemptionScope& scope = exemption.scope;
  read_patterns(reader, "namespaces", scope.namespaces, mistakes);
  read_patterns(reader, "names", scope.names, mistakes);
  reader.read("kinds", scope.kinds);
  reader.read("containers", scope.containers);
  reader.read("labels", scope.labels);
  reader.read("nodeSelector", scope.node_selector);
  read_required(reader, "reason", exemption.reason, "say why the deviation is accepted; the report shows it");
  read_required(reader, "owner", exemption.owner, "name the person or team that answers for the deviation");
  read_expiry(reader, exemption.expires,
              "give the day from which the exemption no longer counts, such as 2026-12-31");
  reader.reject_unknown();
  return exemption;
}

Attestation read_attestation(const Value& value, const std::string& path, Mistakes& mistakes) {
  Attestation attestation;
  ValueReader reader(value, path, mistakes);
  if (!value.is_map() && !value.is_null()) return attestation;
  const Value* id = reader.any("requirement");
  if (id && reject_number(*id, reader.path("requirement"), mistakes)) {
    // Said already.
  } else if (!id) {
    reader.mistake("requirement", "This is missing: give the id of the requirement that is answered.");
  } else if (reader.read("requirement", attestation.requirement)) {
    check_selector(attestation.requirement, reader.path("requirement"), reader.line("requirement"), mistakes);
  }
  std::string result;
  if (!reader.any("result")) {
    reader.mistake("result", "This is missing: \"Pass\" or \"Fail\" was expected.");
  } else if (reader.read("result", result)) {
    attestation.pass = result == to_string(Status::kPass);
    if (!attestation.pass && result != to_string(Status::kFail)) {
      reader.mistake("result", fmt::format("\"{}\" is no answer; \"Pass\" or \"Fail\" was expected.",
                                           result.substr(0, 64)));
    }
  }
  read_required(reader, "evidence", attestation.evidence, "say what was looked at, and where it is kept");
  read_required(reader, "by", attestation.by, "name the person who looked");
  read_expiry(reader, attestation.expires,
              "give the day from which the answer must be given anew, such as 2026-12-31");
  reader.reject_unknown();
  return attestation;
}

// One answer a requirement: two would leave the reader to guess which counts.
void reject_repeated(const Value& list, const std::string& path, Mistakes& mistakes) {
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    const std::string& id = list.items()[i]["requirement"].as_string();
    const auto [it, added] = first.emplace(id, i);
    if (added || id.empty()) continue;
    mistakes.push_back({item_path(path, i) + ".requirement", list.items()[i]["requirement"].line(),
                        fmt::format("{} is already answered by {}; keep one of the two.", id.substr(0, 64),
                                    item_path(path, it->second))});
  }
}

}  // namespace

std::expected<ProfileSpec, std::vector<Mistake>> parse_profile_spec(const base::Value& spec) {
  ProfileSpec profile;
  Mistakes mistakes;
  ValueReader reader(spec, "spec", mistakes);
  reader.read("standard", profile.standard);
  std::string language;
  if (reader.read("language", language)) {
    if (language == "en" || language == "zh") {
      profile.language = language == "zh" ? Language::kChinese : Language::kEnglish;
    } else {
      reader.mistake("language",
                     fmt::format("\"{}\" is no language known here; \"en\" or \"zh\" was expected.",
                                 language.substr(0, 64)));
    }
  }
  reader.read("extends", profile.extends);
  if (profile.standard.empty() && profile.extends.empty() && mistakes.empty()) {
    reader.mistake("standard",
                   "This is missing: name the standard, such as kxy-cs001-2023, or a profile to extend.");
  }
  if (const Value* selection = reader.map("requirements")) {
    ValueReader selectors(*selection, reader.path("requirements"), mistakes);
    profile.include = read_selectors(selectors, "include", mistakes);
    profile.exclude = read_selectors(selectors, "exclude", mistakes);
    selectors.reject_unknown();
  }
  read_parameters(reader, profile, mistakes);
  read_overrides(reader, profile, mistakes);
  if (const Value* list = reader.list("exemptions")) {
    for (std::size_t i = 0; i < list->items().size(); ++i) {
      profile.exemptions.push_back(
          read_exemption(list->items()[i], item_path(reader.path("exemptions"), i), mistakes));
    }
    reject_contradictions(*list, reader.path("exemptions"), profile.exemptions, mistakes);
  }
  if (const Value* list = reader.list("attestations")) {
    for (std::size_t i = 0; i < list->items().size(); ++i) {
      profile.attestations.push_back(
          read_attestation(list->items()[i], item_path(reader.path("attestations"), i), mistakes));
    }
    reject_repeated(*list, reader.path("attestations"), mistakes);
  }
  if (const Value* list = reader.list("custom")) {
    profile.custom = parse_custom_requirements(*list, reader.path("custom"), mistakes);
  }
  reader.reject_unknown();
  if (!mistakes.empty()) return std::unexpected(std::move(mistakes));
  return profile;
}

}  // namespace baseline
