#include "crds/node_selection.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "baseline/value_reader.h"
#include "baseline/value_writer.h"

namespace baseline::crds {
namespace {

using base::Value;
using Operator = LabelRequirement::Operator;

constexpr std::array<std::pair<Operator, std::string_view>, 4> kOperators{
    {{Operator::kIn, "In"},
     {Operator::kNotIn, "NotIn"},
     {Operator::kExists, "Exists"},
     {Operator::kDoesNotExist, "DoesNotExist"}}};

bool holds(const LabelRequirement& requirement, const Labels& labels) {
  const auto it = labels.find(requirement.key);
  const bool there = it != labels.end();
  const bool listed = there && std::ranges::find(requirement.values, it->second) != requirement.values.end();
  switch (requirement.op) {
    case Operator::kIn:
      return listed;
    case Operator::kNotIn:
      return !listed;
    case Operator::kExists:
      return there;
    case Operator::kDoesNotExist:
      return !there;
  }
  return false;
}

LabelRequirement requirement_from(ValueReader& reader) {
  LabelRequirement requirement;
  reader.read("key", requirement.key);
  reader.read("values", requirement.values);
  std::string name;
  reader.read("operator", name);
  const auto it = std::ranges::find(kOperators, name, &std::pair<Operator, std::string_view>::second);
  if (it == kOperators.end()) {
    reader.mistake("operator",
                   fmt::format("\"{}\" is no operator; In, NotIn, Exists or DoesNotExist was expected.",
                               name.substr(0, 64)));
    return requirement;
  }
  requirement.op = it->first;
  const bool compares = requirement.op == Operator::kIn || requirement.op == Operator::kNotIn;
  if (compares == requirement.values.empty()) {
    reader.mistake("values",
                   fmt::format("Operator {} takes {}.", name, compares ? "at least one value" : "no values"));
  }
  return requirement;
}

Toleration toleration_from(ValueReader& reader) {
  Toleration toleration;
  reader.read("key", toleration.key);
  reader.read("operator", toleration.op);
  reader.read("value", toleration.value);
  reader.read("effect", toleration.effect);
  std::int64_t seconds = 0;
  if (reader.read("tolerationSeconds", seconds)) toleration.toleration_seconds = seconds;
  return toleration;
}

}  // namespace

bool matches(const LabelSelector& selector, const Labels& labels) {
  const auto same = [&](const auto& wanted) {
    const auto it = labels.find(wanted.first);
    return it != labels.end() && it->second == wanted.second;
  };
  return std::ranges::all_of(selector.match_labels, same) &&
         std::ranges::all_of(selector.match_expressions,
                             [&](const LabelRequirement& r) { return holds(r, labels); });
}

bool tolerates(const Toleration& toleration, const Taint& taint) {
  if (!toleration.effect.empty() && toleration.effect != taint.effect) return false;
  if (!toleration.key.empty() && toleration.key != taint.key) return false;
  if (toleration.op == "Exists") return true;
  // Without a key only Exists tolerates anything.
  return !toleration.key.empty() && (toleration.op.empty() || toleration.op == "Equal") &&
         toleration.value == taint.value;
}

bool tolerates_all(const std::vector<Toleration>& tolerations, const std::vector<Taint>& taints) {
  return std::ranges::all_of(taints, [&](const Taint& taint) {
    if (taint.effect != "NoSchedule" && taint.effect != "NoExecute") return true;
    return std::ranges::any_of(tolerations, [&](const Toleration& t) { return tolerates(t, taint); });
  });
}

base::Result<LabelSelector> label_selector_from(const base::Value& value, const std::string& path) {
  LabelSelector selector;
  std::vector<Mistake> mistakes;
  ValueReader reader(value, path, mistakes);
  reader.read("matchLabels", selector.match_labels);
  if (const Value* list = reader.list("matchExpressions")) {
    for (std::size_t i = 0; i < list->items().size(); ++i) {
      ValueReader item(list->items()[i], item_path(reader.path("matchExpressions"), i), mistakes);
      selector.match_expressions.push_back(requirement_from(item));
    }
  }
  if (!mistakes.empty()) return std::unexpected(to_error(mistakes));
  return selector;
}

base::Result<std::vector<Toleration>> tolerations_from(const base::Value& list, const std::string& path) {
  std::vector<Toleration> tolerations;
  std::vector<Mistake> mistakes;
  if (!list.is_list() && !list.is_null()) {
    return base::fail(base::ErrorCode::kInvalid, "A list of tolerations was expected here.", path);
  }
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    ValueReader item(list.items()[i], item_path(path, i), mistakes);
    tolerations.push_back(toleration_from(item));
  }
  if (!mistakes.empty()) return std::unexpected(to_error(mistakes));
  return tolerations;
}

Value to_value(const LabelSelector& selector) {
  Value map = Value::map();
  if (!selector.match_labels.empty()) {
    Value& labels = map.set("matchLabels", Value::map());
    for (const auto& [key, value] : selector.match_labels) labels.set(key, value);
  }
  if (selector.match_expressions.empty()) return map;
  Value& expressions = map.set("matchExpressions", Value::list());
  for (const LabelRequirement& requirement : selector.match_expressions) {
    Value one = Value::map();
    one.set("key", requirement.key);
    one.set(
        "operator",
        std::ranges::find(kOperators, requirement.op, &std::pair<Operator, std::string_view>::first)->second);
    if (!requirement.values.empty()) {
      Value& values = one.set("values", Value::list());
      for (const std::string& text : requirement.values) values.push_back(text);
    }
    expressions.push_back(std::move(one));
  }
  return map;
}

Value to_value(const std::vector<Toleration>& tolerations) {
  Value list = Value::list();
  for (const Toleration& toleration : tolerations) {
    Value map = Value::map();
    set_text(map, "key", toleration.key);
    set_text(map, "operator", toleration.op);
    set_text(map, "value", toleration.value);
    set_text(map, "effect", toleration.effect);
    if (toleration.toleration_seconds) map.set("tolerationSeconds", *toleration.toleration_seconds);
    list.push_back(std::move(map));
  }
  return list;
}

}  // namespace baseline::crds
