#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "base/value.h"

namespace baseline::crds {

inline constexpr std::string_view kGroup = "baseline.kxy.io";
inline constexpr std::string_view kVersion = "v1alpha1";
inline constexpr std::string_view kApiVersion = "baseline.kxy.io/v1alpha1";

struct OwnerReference {
  std::string api_version, kind, name, uid;
  bool controller = false, block_owner_deletion = false;
  bool operator==(const OwnerReference&) const = default;
};

// The part of metadata that this product reads or writes. What else stands there is not kept: to change an
// object, patch it, do not write it back.
struct ObjectMeta {
  std::string name;
  std::string uid;
  std::string resource_version;
  std::int64_t generation = 0;
  std::optional<base::Time> creation_timestamp;
  std::optional<base::Time> deletion_timestamp;  // set: the object is on its way out
  std::map<std::string, std::string> labels, annotations;
  std::vector<std::string> finalizers;
  std::vector<OwnerReference> owner_references;

  bool deleting() const { return deletion_timestamp.has_value(); }
  // "" when there is none.
  const std::string& annotation(const std::string& key) const;
  const std::string& label(const std::string& key) const;
  bool operator==(const ObjectMeta&) const = default;
};

// Reads the value below "metadata". A field of the wrong kind is ErrorCode::kInvalid, named by its path.
base::Result<ObjectMeta> object_meta_from(const base::Value& metadata);
// Only what is set: as an object is written.
base::Value to_value(const ObjectMeta& meta);

}  // namespace baseline::crds
