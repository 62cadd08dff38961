#include "baseline/profile_custom.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/profile_value.h"
#include "profile_support.h"

namespace baseline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ids;
using testing::parse;
using testing::Profiles;
using testing::resolve;
using testing::texts;

// An entry of spec.custom in one line; `more` goes on in the same map.
std::string row(const std::string& id, const std::string& more = "") {
  return "  - {id: " + id +
         ", level: mandatory, scope: cluster, object: pod, title: T, explanation: E, remediation: R" + more +
         ", check: {object: {kinds: [pods], path: spec.x, every: {set: true}}}}\n";
}

std::string profile(const std::string& rows, const std::string& rest = "") {
  return "standard: small\n" + rest + "custom:\n" + rows;
}

TEST(ProfileCustom, StandsBehindTheStandardAndCanBeSelected) {
  const auto whole = resolve("p", {{"p", profile(row("acme.10") + row("acme.9"))}});
  ASSERT_TRUE(whole) << texts(whole.error())[0];
  EXPECT_EQ((*whole)->requirements.size(), 8U);
  EXPECT_EQ((*whole)->requirements[6].requirement->id, "acme.10");
  EXPECT_EQ((*whole)->standard->id, "small");
  EXPECT_NE((*whole)->standard->section("acme"), nullptr);
  const Requirement& own = *(*whole)->find("acme.9")->requirement;
  EXPECT_EQ(own.title, (Localized{"T", "T"}));
  EXPECT_TRUE(own.automated);

  const auto only = resolve("p", {{"p", profile(row("acme.1"), "requirements: {include: [acme]}\n")}});
  ASSERT_TRUE(only);
  EXPECT_THAT(ids(**only), ElementsAre("acme.1"));
  const auto without = resolve("p", {{"p", profile(row("acme.1"), "requirements: {exclude: [acme.1]}\n")}});
  ASSERT_TRUE(without);
  EXPECT_EQ((*without)->requirements.size(), 6U);
}

TEST(ProfileCustom, TakesParametersOverridesAndExemptions) {
  const std::string text =
      profile(row("acme.1", ", parameters: {n: {type: integer, default: 1, description: D}}"),
              "parameters: {acme.1: {n: 5}}\noverrides: {acme.1: {level: recommended}}\n"
              "exemptions: [{requirements: [acme.1], reason: r, owner: o, expires: 2030-01-01}]\n"
              "attestations: [{requirement: acme.1, result: Pass, evidence: e, by: b, expires: "
              "2030-01-01}]\n");
  const auto resolved = resolve("p", {{"p", text}});
  ASSERT_TRUE(resolved) << texts(resolved.error())[0];
  EXPECT_EQ((*resolved)->find("acme.1")->parameters.at("n"), base::Value(5));
  EXPECT_EQ((*resolved)->find("acme.1")->level, Level::kRecommended);
  const auto wrong = resolve("p", {{"p", profile(row("acme.1"), "parameters: {acme.1: {n: 5}}\n")}});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(texts(wrong.error())[0], HasSubstr("spec.parameters[\"acme.1\"].n"));
}

TEST(ProfileCustom, AddsUpAlongTheChainAndTheChildWins) {
  const Profiles profiles{
      {"parent", profile(row("acme.1") + row("acme.2"))},
      {"child", "extends: parent\ncustom:\n" + row("acme.2", ", automated: false") + row("acme.3")}};
  const auto child = resolve("child", profiles);
  ASSERT_TRUE(child) << texts(child.error())[0];
  EXPECT_EQ((*child)->requirements.size(), 9U);
  EXPECT_TRUE((*child)->find("acme.1")->requirement->automated);
  EXPECT_FALSE((*child)->find("acme.2")->requirement->automated);
  EXPECT_NE((*child)->find("acme.3"), nullptr);
}

TEST(ProfileCustom, CountsInTheHash) {
  const auto hash = [](const std::string& rows) { return (*resolve("p", {{"p", profile(rows)}}))->hash; };
  EXPECT_NE(hash(row("acme.1")), hash(row("acme.1", ", automated: false")));
  EXPECT_EQ(hash("  - {id: a.1, level: mandatory, scope: cluster, object: pod, title: T, explanation: E, "
                 "remediation: R, "
                 "check: {object: {kinds: [pods], path: x, every: {set: true}}}}\n"),
            hash("  - {scope: cluster, id: a.1, level: mandatory, object: pod, title: T, explanation: E, "
                 "remediation: R, "
                 "check: {object: {path: x, kinds: [pods], every: {set: true}}}}\n"));
}

