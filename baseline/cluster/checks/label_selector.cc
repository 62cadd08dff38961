#include "baseline/cluster/checks/label_selector.h"

#include <algorithm>

namespace baseline::cluster {
namespace {

bool holds(const LabelSelector::Expression& expression, const Labels& labels) {
  using Operator = LabelSelector::Operator;
  const auto found = labels.find(expression.key);
  const bool there = found != labels.end();
  const bool among = there && expression.values.contains(found->second);
  switch (expression.op) {
    case Operator::kIn:
      return among;
    case Operator::kNotIn:
      return !among;
    case Operator::kExists:
      return there;
    case Operator::kDoesNotExist:
      return !there;
  }
  return false;
}

}  // namespace

bool matches(const LabelSelector& selector, const Labels& labels) {
  if (selector.invalid) return false;
  const auto equal = [&](const auto& wanted) {
    const auto found = labels.find(wanted.first);
    return found != labels.end() && found->second == wanted.second;
  };
  return std::ranges::all_of(selector.match_labels, equal) &&
         std::ranges::all_of(selector.expressions,
                             [&](const auto& expression) { return holds(expression, labels); });
}

bool matches_all(const LabelSelector& selector) {
  return !selector.invalid && selector.match_labels.empty() && selector.expressions.empty();
}

}  // namespace baseline::cluster
