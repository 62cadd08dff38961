#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "base/yaml.h"
#include "baseline/profile.h"

// A small standard and short ways to profiles, for the tests of profiles and reports.
namespace baseline::testing {

inline base::Time at(std::string_view text) {
  return base::parse_date(text).value();
}

inline Requirement requirement(std::string id, Level level, Scope scope, std::string object) {
  Requirement r;
  r.id = std::move(id);
  r.section = r.id.substr(0, r.id.rfind('.'));
  r.level = level;
  r.scope = scope;
  r.object = std::move(object);
  r.title = {"title of " + r.id, r.id + " 的标题"};
  r.remediation = {"mend " + r.id, "整改 " + r.id};
  return r;
}

// 5.1.2.1 (parameters), 5.1.2.2, 5.4.2.4 (peers of etcd), 5.6.1.1 (recommended), 5.60.1.1, 5.7.2.1 (cluster).
inline std::shared_ptr<const Standard> small_standard() {
  auto standard = std::make_shared<Standard>();
  standard->id = "small";
  standard->hash = "0123";
  const auto add = [&](Requirement r) -> Requirement& {
    return standard->requirements.emplace_back(std::move(r));
  };
  Requirement& first = add(requirement("5.1.2.1", Level::kMandatory, Scope::kNode, "kube-apiserver"));
  first.parameters = {{"minimum", Parameter::Type::kInteger, 30, {}},
                      {"mode", Parameter::Type::kString, "strict", {}},
                      {"wait", Parameter::Type::kDuration, "5m", {}},
                      {"required", Parameter::Type::kBoolean, true, {}},
                      {"suites", Parameter::Type::kStringList, base::Value::list(), {}}};
  add(requirement("5.1.2.2", Level::kMandatory, Scope::kNode, "kube-apiserver"));
  add(requirement("5.4.2.4", Level::kMandatory, Scope::kNode, "etcd")).needs_etcd_members = true;
  add(requirement("5.6.1.1", Level::kRecommended, Scope::kNode, "kubelet"));
  add(requirement("5.60.1.1", Level::kMandatory, Scope::kNode, "kubelet"));
  add(requirement("5.7.2.1", Level::kRecommended, Scope::kCluster, "pod"));
  return standard;
}

inline std::expected<ProfileSpec, std::vector<Mistake>> parse(std::string_view yaml) {
  return parse_profile_spec(base::parse_yaml(yaml, "test.yaml").value());
}

inline std::vector<std::string> texts(const std::vector<Mistake>& mistakes) {
  std::vector<std::string> all;
  for (const Mistake& mistake : mistakes) all.push_back(mistake.text());
  return all;
}

// Profiles by name, as the cluster has them.
using Profiles = std::map<std::string, std::string>;

inline std::expected<std::shared_ptr<const ResolvedProfile>, std::vector<Mistake>> resolve(
    const std::string& name, const Profiles& profiles) {
  const ProfileLookup lookup = [&](const std::string& wanted) -> std::optional<ProfileSpec> {
    const auto it = profiles.find(wanted);
    if (it == profiles.end()) return std::nullopt;
    auto spec = parse(it->second);
    if (!spec) return std::nullopt;
    return *spec;
  };
  const StandardLookup standards = [](const std::string& id) {
    return id == "small" ? small_standard() : nullptr;
  };
  return resolve_profile(name, parse(profiles.at(name)).value(), lookup, standards);
}

inline std::vector<std::string> ids(const ResolvedProfile& profile) {
  std::vector<std::string> all;
  for (const SelectedRequirement& selected : profile.requirements) all.push_back(selected.requirement->id);
  return all;
}

}  // namespace baseline::testing
