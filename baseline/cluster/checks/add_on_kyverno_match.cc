#include <algorithm>
#include <array>
#include <utility>

#include "baseline/cluster/checks/add_on_kyverno.h"
#include "baseline/cluster/checks/label_selector.h"

// Which pods a rule of Kyverno matches. Fields that cannot be followed from here never widen what it covers.
namespace baseline::cluster {
namespace {

constexpr auto kOfUsers = std::to_array<std::string_view>({"subjects", "roles", "clusterRoles"});
constexpr auto kOfFilters = std::to_array<std::string_view>({"resources", "any", "all"});
constexpr auto kOfResources = std::to_array<std::string_view>(
    {"kinds", "name", "names", "namespaces", "annotations", "selector", "namespaceSelector", "operations"});

template <typename Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool has(const base::Value& list, std::string_view word) {
  return std::ranges::any_of(list.items(), [&](const base::Value& one) { return one.as_string() == word; });
}

bool is_given(const base::Value& value) {
  if (value.is_list()) return !value.items().empty();
  if (value.is_map()) return !value.members().empty();
  return value.is_string() ? !value.as_string().empty() : !value.is_null();
}

// "Pod", "v1/Pod", "*/Pod" and what takes every kind. After a dot or a further slash stands a subresource.
bool is_pod(std::string_view kind) {
  for (const std::string_view version : {"v1/", "*/"}) {
    if (kind.starts_with(version)) {
      kind.remove_prefix(version.size());
      break;
    }
  }
  return kind.find_first_of("/.") == std::string_view::npos && kyverno_fits(kind, "Pod");
}

bool may_be_pod(std::string_view kind) {
  while (!kind.empty()) {
    const std::size_t end = kind.find_first_of("/.");
    if (kyverno_fits(kind.substr(0, end), "Pod")) return true;
    kind.remove_prefix(end == std::string_view::npos ? kind.size() : end + 1);
  }
  return false;
}

bool any_kind(const base::Value& kinds, bool (*is)(std::string_view)) {
  return std::ranges::any_of(kinds.items(), [&](const base::Value& one) { return is(one.as_string()); });
}

bool names_all(const base::Value& resources) {
  const base::Value& names = resources["names"];
  const std::string& name = resources["name"].as_string();
  return (name.empty() || is_any(name)) &&
         (names.items().empty() ||
          std::ranges::any_of(names.items(), [](const base::Value& one) { return is_any(one.as_string()); }));
}

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

bool has_wildcards(const base::Value& selector) {
  return std::ranges::any_of(selector["matchLabels"].members(), [](const auto& one) {
    return has_wildcard(one.first) || has_wildcard(one.second.as_string());
  });
}

// The field for which a filter of match leaves out pods of the namespaces that it names.
std::string filter_gap(const base::Value& filter, bool on_updates) {
  for (const auto& [key, value] : filter.members()) {
    if (is_given(value) && !is_one_of(kOfFilters, key)) return key;
  }
  const base::Value& resources = filter["resources"];
  if (!any_kind(resources["kinds"], is_pod)) return "resources.kinds";
  const base::Value& operations = resources["operations"];
  if (is_given(operations) && (!has(operations, "CREATE") || (on_updates && !has(operations, "UPDATE"))))
    return "resources.operations";
  if (!names_all(resources)) return "resources.names";
  if (is_given(resources["annotations"])) return "resources.annotations";
  if (!matches_all(selector_of(resources["selector"]))) return "resources.selector";
  if (has_wildcards(resources["namespaceSelector"])) return "resources.namespaceSelector";
  for (const auto& [key, value] : resources.members()) {
    if (is_given(value) && !is_one_of(kOfResources, key)) return "resources." + key;
  }
  return {};
}

PolicyActs filtered(const ClusterFacts& facts, const base::Value& filter, const std::string& where,
                    bool on_updates) {
  const std::string gap = filter_gap(filter, on_updates);
  if (!gap.empty()) return {where + gap, true, std::nullopt};
  const base::Value& resources = filter["resources"];
  return {"", true,
          kyverno_namespaces(facts, resources["namespaces"], resources["namespaceSelector"], false)};
}

PolicyActs any_of(const ClusterFacts& facts, const base::Value& filters, bool on_updates) {
  PolicyActs out{"match.any", true, std::set<std::string>{}};
  bool acts = false;
  std::string gap;
  for (const base::Value& filter : filters.items()) {
    const PolicyActs one = filtered(facts, filter, "match.any.", on_updates);
    if (gap.empty()) gap = one.gap;
    if (!one.gap.empty()) continue;
    acts = true;
    if (!one.only_in) out.only_in.reset();
    if (out.only_in) out.only_in->insert(one.only_in->begin(), one.only_in->end());
  }
  out.gap = acts ? "" : gap;
  return out;
}

PolicyActs all_of(const ClusterFacts& facts, const base::Value& filters, bool on_updates) {
  PolicyActs out{"", true, std::nullopt};
  for (const base::Value& filter : filters.items()) {
    const PolicyActs one = filtered(facts, filter, "match.all.", on_updates);
    if (!one.gap.empty()) return one;
    out.only_in = both(out.only_in, one.only_in);
  }
  return out;
}

bool of_users(const base::Value& filter) {
  return std::ranges::any_of(kOfUsers, [&](std::string_view key) { return is_given(filter[key]); });
}

// One of the three ways to write a match; Kyverno overlooks what is beside it.
PolicyActs matched(const ClusterFacts& facts, const base::Value& match, bool on_updates) {
  const bool any = is_given(match["any"]), all = is_given(match["all"]);
  const bool bare = is_given(match["resources"]) || of_users(match);
  if (int{any} + int{all} + int{bare} != 1) return {"match", true, std::nullopt};
  if (any) return any_of(facts, match["any"], on_updates);
  return all ? all_of(facts, match["all"], on_updates) : filtered(facts, match, "match.", on_updates);
}

// What a filter of exclude may take out: nothing, pods of some namespaces, or pods anywhere.
struct Taken {
  bool any = false;
  Limits only_in = std::nullopt;
  std::string field;  // the first that says which pods
};

Taken taken_by(const ClusterFacts& facts, const base::Value& filter) {
  const base::Value& resources = filter["resources"];
  const base::Value& kinds = resources["kinds"];
  const base::Value& operations = resources["operations"];
  if (!is_given(resources) && !of_users(filter)) return {};
  if (is_given(kinds) && !any_kind(kinds, may_be_pod)) return {};
  if (is_given(operations) && !has(operations, "CREATE") && !has(operations, "UPDATE")) return {};
  Taken out{true, kyverno_namespaces(facts, resources["namespaces"], resources["namespaceSelector"], true),
            "resources.kinds"};
  for (const auto& [key, value] : resources.members()) {
    if (is_given(value) && key != "kinds") out.field = "resources." + key;
  }
  for (const std::string_view key : kOfUsers) {
    if (is_given(filter[key])) out.field = key;
  }
  return out;
}

void take(PolicyActs& acts, const ClusterFacts& facts, const Taken& taken, const std::string& where) {
  if (!taken.any || !acts.gap.empty()) return;
  if (!taken.only_in) {
    acts.gap = where + taken.field;
  } else if (!taken.only_in->empty()) {
    acts.only_in = without(facts, acts.only_in, *taken.only_in);
  }
}

void exclude(PolicyActs& acts, const ClusterFacts& facts, const base::Value& exclude) {
  for (const base::Value& filter : exclude["any"].items())
    take(acts, facts, taken_by(facts, filter), "exclude.any.");
  take(acts, facts, taken_by(facts, exclude), "exclude.");
  if (!is_given(exclude["all"])) return;
  Taken by_all{true, std::nullopt, ""};
  for (const base::Value& filter : exclude["all"].items()) {
    const Taken one = taken_by(facts, filter);
    by_all.any = by_all.any && one.any;
    by_all.only_in = both(by_all.only_in, one.only_in);
    by_all.field = one.field;
  }
  take(acts, facts, by_all, "exclude.all.");
}

// Kyverno's own rules skip deletions like this.
bool skips_deletions(const base::Value& condition) {
  std::string key = condition["key"].as_string();
  std::erase(key, ' ');
  if (key != "{{request.operation}}" && key != "{{request.operation||'BACKGROUND'}}") return false;
  constexpr auto kNot =
      std::to_array<std::string_view>({"NotEquals", "NotEqual", "NotIn", "AnyNotIn", "AllNotIn"});
  const base::Value& value = condition["value"];
  const auto spares = [](const base::Value& one) {
    return one.as_string() == "DELETE" || one.as_string() == "CONNECT";
  };
  return is_one_of(kNot, condition["operator"].as_string()) &&
         (value.is_string() ? spares(value) : std::ranges::all_of(value.items(), spares));
}

bool narrows(const base::Value& preconditions) {
  if (!is_given(preconditions)) return false;
  const base::Value& all = preconditions.is_map() ? preconditions["all"] : preconditions;
  return is_given(preconditions["any"]) || !std::ranges::all_of(all.items(), skips_deletions);
}

}  // namespace

bool kyverno_fits(std::string_view pattern, std::string_view text) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t at = 0, in_text = 0, star = kNone, resume = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resume = in_text;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[in_text])) {
      ++at;
      ++in_text;
    } else if (star != kNone) {
      at = star + 1;
      in_text = ++resume;
    } else {
      return false;
    }
  }
  return at == pattern.size() || is_any(pattern.substr(at));
}

