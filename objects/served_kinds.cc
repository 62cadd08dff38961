#include "objects/served_kinds.h"

#include <algorithm>

namespace baseline::objects {

std::vector<std::string_view> known_versions(const cluster::KindInfo& kind) {
  std::vector<std::string_view> out;
  std::string_view rest = kind.versions;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    out.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

base::Result<ServedKinds> ServedKinds::discover(const kube::Client& client) {
  ServedKinds out(client);
  const auto groups = client.groups();
  if (!groups) return std::unexpected(groups.error());
  for (const kube::ApiGroup& group : *groups) out.versions_[group.name] = group.versions;
  return out;
}

base::Result<bool> ServedKinds::has(const cluster::KindInfo& kind, std::string_view version) {
  std::string api_version = std::string(kind.group) + "/" + std::string(version);
  auto found = resources_.find(api_version);
  if (found == resources_.end()) {
    base::Result<std::set<std::string, std::less<>>> names;
    auto listed = client_->resources(api_version);
    if (listed) {
      names->insert(listed->begin(), listed->end());
    } else {
      names = std::unexpected(std::move(listed).error());
    }
    found = resources_.emplace(std::move(api_version), std::move(names)).first;
  }
  if (!found->second) return std::unexpected(found->second.error());
  return kind.is_group() ? !found->second->empty() : found->second->contains(kind.plural);
}

base::Result<ServedKinds::Answer> ServedKinds::find(const cluster::KindInfo& kind) {
  const std::vector<std::string_view> known = known_versions(kind);
  if (kind.group.empty()) return Answer{known.front(), {}};
  const auto group = versions_.find(kind.group);
  if (group == versions_.end()) return Answer{};
  const auto is_there = [&](std::string_view version) {
    return std::ranges::find(group->second, version) != group->second.end();
  };
  for (const std::string_view version : known) {
    if (!is_there(version)) continue;
    // A group's version has all kinds that it must have.
    const auto served = kind.optional ? has(kind, version) : base::Result<bool>(true);
    if (!served) return std::unexpected(served.error());
    if (*served) return Answer{version, {}};
  }
  Answer answer;
  for (const std::string& version : group->second) {
    if (std::ranges::find(known, version) != known.end()) continue;
    const auto served = has(kind, version);
    if (!served) return std::unexpected(served.error());
    if (*served) answer.other_versions.push_back(version);
  }
  return answer;
}

}  // namespace baseline::objects
