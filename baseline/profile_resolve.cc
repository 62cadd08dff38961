#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json.h"
#include "baseline/exemption.h"
#include "baseline/profile.h"
#include "baseline/profile_custom.h"
#include "baseline/profile_parameters.h"
#include "baseline/profile_value.h"
#include "baseline/value_reader.h"

namespace baseline {
namespace {

using base::Value;
using Mistakes = std::vector<Mistake>;

constexpr std::size_t kMaxChain = 8;
constexpr std::string_view kLevelPrefix = "level:";

// One profile of the chain. Mistakes of a parent are told at the child's `extends`, which is where its owner
// can see them.
struct Link {
  std::string name;
  ProfileSpec spec;
};

std::string chain_text(const std::vector<Link>& chain, const std::string& last) {
  std::string text;
  for (const Link& link : chain) text += link.name + " -> ";
  return text + last;
}

// The chain from the profile itself up to its root.
std::vector<Link> follow(const std::string& name, const ProfileSpec& spec, const ProfileLookup& profiles,
                         Mistakes& mistakes) {
  std::vector<Link> chain{{name, spec}};
  while (!chain.back().spec.extends.empty()) {
    const std::string parent = chain.back().spec.extends;
    if (std::ranges::find(chain, parent, &Link::name) != chain.end()) {
      mistakes.push_back(
          {"spec.extends", 0,
           fmt::format("The profiles extend each other in a circle ({}); one of them must stand alone.",
                       chain_text(chain, parent))});
      break;
    }
    if (chain.size() == kMaxChain) {
      mistakes.push_back(
          {"spec.extends", 0,
           fmt::format("The chain of profiles is longer than {} ({}); fold some of them together.", kMaxChain,
                       chain_text(chain, parent))});
      break;
    }
    auto found = profiles ? profiles(parent) : std::nullopt;
    if (!found) {
      const std::string by =
          chain.size() > 1 ? fmt::format(", which profile \"{}\" extends,", chain.back().name) : "";
      mistakes.push_back(
          {"spec.extends", 0,
           fmt::format("Profile \"{}\"{} does not exist or has mistakes of its own; create it or mend it.",
                       parent, by)});
      break;
    }
    chain.push_back({parent, std::move(*found)});
  }
  return chain;
}

class Resolver {
 public:
  Resolver(std::vector<Link> chain, Mistakes& mistakes) : chain_(std::move(chain)), mistakes_(mistakes) {
    std::ranges::reverse(chain_);  // from here on the root first
  }

  std::shared_ptr<const ResolvedProfile> resolve(const StandardLookup& standards) {
    auto profile = std::make_shared<ResolvedProfile>();
    profile->name = chain_.back().name;
    standard_ = find_standard(standards);
    if (!standard_) return nullptr;
    add_custom();
    for (const Requirement& requirement : standard_->requirements) ids_.push_back(requirement.id);
    profile->standard = standard_;
    for (const Link& link : chain_) {
      if (link.spec.language) profile->language = *link.spec.language;
      check(link);
    }
    select(*profile);
    set_system_namespaces(*profile);
    add_exemptions_and_attestations(*profile);
    if (profile->requirements.empty()) {
      mistake(chain_.back(), "spec.requirements",
              "This profile selects no requirement; widen include or narrow exclude.");
    }
    return profile;
  }

  const std::vector<CustomRequirement>& custom() const { return custom_; }

 private:
  void mistake(const Link& link, const std::string& path, std::string message) {
    if (&link == &chain_.back()) {
      mistakes_.push_back({path, 0, std::move(message)});
    } else {
      mistakes_.push_back(
          {"spec.extends", 0, fmt::format("In profile \"{}\", {}: {}", link.name, path, message)});
    }
  }

  std::shared_ptr<const Standard> find_standard(const StandardLookup& standards) {
    const Link* named = nullptr;
    for (const Link& link : chain_) {
      if (link.spec.standard.empty()) continue;
      if (named && named->spec.standard != link.spec.standard) {
        mistake(link, "spec.standard",
                fmt::format(
                    "\"{}\" is not the standard of profile \"{}\", which this one extends (\"{}\"); take the "
                    "field out or extend another profile.",
                    link.spec.standard, named->name, named->spec.standard));
        return nullptr;
      }
      named = &link;
    }
    if (!named) {
      mistake(chain_.back(), "spec.standard",
              "Neither this profile nor one that it extends names a standard, such as kxy-cs001-2023.");
      return nullptr;
    }
    auto standard = standards ? standards(named->spec.standard) : nullptr;
    if (!standard) {
      mistake(
          *named, "spec.standard",
          fmt::format("There is no standard \"{}\" in this version or below --standards; kxy-cs001-2023 is "
                      "the usual one.",
                      named->spec.standard.substr(0, 64)));
    }
    return standard;
  }