TEST(ProfileCustom, IsWrittenAsItWasRead) {
  const auto spec = parse(profile(row("acme.1")));
  ASSERT_TRUE(spec);
  const base::Value written = to_value(*spec);
  EXPECT_EQ(to_value(parse_profile_spec(written).value()), written);
  EXPECT_EQ(written["custom"].items().at(0)["id"].as_string(), "acme.1");
}

struct Wrong {
  std::string yaml, path;
  int line;
  std::string words;
};
class ProfileCustomMistake : public ::testing::TestWithParam<Wrong> {};

TEST_P(ProfileCustomMistake, IsNamedByPathAndLine) {
  const auto spec = parse("standard: small\n" + GetParam().yaml);
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error()[0].path, GetParam().path);
  EXPECT_EQ(spec.error()[0].line, GetParam().line);
  EXPECT_THAT(spec.error()[0].message, HasSubstr(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    All, ProfileCustomMistake,
    ::testing::Values(
        Wrong{"custom: 3\n", "spec.custom", 2, "a list was expected"},
        Wrong{"custom: [3]\n", "spec.custom[0]", 2, "must be a map"},
        Wrong{"custom:\n" + row("\"9.1\""), "spec.custom[0].id", 3, "begins with a word of your own"},
        Wrong{"custom:\n" + row("Acme.1"), "spec.custom[0].id", 3, "is no id"},
        Wrong{"custom:\n" + row("acme"), "spec.custom[0].id", 3, "is no id"},
        Wrong{"custom:\n" + row("acme.1") + row("acme.1"), "spec.custom[1].id", 4,
              "already declared by spec.custom[0]"},
        Wrong{"custom:\n" + row("acme.1", ", severity: high"), "spec.custom[0].severity", 3, "is no key"},
        Wrong{"custom:\n" + row("acme.1", ", versions: {below: next}"), "spec.custom[0].versions", 3,
              "is no version"},
        Wrong{
            "custom:\n  - id: acme.1\n    level: mandatory\n    scope: cluster\n    object: pod\n    title: "
            "T\n"
            "    explanation: E\n    remediation: {en: R}\n    check:\n      object:\n        kinds: [pods]\n"
            "        path: x\n        every: {set: true}\n",
            "spec.custom[0].remediation", 9, "lacks \"zh\""},
        Wrong{"custom:\n  - id: acme.1\n    level: mandatory\n    scope: cluster\n    object: pod\n    "
              "title: T\n"
              "    explanation: E\n    remediation: R\n    check:\n      object:\n        kinds: [pods]\n"
              "        path: \"x[0]\"\n        every: {set: true}\n",
              "spec.custom[0].check.object.path", 13, "cannot be read"},
        Wrong{"custom:\n  - {id: acme.1, level: mandatory, scope: cluster, object: pod, title: T, "
              "explanation: E, "
              "remediation: R}\n",
              "spec.custom[0]", 3, "needs a \"check\""},
        Wrong{
            "custom:\n  - {id: acme.1, level: mandatory, scope: node, object: pod, title: T, explanation: E, "
            "remediation: R, check: {object: {}}}\n",
            "spec.custom[0].check.object", 3, "no form of a check for requirements of scope node"}));

TEST(ProfileCustom, AnObjectOfTheApiHasPathsAndNoLines) {
  base::Value spec = parse_profile_spec(base::Value::map()).has_value() ? base::Value() : base::Value::map();
  spec.set("standard", "small");
  base::Value one = base::Value::map();
  one.set("id", "acme.1");
  one.set("check", base::Value::map()).set("setting", base::Value::map());
  spec.set("custom", base::Value::list()).push_back(one);
  const auto parsed = parse_profile_spec(spec);
  ASSERT_FALSE(parsed);
  std::set<std::string> paths;
  for (const Mistake& mistake : parsed.error()) {
    EXPECT_EQ(mistake.line, 0);
    paths.insert(mistake.path);
  }
  EXPECT_TRUE(paths.contains("spec.custom[0]"));
  EXPECT_TRUE(paths.contains("spec.custom[0].check.setting"));
}

TEST(ProfileCustom, MayNotTakeAnIdOfTheStandard) {
  auto standard = std::make_shared<Standard>(*testing::small_standard());
  standard->requirements.push_back(
      testing::requirement("acme.1", Level::kMandatory, Scope::kNode, "kubelet"));
  const auto resolved = resolve_profile("p", parse(profile(row("acme.1"))).value(), nullptr,
                                        [&](const std::string&) { return standard; });
  ASSERT_FALSE(resolved);
  EXPECT_THAT(texts(resolved.error()),
              ElementsAre(HasSubstr("spec.custom[0].id: Standard small has a requirement")));
}

}  // namespace
}  // namespace baseline
