// Profiles as users write them: the first document is a spec, those behind it are profiles that it may
// extend, "1" to "9".
#include "baseline/profile.h"

#include <algorithm>

#include "base/json.h"
#include "base/yaml.h"
#include "baseline/profile_value.h"
#include "baseline/standard_loader.h"
#include "support.h"

namespace {

using namespace baseline;

void require_sentences(const std::vector<Mistake>& mistakes) {
  fuzz::require(!mistakes.empty(), "a refusal names a mistake");
  for (const Mistake& mistake : mistakes) fuzz::require_sentence(mistake);
}

void check_resolved(const ResolvedProfile& profile) {
  fuzz::require(profile.standard != nullptr && profile.hash.size() == 64, "a resolved profile is complete");
  std::vector<std::string> ids;
  for (const SelectedRequirement& selected : profile.requirements) {
    ids.push_back(selected.requirement->id);
    fuzz::require(profile.find(ids.back()) == &selected, "a requirement is found by its id", ids.back());
    fuzz::require(selected.parameters.size() == selected.requirement->parameters.size(),
                  "every parameter has a value", ids.back());
  }
  std::ranges::sort(ids);
  fuzz::require(std::ranges::adjacent_find(ids) == ids.end(), "no requirement is selected twice");
  for (const Exemption& exemption : profile.exemptions) {
    fuzz::require(!exemption.requirements.empty() && !exemption.reason.empty(),
                  "an exemption names what and why");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::YamlLimits limits{.bytes = 64U << 10, .nodes = 5'000, .depth = 32};
  const auto documents = base::parse_yaml_documents(fuzz::text_of(data, size), "profile.yaml", limits);
  if (!documents) return 0;
  std::vector<std::optional<ProfileSpec>> specs;
  for (const base::Value& document : *documents) {
    auto spec = parse_profile_spec(document);
    if (!spec) {
      require_sentences(spec.error());
      specs.emplace_back();
      continue;
    }
    const base::Value written = to_value(*spec);
    const auto again = parse_profile_spec(written);
    fuzz::require(again.has_value(), "a written spec can be read", base::write_json(written));
    fuzz::require(to_value(*again) == written, "it reads back as what it was", base::write_json(written));
    specs.emplace_back(std::move(*spec));
  }
  if (specs.empty() || !specs[0]) return 0;
  const auto parent = [&specs](const std::string& name) -> std::optional<ProfileSpec> {
    const bool is_digit = name.size() == 1 && name[0] >= '0' && name[0] <= '9';
    const std::size_t index = is_digit ? static_cast<std::size_t>(name[0] - '0') : specs.size();
    return index < specs.size() ? specs[index] : std::nullopt;
  };
  const auto standard = [](const std::string& id) { return built_in_standard(id); };
  const auto profile = resolve_profile("input", *specs[0], parent, standard);
  if (!profile) {
    require_sentences(profile.error());
    return 0;
  }
  check_resolved(**profile);
  const auto same = resolve_profile("input", *specs[0], parent, standard);
  fuzz::require(same.has_value() && (*same)->hash == (*profile)->hash, "the same profile has the same hash");
  return 0;
}