  // Own requirements of the whole chain; a child's takes the place of its parent's of the same id.
  void add_custom() {
    std::vector<CustomRequirement> all;
    for (const Link& link : chain_) {
      for (std::size_t i = 0; i < link.spec.custom.size(); ++i) {
        const CustomRequirement& one = link.spec.custom[i];
        const std::string& id = one.requirement->id;
        if (standard_->find(id)) {
          mistake(link, item_path("spec.custom", i) + ".id",
                  fmt::format("Standard {} has a requirement {} of its own; give this one another id.",
                              standard_->id, id));
          continue;
        }
        const auto parents = std::ranges::find_if(
            all, [&](const CustomRequirement& other) { return other.requirement->id == id; });
        if (parents == all.end()) {
          all.push_back(one);
        } else {
          *parents = one;
        }
      }
    }
    if (!all.empty()) standard_ = with_custom(*standard_, all);
    custom_ = std::move(all);
  }

  // Returns null and tells of it when the standard has no such requirement.
  const Requirement* known(const Link& link, const std::string& path, const std::string& id) {
    const Requirement* requirement = standard_->find(id);
    if (requirement) return requirement;
    const std::string near = nearest(id, ids_);
    const bool prefix =
        std::ranges::any_of(ids_, [&](const auto& full) { return selects_requirement(id, full); });
    std::string hint;
    if (prefix) {
      hint = "; it is a section, and a single requirement was expected";
    } else if (!near.empty()) {
      hint = fmt::format("; did you mean \"{}\"?", near);
    }
    mistake(link, path,
            fmt::format("Standard {} has no requirement \"{}\"{}{}", standard_->id, id, hint,
                        hint.ends_with('?') ? "" : "."));
    return nullptr;
  }

  void check_selectors(const Link& link, const std::string& path, const std::vector<std::string>& selectors) {
    for (std::size_t i = 0; i < selectors.size(); ++i) {
      const std::string& selector = selectors[i];
      if (selector.starts_with(kLevelPrefix)) continue;
      if (std::ranges::any_of(ids_, [&](const auto& id) { return selects_requirement(selector, id); }))
        continue;
      const std::string near = nearest(selector, ids_);
      mistake(link, item_path(path, i),
              fmt::format("\"{}\" selects no requirement of standard {}{}", selector, standard_->id,
                          near.empty() ? "." : fmt::format("; did you mean \"{}\"?", near)));
    }
  }

  void check_parameters(const Link& link) {
    for (const auto& [id, values] : link.spec.parameters) {
      const std::string path = child_path("spec.parameters", id);
      const bool all = id == kAllRequirements;
      const Requirement* requirement = all ? nullptr : known(link, path, id);
      if (!all && !requirement) continue;
      for (const auto& [name, value] : values) {
        std::string wrong = all ? wrong_for_all(name, value) : wrong_parameter(*requirement, name, value);
        if (!wrong.empty()) mistake(link, child_path(path, name), std::move(wrong));
      }
    }
  }

  void check(const Link& link) {
    const ProfileSpec& spec = link.spec;
    check_selectors(link, "spec.requirements.include", spec.include);
    check_selectors(link, "spec.requirements.exclude", spec.exclude);
    check_parameters(link);
    for (const auto& [id, level] : spec.level_overrides) known(link, child_path("spec.overrides", id), id);
    for (std::size_t i = 0; i < spec.exemptions.size(); ++i) {
      check_selectors(link, item_path("spec.exemptions", i) + ".requirements",
                      spec.exemptions[i].requirements);
    }
    for (std::size_t i = 0; i < spec.attestations.size(); ++i) {
      known(link, item_path("spec.attestations", i) + ".requirement", spec.attestations[i].requirement);
    }
  }

  void set_system_namespaces(ResolvedProfile& profile) const {
    for (const Link& link : chain_) {
      const Value* given = system_namespaces_of(link.spec);
      if (!given) continue;
      profile.system_namespaces.emplace();
      for (const Value& one : given->items()) profile.system_namespaces->push_back(one.as_string());
    }
  }

  static bool by_id(const std::vector<std::string>& selectors, const std::string& id) {
    return std::ranges::any_of(selectors, [&](const auto& s) { return selects_requirement(s, id); });
  }

  static bool by_level(const std::vector<std::string>& selectors, Level level) {
    const std::string wanted = std::string(kLevelPrefix) + std::string(to_string(level));
    return std::ranges::find(selectors, wanted) != selectors.end();
  }

