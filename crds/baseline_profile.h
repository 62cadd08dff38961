#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/value.h"
#include "crds/condition.h"
#include "crds/object_meta.h"

namespace baseline::crds {

struct ProfileStatus {
  std::int64_t observed_generation = 0;
  std::string resolved_hash;      // ResolvedProfile::hash; empty while the profile is wrong
  std::int64_t mistakes = 0;      // named in the message of condition Ready
  std::int64_t requirements = 0;  // selected
  std::int64_t exemptions = 0, expired_exemptions = 0;
  std::int64_t attestations = 0, expired_attestations = 0;
  std::vector<Condition> conditions;
  bool operator==(const ProfileStatus&) const = default;
};

// The spec stays as it was written: parse_profile_spec reads it, and names what is wrong in it.
struct BaselineProfile {
  ObjectMeta metadata;
  base::Value spec;
  ProfileStatus status;
  bool operator==(const BaselineProfile&) const = default;
};

// Unknown fields are passed over; a field of the wrong kind is ErrorCode::kInvalid, named by its path. A
// broken status reads as none: it is this program's own to write anew.
base::Result<BaselineProfile> profile_from_value(const base::Value& object);
base::Value to_value(const ProfileStatus& status);
// The whole object, with apiVersion and kind.
base::Value to_value(const BaselineProfile& profile);

}  // namespace baseline::crds
