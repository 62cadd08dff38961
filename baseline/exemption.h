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

// An object of the API, or one of its containers, as an exemption's scope sees it.
struct ExemptionTarget {
  std::string_view kind, ns, name, container;                  // of the top owner; container may be empty
  const std::map<std::string, std::string>* labels = nullptr;  // null: not known, so no selector matches
  const std::map<std::string, std::string>* node_labels = nullptr;  // of the node it runs on
};

// Whether the scope takes in the object. An empty scope takes in everything. A part of the scope that is
// about something the object does not have (the container of a Role) does not take it in.
bool covers_object(const ExemptionScope& scope, const ExemptionTarget& object);

}  // namespace baseline
