#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "baseline/profile.h"

// What an exemption or a selector of requirements reaches. Pure.
namespace baseline {

// Whether `selector` (an id or a prefix by whole parts) takes in the requirement: "5.6" takes in "5.6" and
// "5.6.1.1", not "5.60" and not "5.61.1".
bool selects_requirement(std::string_view selector, std::string_view requirement_id);

// Whether the exemption still counts at `now`: valid before `expires`, not from it on.
bool in_force(const Exemption& exemption, base::Time now);
bool in_force(const Attestation& attestation, base::Time now);

// Whether the exemption covers what was found on a node. One whose scope names namespaces, names, kinds,
// containers or labels is about objects of the API and covers nothing on a node. A node selector matches only
// labels that are known: with no labels known it covers nothing.
bool covers(const Exemption& exemption, std::string_view requirement_id,
            const std::map<std::string, std::string>& node_labels, base::Time now);

// The first exemption of the list that covers it, or null.
const Exemption* covering_exemption(const std::vector<Exemption>& exemptions, std::string_view requirement_id,
                                    const std::map<std::string, std::string>& node_labels, base::Time now);

}  // namespace baseline
