#pragma once

#include <string>
#include <vector>

#include "base/value.h"
#include "baseline/profile.h"

namespace baseline {

// Exemptions of one profile that cannot all be meant: two for the same requirement in the same scope, which
// leave the reader to guess whose reason, owner and expiry count, and one whose scope holds nothing because
// none of its kinds stands in a namespace. `list` is what the exemptions were read from, `path` where it
// stands. Scopes that merely overlap are no contradiction: exemptions add up.
void reject_contradictions(const base::Value& list, const std::string& path,
                           const std::vector<Exemption>& exemptions, std::vector<Mistake>& mistakes);

}  // namespace baseline