bool is_any(std::string_view pattern) {
  return !pattern.empty() && pattern.find_first_not_of('*') == std::string_view::npos;
}

Limits kyverno_namespaces(const ClusterFacts& facts, const base::Value& patterns, const base::Value& selector,
                          bool generous) {
  Limits limits;
  if (!patterns.items().empty()) {
    std::set<std::string> names;
    for (const base::Value& one : patterns.items()) {
      std::string pattern = one.as_string();
      // Versions differ in what a question mark and a dot may stand for.
      if (generous) std::ranges::replace_if(pattern, [](char c) { return c == '?' || c == '.'; }, '*');
      for (const Namespace& ns : facts.namespaces) {
        if (kyverno_fits(pattern, ns.metadata.name)) names.insert(ns.metadata.name);
      }
    }
    limits = std::move(names);
  }
  if (has_wildcards(selector)) return generous ? limits : Limits(std::set<std::string>{});
  return both(limits, limits_of(facts, selector));
}

Limits without(const ClusterFacts& facts, const Limits& limits, const std::set<std::string>& taken) {
  std::set<std::string> names;
  for (const Namespace& one : facts.namespaces) {
    const std::string& name = one.metadata.name;
    if ((!limits || limits->contains(name)) && !taken.contains(name)) names.insert(name);
  }
  return names;
}

PolicyActs kyverno_match(const ClusterFacts& facts, const base::Value& rule, bool on_updates) {
  if (narrows(rule["preconditions"])) return {"preconditions", true, std::nullopt};
  if (is_given(rule["celPreconditions"])) return {"celPreconditions", true, std::nullopt};
  PolicyActs acts = matched(facts, rule["match"], on_updates);
  exclude(acts, facts, rule["exclude"]);
  return acts;
}

}  // namespace baseline::cluster
