#pragma once

#include "base/value.h"
#include "baseline/profile.h"

namespace baseline {

// The spec as a document that parse_profile_spec reads back as the same ProfileSpec. What is empty is left
// out.
base::Value to_value(const ProfileSpec& spec);
base::Value to_value(const Exemption& exemption);
base::Value to_value(const Attestation& attestation);

}  // namespace baseline
