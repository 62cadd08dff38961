#include "baseline/requirement_parse.h"

#include <algorithm>
#include <array>
#include <charconv>

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

bool is_id(std::string_view text) {
  return std::ranges::count(text, '.') >= 1 &&
         text.find_first_not_of("0123456789.") == std::string_view::npos &&
         text.find("..") == std::string_view::npos && !text.starts_with('.') && !text.ends_with('.');
}

Parameter parse_parameter(const std::string& name, const base::Value& value, MistakeList& mistakes) {
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
  parameter.description = map.localized("description");
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

Requirement parse_requirement(const base::Value& value, const ComponentTables& components,
                              MistakeList& mistakes) {
  const base::Value& named = value["id"];
  MapReader map(value, named.is_string() ? "the requirement " + named.as_string() : "a requirement",
                mistakes);
  Requirement requirement;
  requirement.id = map.text("id");
  if (!requirement.id.empty() && !is_id(requirement.id)) {
    map.mistake(&named, fmt::format("\"{}\" is no id; numbers with dots were expected, such as 5.1.2.1",
                                    requirement.id));
  }
  requirement.section = requirement.id.substr(0, requirement.id.rfind('.'));
  requirement.level = level_from(map.word("level", {"mandatory", "recommended"})).value_or(Level::kMandatory);
  requirement.automated = map.boolean("automated");
  requirement.scope = map.word("scope", {"node", "cluster"}) == "cluster" ? Scope::kCluster : Scope::kNode;
  requirement.object = map.text("object");
  if (const base::Value* versions = map.optional("versions")) {
    requirement.versions = parse_versions(*versions, mistakes);
    if (requirement.scope == Scope::kNode && !components.find(requirement.object)) {
      map.mistake(versions, "\"versions\" of a node requirement needs an \"object\" that is a component");
    }
  }
  requirement.title = map.localized("title");
  hold_title(requirement.title, value, mistakes);
  requirement.explanation = map.localized("explanation");
  requirement.remediation = map.localized("remediation");
  if (const base::Value* parameters = map.optional("parameters")) {
    if (!parameters->is_map()) map.mistake(parameters, "\"parameters\" must be a map by name");
    for (const auto& [name, body] : parameters->members()) {
      requirement.parameters.push_back(parse_parameter(name, body, mistakes));
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

bool precedes(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    int left = 0;
    int right = 0;
    const char* left_end = std::from_chars(a.data(), a.data() + a.size(), left).ptr;
    const char* right_end = std::from_chars(b.data(), b.data() + b.size(), right).ptr;
    if (left != right) return left < right;
    a.remove_prefix(std::min(a.size(), static_cast<std::size_t>(left_end - a.data()) + 1));
    b.remove_prefix(std::min(b.size(), static_cast<std::size_t>(right_end - b.data()) + 1));
  }
  return a.size() < b.size();
}

}  // namespace baseline
