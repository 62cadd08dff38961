#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "baseline/check_parse.h"
#include "baseline/cluster/kinds.h"
#include "baseline/cluster/withheld_fields.h"

namespace baseline {
namespace {

using Expect = Expectation::Kind;
using cluster::DocumentKind;

constexpr std::array<std::string_view, 3> kQuantifiers{"every", "any", "none"};

bool is_word(std::string_view text, std::string_view more) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || more.contains(c);
  });
}

// Groups without a dot and those of Kubernetes itself: a kind of them that is not served is a mistake.
bool is_add_on(std::string_view group) {
  return group.contains('.') && !group.ends_with(".k8s.io");
}

DocumentKind known_kind(const cluster::KindInfo& info) {
  return {std::string(info.group), std::string(info.versions), std::string(info.name), info.optional};
}

// "pods", "networkpolicies.networking.k8s.io": of the kinds that other requirements look at.
const cluster::KindInfo* by_resource(std::string_view name) {
  for (const cluster::KindInfo& info : cluster::kinds()) {
    if (!info.is_group() && cluster::resource_name(info.kind) == name) return &info;
  }
  return nullptr;
}

std::optional<DocumentKind> read_kind(const std::string& text) {
  if (const cluster::KindInfo* info = by_resource(text)) return known_kind(*info);
  const std::size_t space = text.find(' ');
  if (space == std::string::npos) return std::nullopt;
  const std::string api_version = text.substr(0, space);
  const std::string kind = text.substr(space + 1);
  const std::size_t slash = api_version.find('/');
  DocumentKind read;
  if (slash != std::string::npos) read.group = api_version.substr(0, slash);
  read.versions = slash == std::string::npos ? api_version : api_version.substr(slash + 1);
  read.kind = kind;
  const bool named = slash == std::string::npos || is_word(read.group, ".-");
  if (!named || !is_word(read.versions, "") || !is_word(kind, "") || !(kind[0] >= 'A' && kind[0] <= 'Z')) {
    return std::nullopt;
  }
  read.optional = is_add_on(read.group);
  if (const auto known = cluster::kind_of(api_version, kind)) read.optional = cluster::info(*known).optional;
  return read;
}

void read_kinds(FieldCheck& check, const base::Value& value, const CheckScope& scope) {
  if (!value.is_list() || value.items().empty()) {
    scope.mistake(value, "\"kinds\" of object must be a list of kinds that is not empty");
  }
  for (const base::Value& item : value.items()) {
    const auto kind = item.is_string() ? read_kind(item.as_string()) : std::nullopt;
    if (!kind) {
      scope.mistake(item,
                    fmt::format("\"{}\" is no kind; pods, services or the like was expected, or any kind as "
                                "manifests name it, such as \"apps/v1 Deployment\"",
                                item.scalar_text().substr(0, 128)));
    } else if (kind->id() == "Secret") {
      scope.mistake(item, "Secrets are never read, so no requirement can look at them");
    } else if (std::ranges::find(check.kinds, kind->id(), &DocumentKind::id) != check.kinds.end()) {
      scope.mistake(item, fmt::format("the kind {} stands twice", kind->type()));
    } else {
      check.kinds.push_back(*kind);
    }
  }
}

// A value that may be secret is neither shown nor compared: an answer to each guess would tell it as well.
void hold_withheld(const FieldCheck& check, const cluster::FieldPath& path, const base::Value& at,
                   const CheckScope& scope) {
  if (check.expect.kind == Expect::kSet || check.expect.kind == Expect::kUnset) return;
  for (const DocumentKind& kind : check.kinds) {
    const std::string_view what = cluster::withheld(kind.id(), path);
    if (what.empty()) continue;
    scope.mistake(at, fmt::format("the path \"{}\" leads to {} in {}, which are neither shown nor compared, "
                                  "because they may be secret; a requirement can ask whether they are set or "
                                  "unset",
                                  at.as_string().substr(0, 128), what, kind.type()));
    return;
  }
}

