#include "baseline/requirement_parse.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "baseline/check_parse.h"
#include "baseline/version.h"

namespace baseline {
namespace {

constexpr std::array<std::pair<std::string_view, Parameter::Type>, 5> kParameterTypes{
    {{"integer", Parameter::Type::kInteger},
     {"string", Parameter::Type::kString},
     {"boolean", Parameter::Type::kBoolean},
     {"duration", Parameter::Type::kDuration},
     {"strings", Parameter::Type::kStringList}}};

constexpr std::size_t kMaxId = 64;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Of two different parts of ids. Numbers of any length: without zeros in front, the longer is the greater.
bool part_precedes(std::string_view a, std::string_view b) {
  if (is_number(a) != is_number(b)) return is_number(a);
  if (!is_number(a)) return a < b;
  const std::string_view left = a.substr(std::min(a.find_first_not_of('0'), a.size()));
  const std::string_view right = b.substr(std::min(b.find_first_not_of('0'), b.size()));
  if (left.size() != right.size()) return left.size() < right.size();
  return left == right ? a < b : left < right;
}

bool is_number_id(std::string_view text) {
  return is_requirement_id(text) && text.contains('.') &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

// "acme.1": the first part is a word, so that no standard with numbers has the same.
bool is_prefixed_id(std::string_view text) {
  return is_requirement_id(text) && text.contains('.') && text.front() >= 'a' && text.front() <= 'z';
}

void hold_id(const std::string& id, RowOrigin origin, const base::Value& at, MistakeList& mistakes) {
  const bool number = is_number_id(id);
  const bool prefixed = is_prefixed_id(id);
  if (id.empty()) return;
  if (origin == RowOrigin::kBuiltIn && !number) {
    mistakes.add(at.line(), fmt::format("\"{}\" is no id; numbers with dots were expected, such as 5.1.2.1",
                                        id.substr(0, kMaxId)));
  } else if (origin == RowOrigin::kLoaded && !number && !prefixed) {
    mistakes.add(at.line(),
                 fmt::format("\"{}\" is no id; parts of lower-case letters, digits and dashes with dots "
                             "between them were expected, such as 1.2 or acme.2",
                             id.substr(0, kMaxId)));
  } else if (origin == RowOrigin::kProfile && !prefixed) {
    mistakes.add(at.line(),
                 fmt::format("\"{}\" is no id of an own requirement; it begins with a word of your own, "
                             "such as acme.1, so that it meets none of a standard",
                             id.substr(0, kMaxId)));
  }
}

Parameter parse_parameter(const std::string& name, const base::Value& value, RowOrigin origin,
                          MistakeList& mistakes) {
  MapReader map(value, fmt::format("the parameter \"{}\"", name), mistakes);
  Parameter parameter;
  parameter.name = name;
  const std::string type = map.text("type");
  const auto* known =
      std::ranges::find(kParameterTypes, type, &std::pair<std::string_view, Parameter::Type>::first);
  if (known != kParameterTypes.end()) {
    parameter.type = known->second;
  } else {
    map.mistake(&value, fmt::format("\"{}\" is no type of a parameter; integer, string, boolean, duration or "
                                    "strings was expected",
                                    type));
  }
  if (const base::Value* fallback = map.required("default", "the value when a profile gives none")) {
    parameter.default_value = *fallback;
    if (const auto wrong = type_mistake(parameter.type, *fallback)) {
      map.mistake(fallback, fmt::format("the default of \"{}\" must be {}", name, *wrong));
    }
  }
  parameter.description = read_text(map, "description", origin);
  map.finish();
  return parameter;
}

VersionRange parse_versions(const base::Value& value, MistakeList& mistakes) {
  MapReader map(value, "versions", mistakes);
  VersionRange range{map.optional_text("from"), map.optional_text("below")};
  map.finish();
  for (const std::string* bound : {&range.from, &range.below}) {
    if (!bound->empty() && !is_plain_version(*bound)) {
      map.mistake(&value, fmt::format("\"{}\" is no version; \"1.24\" was expected", *bound));
    }
  }
  const auto from = parse_version(range.from);
  const auto below = parse_version(range.below);
  if (from && below && *from >= *below) map.mistake(&value, "\"from\" must be lower than \"below\"");
  if (range.from.empty() && range.below.empty())
    map.mistake(&value, "\"versions\" needs \"from\" or \"below\"");
  return range;
}

void hold_title(const Localized& title, const base::Value& at, MistakeList& mistakes) {
  for (const std::string* text : {&title.en, &title.zh}) {
    if (text->find('\n') != std::string::npos || text->ends_with('.') || text->ends_with("。")) {
      mistakes.add(at.line(), fmt::format("the title \"{}\" must be one line without a full stop", *text));
    }
  }
}

}  // namespace

Localized read_text(MapReader& map, std::string_view key, RowOrigin origin) {
  const base::Value* value = map.optional(key);
  if (origin == RowOrigin::kBuiltIn || (value && value->is_map())) return map.localized(key);
  const std::string text = map.text(key);
  return {text, text};
}

Requirement parse_requirement(const base::Value& value, const ComponentTables& components,
                              MistakeList& mistakes, RowOrigin origin) {
  const base::Value& named = value["id"];
  MapReader map(value, named.is_string() ? "the requirement " + named.as_string() : "a requirement",
                mistakes);
  Requirement requirement;
  requirement.id = map.text("id");
  hold_id(requirement.id, origin, named, mistakes);
  requirement.section = requirement.id.substr(0, requirement.id.rfind('.'));
  requirement.level = level_from(map.word("level", {"mandatory", "recommended"})).value_or(Level::kMandatory);
  const bool built_in = origin == RowOrigin::kBuiltIn;
  requirement.automated = built_in ? map.boolean("automated") : map.optional_boolean("automated", true);
  requirement.scope = map.word("scope", {"node", "cluster"}) == "cluster" ? Scope::kCluster : Scope::kNode;
  requirement.object = map.text("object");
  if (const base::Value* versions = map.optional("versions")) {
    requirement.versions = parse_versions(*versions, mistakes);
    if (requirement.scope == Scope::kNode && !components.find(requirement.object)) {
      map.mistake(versions, "\"versions\" of a node requirement needs an \"object\" that is a component");
    }
  }
  requirement.title = read_text(map, "title", origin);
  hold_title(requirement.title, value, mistakes);
  requirement.explanation = read_text(map, "explanation", origin);
  requirement.remediation = read_text(map, "remediation", origin);
  if (const base::Value* parameters = map.optional("parameters")) {
    if (!parameters->is_map()) map.mistake(parameters, "\"parameters\" must be a map by name");
    for (const auto& [name, body] : parameters->members()) {
      requirement.parameters.push_back(parse_parameter(name, body, origin, mistakes));
    }
  }
  if (const base::Value* applies = map.optional("applies")) {
    requirement.needs_etcd_members = applies->as_string() == "etcd-multi-member";
    if (!requirement.needs_etcd_members) map.mistake(applies, "\"applies\" knows only etcd-multi-member");
  }
  if (const base::Value* check = map.optional("check")) {
    const CheckScope scope{components, requirement.parameters, requirement.scope, mistakes};
    requirement.check = std::make_shared<const Check>(parse_check(*check, scope));
  } else if (requirement.scope == Scope::kNode) {
    map.mistake(nullptr, fmt::format("{} has the scope node and needs a \"check\"", requirement.id));
  } else if (!built_in) {
    map.mistake(nullptr, fmt::format("{} needs a \"check\" by which it is judged", requirement.id));
  }
  if (const base::Value* objects = map.optional("objects")) {
    if (requirement.scope == Scope::kCluster)
      map.mistake(objects, "\"objects\" is for requirements of scope node");
    const CheckScope scope{components, requirement.parameters, Scope::kCluster, mistakes};
    requirement.objects = std::make_shared<const Check>(parse_check(*objects, scope));
  }
  map.finish();
  return requirement;
}

bool is_requirement_id(std::string_view text) {
  if (text.empty() || text.size() > kMaxId || text.starts_with('.') || text.ends_with('.')) return false;
  return !text.contains("..") &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string_view::npos;
}

bool precedes(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view left = a.substr(0, a.find('.'));
    const std::string_view right = b.substr(0, b.find('.'));
    if (left != right) return part_precedes(left, right);
    a.remove_prefix(std::min(a.size(), left.size() + 1));
    b.remove_prefix(std::min(b.size(), right.size() + 1));
  }
  return a.size() < b.size();
}

}  // namespace baseline
