#include "evaluate_support.h"

#include <gtest/gtest.h>

#include "base/yaml.h"
#include "facts_dsl.h"

namespace baseline::test {

std::shared_ptr<ResolvedProfile> whole_profile() {
  auto profile = std::make_shared<ResolvedProfile>();
  profile->name = "test";
  profile->standard = built_in_standard("kxy-cs001-2023");
  if (!profile->standard) return profile;
  for (const Requirement& requirement : profile->standard->requirements) {
    SelectedRequirement selected{&requirement, requirement.level, {}};
    for (const Parameter& parameter : requirement.parameters) {
      selected.parameters[parameter.name] = parameter.default_value;
    }
    profile->requirements.push_back(std::move(selected));
  }
  return profile;
}

std::shared_ptr<ResolvedProfile> profile_of(std::string_view id) {
  auto profile = whole_profile();
  std::erase_if(profile->requirements,
                [&](const SelectedRequirement& selected) { return selected.requirement->id != id; });
  EXPECT_EQ(profile->requirements.size(), 1U) << id;
  return profile;
}

facts::NodeFacts facts_of(std::string_view yaml) {
  const auto document = base::parse_yaml(yaml, "facts");
  EXPECT_TRUE(document) << document.error().text();
  return document ? facts_from(*document) : facts::NodeFacts();
}

NodeResult result_of(std::string_view id, std::string_view yaml, const NodeContext& context) {
  const NodeOutcome outcome = evaluate_node(*profile_of(id), facts_of(yaml), context, {});
  return outcome.results.empty() ? NodeResult{} : outcome.results.front();
}

std::string english(const Phrase& phrase) {
  return render(phrase, Language::kEnglish);
}

std::string describe(const NodeResult& result) {
  std::string out = result.id + " " + std::string(to_string(result.status)) + ": " + english(result.message);
  for (const NodeFinding& finding : result.findings) {
    out += "\n  " + std::string(to_string(finding.status)) + " " + english(finding.subject) + " | " +
           english(finding.expected) + " | " + english(finding.actual);
  }
  return out;
}

}  // namespace baseline::test
