#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/value.h"
#include "baseline/model.h"

// A profile says which standard a cluster is held to and how this organisation differs from it (XCCDF: a
// tailoring).
namespace baseline {

// Which objects or nodes an exemption covers; an empty list or selector covers all. Labels match exactly.
struct ExemptionScope {
  std::vector<std::string> namespaces{};  // names; a trailing * is a prefix
  std::vector<std::string> names{};       // workload or object names; a trailing * is a prefix
  std::vector<std::string> kinds{};       // top owner kinds
  std::vector<std::string> containers{};
  std::map<std::string, std::string> labels{};         // of the workload
  std::map<std::string, std::string> node_selector{};  // of the node
};

struct Exemption {
  std::vector<std::string> requirements;  // ids, or prefixes such as "5.6"
  ExemptionScope scope;
  std::string reason, owner;
  std::optional<base::Time> expires;  // valid before this moment
};

// A person's answer to a requirement that only a person can answer.
struct Attestation {
  std::string requirement;
  bool pass = false;
  std::string evidence, by;
  std::optional<base::Time> expires;
};

// One of the organisation's own requirements, beside those of the standard.
struct CustomRequirement {
  base::Value source;  // as it was written
  std::shared_ptr<const Requirement> requirement;
};

// What stands in spec, typed. Lines are those of the document it was read from.
struct ProfileSpec {
  std::string standard;
  std::optional<Language> language;
  std::string extends;                        // name of another profile; empty: none
  std::vector<std::string> include, exclude;  // ids, prefixes, "level: mandatory" as "level:mandatory"
  std::map<std::string, std::map<std::string, base::Value>> parameters;  // requirement -> parameter -> value
  std::map<std::string, Level> level_overrides;                          // requirement -> level
  std::vector<Exemption> exemptions;
  std::vector<Attestation> attestations;
  std::vector<CustomRequirement> custom;
};

// Reads a profile's spec (the value below "spec"). Every mistake in shape is named by its path.
std::expected<ProfileSpec, std::vector<Mistake>> parse_profile_spec(const base::Value& spec);

// A requirement as this profile sees it.
struct SelectedRequirement {
  const Requirement* requirement = nullptr;  // owned by ResolvedProfile::standard
  Level level = Level::kMandatory;
  std::map<std::string, base::Value> parameters;  // every parameter of the requirement, defaults filled in
};

// A profile with its chain of `extends` folded in and held against its standard. Immutable, safe to share.
struct ResolvedProfile {
  std::string name;
  std::shared_ptr<const Standard> standard;  // with the profile's own requirements behind its own
  Language language = Language::kEnglish;
  std::vector<SelectedRequirement> requirements;  // in the standard's order, then own ones
  // The parameter system-namespaces for all: in their pods components may run too (process_origin.h).
  // Nothing: the default.
  std::optional<std::vector<std::string>> system_namespaces;
  std::vector<Exemption> exemptions;
  std::vector<Attestation> attestations;
  std::string hash;  // SHA-256 over everything above that can change a result, the standard's hash included

  const SelectedRequirement* find(std::string_view id) const;
};

// Gives the parsed spec of the profile that `extends` names, or nothing when there is none.
using ProfileLookup = std::function<std::optional<ProfileSpec>(const std::string& name)>;
using StandardLookup = std::function<std::shared_ptr<const Standard>(const std::string& id)>;

// Folds the chain (child wins over parent; lists of exemptions, attestations and own requirements add up; a
// chain is at most 8 long and has no circle) and checks every id, parameter name and type, level, date and
// selector. All mistakes, not just the first.
std::expected<std::shared_ptr<const ResolvedProfile>, std::vector<Mistake>> resolve_profile(
    const std::string& name, const ProfileSpec& spec, const ProfileLookup& profiles,
    const StandardLookup& standards);

}  // namespace baseline