  // Each profile of the chain narrows what its parent selects by level, names what it wants by id, and leaves
  // out what it excludes.
  void select(ResolvedProfile& profile) const {
    for (const Requirement& requirement : standard_->requirements) {
      SelectedRequirement selected{&requirement, requirement.level, {}};
      for (const Parameter& parameter : requirement.parameters) {
        selected.parameters[parameter.name] = parameter.default_value;
      }
      bool in = true;
      for (const Link& link : chain_) {
        const ProfileSpec& spec = link.spec;
        if (const auto it = spec.level_overrides.find(requirement.id); it != spec.level_overrides.end()) {
          selected.level = it->second;
        }
        if (const Value* all = system_namespaces_of(spec); all && requirement.parameter(kSystemNamespaces))
          selected.parameters[kSystemNamespaces] = *all;
        if (const auto it = spec.parameters.find(requirement.id); it != spec.parameters.end()) {
          for (const auto& [name, value] : it->second) selected.parameters[name] = value;
        }
        if (!spec.include.empty()) {
          in = by_id(spec.include, requirement.id) || (in && by_level(spec.include, selected.level));
        }
        if (by_id(spec.exclude, requirement.id) || by_level(spec.exclude, selected.level)) in = false;
      }
      if (in) profile.requirements.push_back(std::move(selected));
    }
  }

  void add_exemptions_and_attestations(ResolvedProfile& profile) const {
    for (const Link& link : chain_) {
      std::ranges::copy(link.spec.exemptions, std::back_inserter(profile.exemptions));
      for (const Attestation& attestation : link.spec.attestations) {
        // A child's answer takes the place of its parent's.
        std::erase_if(profile.attestations,
                      [&](const Attestation& a) { return a.requirement == attestation.requirement; });
        profile.attestations.push_back(attestation);
      }
    }
  }

  std::vector<Link> chain_;
  Mistakes& mistakes_;
  std::shared_ptr<const Standard> standard_;
  std::vector<CustomRequirement> custom_;
  std::vector<std::string> ids_;
};

// With the keys of maps sorted: the API server may give them in another order than a file.
Value in_order(const Value& value) {
  if (value.is_list()) {
    Value list = Value::list();
    for (const Value& item : value.items()) list.push_back(in_order(item));
    return list;
  }
  if (!value.is_map()) return value;
  Value::Map members = value.members();
  std::ranges::sort(members, {}, &Value::Member::first);
  for (auto& [key, member] : members) member = in_order(member);
  return members;
}

std::string hash_of(const ResolvedProfile& profile, const std::vector<CustomRequirement>& custom) {
  Value all = Value::map();
  all.set("standard", profile.standard->id);
  all.set("standardHash", profile.standard->hash);
  all.set("language", profile.language == Language::kChinese ? "zh" : "en");
  Value& requirements = all.set("requirements", Value::list());
  for (const SelectedRequirement& selected : profile.requirements) {
    Value one = Value::map();
    one.set("id", selected.requirement->id);
    one.set("level", to_string(selected.level));
    Value& parameters = one.set("parameters", Value::map());
    for (const auto& [name, value] : selected.parameters) parameters.set(name, value);
    requirements.push_back(std::move(one));
  }
  if (profile.system_namespaces) {
    Value& namespaces = all.set("systemNamespaces", Value::list());
    for (const std::string& one : *profile.system_namespaces) namespaces.push_back(one);
  }
  Value& exemptions = all.set("exemptions", Value::list());
  for (const Exemption& exemption : profile.exemptions) exemptions.push_back(to_value(exemption));
  Value& attestations = all.set("attestations", Value::list());
  for (const Attestation& attestation : profile.attestations) attestations.push_back(to_value(attestation));
  if (!custom.empty()) {
    Value& own = all.set("custom", Value::list());
    for (const CustomRequirement& one : custom) own.push_back(in_order(one.source));
  }
  return base::sha256_hex(base::write_json(all));
}

}  // namespace

const SelectedRequirement* ResolvedProfile::find(std::string_view id) const {
  const auto it = std::ranges::find_if(requirements,
                                       [&](const SelectedRequirement& s) { return s.requirement->id == id; });
  return it == requirements.end() ? nullptr : &*it;
}

std::expected<std::shared_ptr<const ResolvedProfile>, std::vector<Mistake>> resolve_profile(
    const std::string& name, const ProfileSpec& spec, const ProfileLookup& profiles,
    const StandardLookup& standards) {
  Mistakes mistakes;
  std::vector<Link> chain = follow(name, spec, profiles, mistakes);
  if (!mistakes.empty()) return std::unexpected(std::move(mistakes));
  Resolver resolver(std::move(chain), mistakes);
  const auto resolved = resolver.resolve(standards);
  if (!mistakes.empty()) return std::unexpected(std::move(mistakes));
  auto hashed = std::make_shared<ResolvedProfile>(*resolved);
  hashed->hash = hash_of(*hashed, resolver.custom());
  return hashed;
}

}  // namespace baseline
