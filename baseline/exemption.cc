#include "baseline/exemption.h"

#include <algorithm>

#include "baseline/name_pattern.h"

namespace baseline {
namespace {

bool is_about_objects(const ExemptionScope& scope) {
  return !scope.namespaces.empty() || !scope.names.empty() || !scope.kinds.empty() ||
         !scope.containers.empty() || !scope.labels.empty();
}

// A part of a scope that names nothing takes in everything.
bool takes_in(const std::vector<std::string>& patterns, std::string_view name) {
  return patterns.empty() || matches_any(name, patterns);
}

bool matches_labels(const std::map<std::string, std::string>& wanted,
                    const std::map<std::string, std::string>* found) {
  return std::ranges::all_of(wanted, [&](const auto& label) {
    if (!found) return false;
    const auto it = found->find(label.first);
    return it != found->end() && it->second == label.second;
  });
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
  return matches_labels(exemption.scope.node_selector, &node_labels);
}

const Exemption* covering_exemption(const std::vector<Exemption>& exemptions, std::string_view requirement_id,
                                    const std::map<std::string, std::string>& node_labels, base::Time now) {
  const auto it = std::ranges::find_if(
      exemptions, [&](const Exemption& e) { return covers(e, requirement_id, node_labels, now); });
  return it == exemptions.end() ? nullptr : &*it;
}

bool covers_object(const ExemptionScope& scope, const ExemptionTarget& object) {
  const auto one_of = [](const std::vector<std::string>& names, std::string_view name) {
    return names.empty() || std::ranges::find(names, name) != names.end();
  };
  return takes_in(scope.namespaces, object.ns) && takes_in(scope.names, object.name) &&
         one_of(scope.kinds, object.kind) && takes_in(scope.containers, object.container) &&
         matches_labels(scope.labels, object.labels) &&
         matches_labels(scope.node_selector, object.node_labels);
}

}  // namespace baseline
