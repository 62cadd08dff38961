#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/value_reader.h"
#include "profile_support.h"

namespace baseline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ids;
using testing::Profiles;
using testing::resolve;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::texts;

std::vector<std::string> selected(const Profiles& profiles, const std::string& name = "p") {
  const auto profile = resolve(name, profiles);
  if (!profile) return texts(profile.error());
  return ids(**profile);
}

std::vector<std::string> mistakes(const Profiles& profiles, const std::string& name = "p") {
  const auto profile = resolve(name, profiles);
  return profile ? std::vector<std::string>{} : texts(profile.error());
}

TEST(ProfileResolve, AllOfTheStandardWithItsDefaults) {
  const auto profile = resolve("p", {{"p", "standard: small"}});
  ASSERT_TRUE(profile);
  EXPECT_THAT(ids(**profile), ElementsAre("5.1.2.1", "5.1.2.2", "5.4.2.4", "5.6.1.1", "5.60.1.1", "5.7.2.1"));
  EXPECT_EQ((*profile)->language, Language::kEnglish);
  const SelectedRequirement* first = (*profile)->find("5.1.2.1");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->parameters.at("minimum"), base::Value(30));
  EXPECT_EQ(first->parameters.size(), 5U);
  EXPECT_EQ((*profile)->hash.size(), 64U);
  EXPECT_EQ((*profile)->find("5.9"), nullptr);
}

TEST(ProfileResolve, PrefixesTakeWholeParts) {
  EXPECT_THAT(selected({{"p", "standard: small\nrequirements: {include: [\"5.6\"]}"}}),
              ElementsAre("5.6.1.1"));
  EXPECT_THAT(selected({{"p", "standard: small\nrequirements: {include: [\"5.1.2\", \"5.60.1.1\"]}"}}),
              ElementsAre("5.1.2.1", "5.1.2.2", "5.60.1.1"));
}

TEST(ProfileResolve, LevelsAndExcludes) {
  EXPECT_THAT(selected({{"p", "standard: small\nrequirements: {include: [level: recommended]}"}}),
              ElementsAre("5.6.1.1", "5.7.2.1"));
  EXPECT_THAT(selected({{"p", "standard: small\nrequirements: {exclude: [\"5.1\", level: recommended]}"}}),
              ElementsAre("5.4.2.4", "5.60.1.1"));
  // exclude wins within one profile
  EXPECT_THAT(
      selected({{"p", "standard: small\nrequirements: {include: [\"5.1\"], exclude: [\"5.1.2.2\"]}"}}),
      ElementsAre("5.1.2.1"));
  // a level that is overridden counts as overridden
  EXPECT_THAT(selected({{"p",
                         "standard: small\nrequirements: {include: [level: recommended]}\n"
                         "overrides: {5.1.2.1: {level: recommended}, 5.6.1.1: {level: mandatory}}"}}),
              ElementsAre("5.1.2.1", "5.7.2.1"));
}

TEST(ProfileResolve, AChildNarrowsByLevelAndNamesById) {
  const std::string parent = "standard: small\nrequirements: {exclude: [\"5.1.2.2\"]}";
  EXPECT_THAT(
      selected({{"base", parent}, {"p", "extends: base\nrequirements: {include: [level: mandatory]}"}}),
      ElementsAre("5.1.2.1", "5.4.2.4", "5.60.1.1"));
  EXPECT_THAT(selected({{"base", parent},
                        {"p", "extends: base\nrequirements: {include: [level: recommended, \"5.1.2.2\"]}"}}),
              ElementsAre("5.1.2.2", "5.6.1.1", "5.7.2.1"));
}

