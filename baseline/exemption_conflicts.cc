#include "baseline/exemption_conflicts.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "baseline/cluster/kinds.h"
#include "baseline/text.h"
#include "baseline/value_reader.h"

namespace baseline {
namespace {

using Names = std::set<std::string>;
using Labels = std::map<std::string, std::string>;
// A selector of requirements in a scope; the order of names does not matter.
using Reach = std::tuple<std::string, Names, Names, Names, Names, Labels, Labels>;

Names names_of(const std::vector<std::string>& list) {
  return {list.begin(), list.end()};
}

Reach reach_of(const std::string& selector, const ExemptionScope& scope) {
  return {selector,
          names_of(scope.namespaces),
          names_of(scope.names),
          names_of(scope.kinds),
          names_of(scope.containers),
          scope.labels,
          scope.node_selector};
}

std::string difference(const Exemption& one, const Exemption& other) {
  std::vector<std::string_view> parts;
  if (one.expires != other.expires) parts.emplace_back("expiry");
  if (one.reason != other.reason) parts.emplace_back("reason");
  if (one.owner != other.owner) parts.emplace_back("owner");
  return parts.empty() ? "in the same words" : "with another " + join(parts, " and another ");
}

// An object of the API that has no namespace, whichever of the kinds of this name it is; or an image.
bool stands_in_no_namespace(std::string_view name) {
  if (name == "Image") return true;
  bool known = false;
  for (const cluster::KindInfo& kind : cluster::kinds()) {
    if (kind.name != name) continue;
    if (kind.namespaced) return false;
    known = true;
  }
  return known;
}

}  // namespace

void reject_contradictions(const base::Value& list, const std::string& path,
                           const std::vector<Exemption>& exemptions, std::vector<Mistake>& mistakes) {
  std::map<Reach, std::size_t> first;
  for (std::size_t i = 0; i < exemptions.size(); ++i) {
    const Exemption& one = exemptions[i];
    const ExemptionScope& scope = one.scope;
    const base::Value& source = list.items()[i];
    for (const std::string& selector : names_of(one.requirements)) {
      const auto [it, added] = first.emplace(reach_of(selector, scope), i);
      if (added) continue;
      mistakes.push_back(
          {item_path(path, i) + ".requirements", source["requirements"].line(),
           fmt::format("{} is already exempted in the same scope by {}, {}; keep one of the two.",
                       selector.substr(0, 64), item_path(path, it->second),
                       difference(one, exemptions[it->second]))});
    }
    if (!scope.namespaces.empty() && !scope.kinds.empty() &&
        std::ranges::all_of(scope.kinds, stands_in_no_namespace)) {
      mistakes.push_back(
          {item_path(path, i) + ".namespaces", source["namespaces"].line(),
           fmt::format("No {} stands in a namespace, so this exemption would cover nothing; take namespaces "
                       "out and say by names which are meant.",
                       join(scope.kinds, ", "))});
    }
  }
}

}  // namespace baseline
