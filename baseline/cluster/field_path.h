#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace baseline::cluster {

// The way to a field of an object: keys, and [*] for each item of a list or each value of a map.
struct FieldStep {
  std::string key;  // empty: each
  bool operator==(const FieldStep&) const = default;
};
using FieldPath = std::vector<FieldStep>;

// Reads `spec.containers[*].image`, `metadata.labels["app.kubernetes.io/name"]`. The error says what is
// wrong.
std::expected<FieldPath, std::string> parse_field_path(std::string_view text);
std::string to_string(const FieldPath& path);

// What stands at the end of a path in one object.
struct FieldValue {
  std::string path;  // "spec.containers[web].image": items by their name where they have one
  const base::Value* value = nullptr;    // null: the field is not there
  const base::Value* stopped = nullptr;  // the path cannot go on here: this is no map, or no list
  std::string container;                 // the item of containers, initContainers or ephemeralContainers
  std::string item_name, last_key;       // of the last list item on the way; of the path
  std::vector<std::string_view> keys;    // the way that was taken: "" for an item of a list
};

// Of one object and one path; more are of no use to anybody.
inline constexpr std::size_t kMostFieldValues = 10'000;

// Appends one for each branch of the path. False: there are more than kMostFieldValues, and some are left
// out. A list that is empty or not there has no branches. null is the same as not there, as the API reads it.
// The values belong to `object`, the keys to it or to `path`.
bool find_values(const base::Value& object, const FieldPath& path, std::vector<FieldValue>& out);

}  // namespace baseline::cluster