TEST(ProfileResolve, AChildWinsAndListsAddUp) {
  const Profiles profiles{{"base", R"(
standard: small
language: zh
parameters: {5.1.2.1: {minimum: 60, mode: lax}}
exemptions: [{requirements: ["5.6"], reason: r1, owner: o, expires: 2020-01-01}]
attestations: [{requirement: 5.1.2.2, result: Pass, evidence: old, by: b, expires: 2030-01-01}]
)"},
                          {"p", R"(
extends: base
parameters: {5.1.2.1: {minimum: 90}}
exemptions: [{requirements: ["5.1"], reason: r2, owner: o, expires: 2030-01-01}]
attestations: [{requirement: 5.1.2.2, result: Fail, evidence: new, by: b, expires: 2030-01-01}]
)"}};
  const auto profile = resolve("p", profiles);
  ASSERT_TRUE(profile) << texts(profile.error())[0];
  EXPECT_EQ((*profile)->language, Language::kChinese);
  const auto& parameters = (*profile)->find("5.1.2.1")->parameters;
  EXPECT_EQ(parameters.at("minimum"), base::Value(90));
  EXPECT_EQ(parameters.at("mode"), base::Value("lax"));
  EXPECT_EQ(parameters.at("wait"), base::Value("5m"));
  ASSERT_THAT((*profile)->exemptions, SizeIs(2));  // an expired one is kept; it just does not count
  EXPECT_EQ((*profile)->exemptions[0].reason, "r1");
  ASSERT_THAT((*profile)->attestations, SizeIs(1));
  EXPECT_EQ((*profile)->attestations[0].evidence, "new");
}

TEST(ProfileResolve, SystemNamespacesAreGivenForAllAtOnce) {
  const Profiles profiles{
      {"plain", "standard: small"},
      {"base", "standard: small\nparameters: {all: {system-namespaces: [kube-system, \"platform-*\"]}}"},
      {"child", "extends: base\nparameters: {all: {system-namespaces: [own]}}"}};
  const auto plain = resolve("plain", profiles);
  const auto base = resolve("base", profiles);
  const auto child = resolve("child", profiles);
  ASSERT_TRUE(plain && base && child);
  EXPECT_FALSE((*plain)->system_namespaces);
  EXPECT_EQ((*base)->system_namespaces, (std::vector<std::string>{"kube-system", "platform-*"}));
  EXPECT_EQ((*child)->system_namespaces, std::vector<std::string>{"own"});
  EXPECT_NE((*plain)->hash, (*base)->hash);
  EXPECT_NE((*base)->hash, (*child)->hash);

  EXPECT_THAT(mistakes({{"p", "standard: small\nparameters: {all: {system-namespaces: kube-system}}"}}),
              ElementsAre(AllOf(StartsWith("spec.parameters.all.system-namespaces: "),
                                HasSubstr("list of strings"))));
  EXPECT_THAT(
      mistakes({{"p", "standard: small\nparameters: {all: {minimum: 3}}"}}),
      ElementsAre(AllOf(StartsWith("spec.parameters.all.minimum: "), HasSubstr("Only system-namespaces"))));
}

TEST(ProfileResolve, ChainsHaveAnEnd) {
  EXPECT_THAT(mistakes({{"p", "extends: q"}, {"q", "extends: r"}, {"r", "extends: p"}}),
              ElementsAre(AllOf(StartsWith("spec.extends: "), HasSubstr("p -> q -> r -> p"))));
  EXPECT_THAT(mistakes({{"p", "extends: p"}}), ElementsAre(HasSubstr("p -> p")));
  EXPECT_THAT(mistakes({{"p", "extends: gone"}}),
              ElementsAre(AllOf(StartsWith("spec.extends: "), HasSubstr("\"gone\""))));
  EXPECT_THAT(mistakes({{"p", "extends: q"}, {"q", "extends: gone"}}),
              ElementsAre(HasSubstr("\"gone\", which profile \"q\" extends,")));
  Profiles chain{{"p0", "standard: small"}};
  for (int i = 1; i < 9; ++i) chain["p" + std::to_string(i)] = "extends: p" + std::to_string(i - 1);
  EXPECT_THAT(mistakes(chain, "p7"), ElementsAre());
  EXPECT_THAT(mistakes(chain, "p8"), ElementsAre(HasSubstr("longer than 8")));
}

TEST(ProfileResolve, NamesEveryMistakeByItsPath) {
  const auto found = mistakes({{"p", R"(
standard: small
requirements: {include: ["5.1", "5.9"], exclude: ["5.1.2.9"]}
parameters:
  5.1.2.1: {minimun: 3, minimum: "30", wait: soon, required: "yes", suites: [1], mode: 4}
  5.1.2.2: {a: 1}
  5.1.2.7: {a: 1}
  "5.1.2": {a: 1}
overrides: {5.6.1.2: {level: mandatory}}
exemptions: [{requirements: ["5.8"], reason: r, owner: o, expires: 2030-01-01}]
attestations: [{requirement: "5.6", result: Pass, evidence: e, by: b, expires: 2030-01-01}]
)"}});
  EXPECT_THAT(
      found,
      ::testing::UnorderedElementsAre(
          HasSubstr("spec.requirements.include[1]: \"5.9\" selects no requirement"),
          AllOf(StartsWith("spec.requirements.exclude[0]: "), HasSubstr("did you mean \"5.1.2.1\"?")),
          AllOf(StartsWith("spec.parameters[\"5.1.2.1\"].minimun: "), HasSubstr("did you mean \"minimum\"?")),
          AllOf(StartsWith("spec.parameters[\"5.1.2.1\"].minimum: "), HasSubstr("An integer without quotes"),
                HasSubstr("\"30\"")),
          AllOf(StartsWith("spec.parameters[\"5.1.2.1\"].wait: "), HasSubstr("A duration")),
          AllOf(StartsWith("spec.parameters[\"5.1.2.1\"].required: "), HasSubstr("true or false")),
          AllOf(StartsWith("spec.parameters[\"5.1.2.1\"].suites: "), HasSubstr("A list of strings")),
          AllOf(StartsWith("spec.parameters[\"5.1.2.1\"].mode: "), HasSubstr("A string was expected")),
          AllOf(StartsWith("spec.parameters[\"5.1.2.2\"].a: "), HasSubstr("has no parameters")),
          AllOf(StartsWith("spec.parameters[\"5.1.2.7\"]: "), HasSubstr("did you mean \"5.1.2.1\"?")),
          AllOf(StartsWith("spec.parameters[\"5.1.2\"]: "), HasSubstr("it is a section")),
          StartsWith("spec.overrides[\"5.6.1.2\"]: "),
          StartsWith("spec.exemptions[0].requirements[0]: \"5.8\" selects no requirement"),
          AllOf(StartsWith("spec.attestations[0].requirement: "), HasSubstr("it is a section"))));
}

TEST(ProfileResolve, MistakesOfAParentAreToldAtExtends) {
  EXPECT_THAT(mistakes({{"p", "extends: q"}, {"q", "standard: small\nrequirements: {exclude: [\"9\"]}"}}),
              ElementsAre(StartsWith("spec.extends: In profile \"q\", spec.requirements.exclude[0]: \"9\"")));
}

TEST(ProfileResolve, StandardsMustBeKnownAndTheSame) {
  EXPECT_THAT(mistakes({{"p", "standard: other"}}),
              ElementsAre(StartsWith("spec.standard: There is no standard \"other\"")));
  EXPECT_THAT(mistakes({{"p", "extends: q\nstandard: other"}, {"q", "standard: small"}}),
              ElementsAre(AllOf(StartsWith("spec.standard: "), HasSubstr("\"small\""))));
  EXPECT_THAT(mistakes({{"p", "extends: q\nstandard: small"}, {"q", "standard: small"}}), ElementsAre());
}

TEST(ProfileResolve, NothingSelectedIsAMistake) {
  EXPECT_THAT(mistakes({{"p", "standard: small\nrequirements: {exclude: [\"5\"]}"}}),
              ElementsAre(StartsWith("spec.requirements: This profile selects no requirement")));
}

TEST(ProfileResolve, HashChangesWithWhatCanChangeAResultAndOnlyThen) {
  const auto hash = [](const std::string& yaml, const std::string& name = "p") {
    const auto profile = resolve(name, {{name, yaml}, {"base", "standard: small"}});
    return profile ? (*profile)->hash : texts(profile.error())[0];
  };
  const std::string plain = hash("standard: small");
  EXPECT_EQ(plain, hash("standard: small\nlanguage: en"));
  EXPECT_EQ(plain, hash("extends: base"));
  EXPECT_EQ(plain, hash("standard: small", "q"));
  EXPECT_EQ(plain, hash("standard: small\nparameters: {5.1.2.1: {minimum: 30}}"));
  EXPECT_NE(plain, hash("standard: small\nlanguage: zh"));
  EXPECT_NE(plain, hash("standard: small\nparameters: {5.1.2.1: {minimum: 31}}"));
  EXPECT_NE(plain, hash("standard: small\noverrides: {5.1.2.1: {level: recommended}}"));
  EXPECT_NE(plain, hash("standard: small\nrequirements: {exclude: [\"5.60\"]}"));
  const std::string exempted =
      "standard: small\nexemptions: [{requirements: [\"5.6\"], reason: r, owner: o, expires: ";
  EXPECT_NE(plain, hash(exempted + "2030-01-01}]"));
  EXPECT_NE(hash(exempted + "2030-01-02}]"), hash(exempted + "2030-01-01}]"));
}

TEST(ProfileResolve, LinesAreFoundAgainByPath) {
  const auto document =
      base::parse_yaml(
          "kind: BaselineProfile\nspec:\n  standard: small\n  parameters:\n    5.1.2.1:\n      minimum: x\n"
          "  exemptions:\n    - reason: r\n      requirements:\n        - \"5.9\"\n",
          "p.yaml")
          .value();
  EXPECT_EQ(line_at(document, "spec.standard"), 3);
  EXPECT_EQ(line_at(document, "spec.parameters[\"5.1.2.1\"].minimum"), 6);
  EXPECT_EQ(line_at(document, "spec.exemptions[0].requirements[0]"), 10);
  // What is not there is at what is nearest above it.
  EXPECT_EQ(line_at(document, "spec.exemptions[0].owner"), 8);
  EXPECT_EQ(line_at(document, "spec.parameters[\"5.1.2.1\"].minimum.more"), 6);
  EXPECT_EQ(line_at(document, "nowhere"), 1);
}

}  // namespace
}  // namespace baseline