void read_path(FieldCheck& check, std::vector<const base::Value*>& places, const base::Value& value,
               const CheckScope& scope) {
  if (!value.is_string()) {
    scope.mistake(value,
                  fmt::format("a path must be a string such as \"spec.containers[*].image\", but is {}",
                              value.kind_name()));
    return;
  }
  auto path = cluster::parse_field_path(value.as_string());
  if (path) {
    check.paths.push_back(std::move(*path));
    places.push_back(&value);
  } else {
    scope.mistake(value, fmt::format("the path \"{}\" cannot be read: {}", value.as_string().substr(0, 128),
                                     path.error()));
  }
}

bool is_scalar(const base::Value& value) {
  return value.is_bool() || value.is_number() || value.is_string();
}

void hold_expectation(const Expectation& expect, std::string_view key, const base::Value& at,
                      const CheckScope& scope) {
  switch (expect.kind) {
    case Expect::kDuration:
    case Expect::kLoopback:
    case Expect::kFile:
      scope.mistake(
          at, fmt::format("\"{}\" is for settings; a field takes set, unset, equals, not-equals, contains, "
                          "lacks, integer or subset-of",
                          key));
      break;
    case Expect::kEquals:
    case Expect::kNotEquals:
    case Expect::kContains:
    case Expect::kLacks:
      if (expect.value.parameter.empty() && !is_scalar(expect.value.literal)) {
        scope.mistake(at, fmt::format("\"{}\" takes a string, a number, true or false, but this is {}", key,
                                      expect.value.literal.kind_name()));
      }
      break;
    default:
      break;
  }
}

void read_expectation(FieldCheck& check, MapReader& map, const base::Value& at, const CheckScope& scope) {
  int given = 0;
  for (std::size_t i = 0; i < kQuantifiers.size(); ++i) {
    const base::Value* value = map.optional(kQuantifiers[i]);
    if (!value) continue;
    ++given;
    check.quantifier = static_cast<FieldCheck::Quantifier>(i);
    check.expect = parse_expectation(*value, nullptr, scope);
    if (value->members().size() == 1) {
      const auto& [key, body] = value->members().front();
      hold_expectation(check.expect, key, body, scope);
    }
  }
  if (given != 1) scope.mistake(at, "object takes exactly one of every, any and none");
}

}  // namespace

FieldCheck parse_field_check(const base::Value& value, const CheckScope& scope) {
  MapReader map(value, "object", scope.mistakes);
  FieldCheck check;
  if (const base::Value* kinds = map.required("kinds", "a list of kinds, such as [pods]")) {
    read_kinds(check, *kinds, scope);
  }
  const base::Value* path = map.optional("path");
  const base::Value* paths = map.optional("paths");
  if (value.is_map() && (path != nullptr) == (paths != nullptr)) {
    scope.mistake(value, "object takes exactly one of path and paths");
  }
  std::vector<const base::Value*> places;  // of the check's paths
  if (path) read_path(check, places, *path, scope);
  if (paths && (!paths->is_list() || paths->items().empty())) {
    scope.mistake(*paths, "\"paths\" of object must be a list of paths that is not empty");
  }
  if (paths) {
    for (const base::Value& item : paths->items()) read_path(check, places, item, scope);
  }
  read_expectation(check, map, value, scope);
  for (std::size_t i = 0; i < places.size(); ++i) hold_withheld(check, check.paths[i], *places[i], scope);
  const base::Value* when = map.optional("when-absent");
  const std::string word = map.word("when-absent", {"fail", "pass", "not-applicable"}, false);
  if (word == "pass") check.when_absent = FieldCheck::WhenAbsent::kPass;
  if (word == "not-applicable") check.when_absent = FieldCheck::WhenAbsent::kNotApplicable;
  if (when && (check.expect.kind == Expect::kSet || check.expect.kind == Expect::kUnset)) {
    scope.mistake(*when, "\"when-absent\" does not go with set and unset, which judge that themselves");
  }
  map.finish();
  return check;
}

}  // namespace baseline
