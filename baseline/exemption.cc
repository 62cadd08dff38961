#include "baseline/exemption.h"

#include <algorithm>

namespace baseline {
namespace {

bool is_about_objects(const ExemptionScope& scope) {
  return !scope.namespaces.empty() || !scope.names.empty() || !scope.kinds.empty() ||
         !scope.containers.empty() || !scope.labels.empty();
}

}  // namespace

bool selects_requirement(std::string_view selector, std::string_view requirement_id) {
  if (selector.empty() || !requirement_id.starts_with(selector)) return false;
  return requirement_id.size() == selector.size() || requirement_id[selector.size()] == '.';
}

bool in_force(const Exemption& exemption, base::Time now) {
  return !exemption.expires || now < *exemption.expires;
}

bool in_force(const Attestation& attestation, base::Time now) {
  return !attestation.expires || now < *attestation.expires;
}

bool covers(const Exemption& exemption, std::string_view requirement_id,
            const std::map<std::string, std::string>& node_labels, base::Time now) {
  if (!in_force(exemption, now) || is_about_objects(exemption.scope)) return false;
  const bool selected = std::ranges::any_of(exemption.requirements, [&](const std::string& selector) {
    return selects_requirement(selector, requirement_id);
  });
  if (!selected) return false;
  return std::ranges::all_of(exemption.scope.node_selector, [&](const auto& wanted) {
    const auto it = node_labels.find(wanted.first);
    return it != node_labels.end() && it->second == wanted.second;
  });
}

const Exemption* covering_exemption(const std::vector<Exemption>& exemptions, std::string_view requirement_id,
                                    const std::map<std::string, std::string>& node_labels, base::Time now) {
  const auto it = std::ranges::find_if(
      exemptions, [&](const Exemption& e) { return covers(e, requirement_id, node_labels, now); });
  return it == exemptions.end() ? nullptr : &*it;
}

}  // namespace baseline
