#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/value.h"

// Which nodes a scan visits: the API's own label selectors and tolerations, with the API's own semantics.
namespace baseline::crds {

using Labels = std::map<std::string, std::string>;

struct LabelRequirement {
  enum class Operator { kIn, kNotIn, kExists, kDoesNotExist };
  std::string key;
  Operator op = Operator::kIn;
  std::vector<std::string> values;
  bool operator==(const LabelRequirement&) const = default;
};

// Everything in it must hold; empty: matches all.
struct LabelSelector {
  Labels match_labels;
  std::vector<LabelRequirement> match_expressions;
  bool operator==(const LabelSelector&) const = default;
};
bool matches(const LabelSelector& selector, const Labels& labels);

struct Taint {
  std::string key, value, effect;
};
struct Toleration {
  std::string key;  // empty with Exists: every key
  std::string op;   // "Equal" or "Exists"; empty means Equal
  std::string value;
  std::string effect;  // empty: every effect
  std::optional<std::int64_t> toleration_seconds;
  bool operator==(const Toleration&) const = default;
};
bool tolerates(const Toleration& toleration, const Taint& taint);
// Whether a pod with these tolerations can run beside the taints: those of effect NoSchedule or NoExecute
// must be tolerated.
bool tolerates_all(const std::vector<Toleration>& tolerations, const std::vector<Taint>& taints);

base::Result<LabelSelector> label_selector_from(const base::Value& value, const std::string& path);
base::Result<std::vector<Toleration>> tolerations_from(const base::Value& list, const std::string& path);
base::Value to_value(const LabelSelector& selector);
base::Value to_value(const std::vector<Toleration>& tolerations);

}  // namespace baseline::crds
