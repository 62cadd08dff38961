#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/profile_value.h"
#include "profile_support.h"

namespace baseline {
namespace {

using ::testing::AllOf;
using testing::at;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::parse;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::texts;

constexpr std::string_view kFull = R"(
standard: small
language: zh
extends: base
requirements:
  include: [level: mandatory, "level:recommended", "5.6", "5.1.2.1"]
  exclude: ["5.60"]
parameters:
  5.1.2.1: {minimum: 90, suites: [a, b], mode: lax, required: false}
overrides:
  5.6.1.1: {level: mandatory}
exemptions:
  - requirements: ["5.6", "5.1.2.2"]
    namespaces: [kube-system, team-*]
    names: [web-*]
    kinds: [DaemonSet]
    containers: [app]
    labels: {tier: system}
    nodeSelector: {pool: edge}
    reason: because
    owner: us
    expires: 2030-01-31
attestations:
  - requirement: 5.1.2.2
    result: Fail
    evidence: seen
    by: me
    expires: "2030-01-31T08:00:00Z"
)";

TEST(ProfileParse, ReadsEveryField) {
  const auto spec = parse(kFull);
  ASSERT_TRUE(spec) << texts(spec.error())[0];
  EXPECT_EQ(spec->standard, "small");
  EXPECT_EQ(spec->language, Language::kChinese);
  EXPECT_EQ(spec->extends, "base");
  EXPECT_THAT(spec->include, ElementsAre("level:mandatory", "level:recommended", "5.6", "5.1.2.1"));
  EXPECT_THAT(spec->exclude, ElementsAre("5.60"));
  EXPECT_EQ(spec->parameters.at("5.1.2.1").at("minimum"), base::Value(90));
  EXPECT_EQ(spec->level_overrides.at("5.6.1.1"), Level::kMandatory);
  ASSERT_THAT(spec->exemptions, SizeIs(1));
  const Exemption& exemption = spec->exemptions[0];
  EXPECT_THAT(exemption.requirements, ElementsAre("5.6", "5.1.2.2"));
  EXPECT_THAT(exemption.scope.namespaces, ElementsAre("kube-system", "team-*"));
  EXPECT_EQ(exemption.scope.node_selector.at("pool"), "edge");
  EXPECT_EQ(exemption.owner, "us");
  EXPECT_EQ(exemption.expires, at("2030-01-31"));
  ASSERT_THAT(spec->attestations, SizeIs(1));
  EXPECT_FALSE(spec->attestations[0].pass);
  EXPECT_EQ(spec->attestations[0].expires, at("2030-01-31T08:00:00Z"));
}

TEST(ProfileParse, WhatIsWrittenReadsBackTheSame) {
  const auto spec = parse(kFull);
  ASSERT_TRUE(spec);
  const base::Value written = to_value(*spec);
  const auto again = parse_profile_spec(written);
  ASSERT_TRUE(again) << texts(again.error())[0];
  EXPECT_EQ(to_value(*again), written);
}

struct Wrong {
  const char* yaml;
  const char* path;
  int line;
  const char* words;
};

class ProfileMistakes : public ::testing::TestWithParam<Wrong> {};

TEST_P(ProfileMistakes, AreNamedByPathAndLine) {
  const auto spec = parse(GetParam().yaml);
  ASSERT_FALSE(spec);
  ASSERT_THAT(spec.error(), SizeIs(1)) << ::testing::PrintToString(texts(spec.error()));
  EXPECT_EQ(spec.error()[0].path, GetParam().path);
  EXPECT_EQ(spec.error()[0].line, GetParam().line);
  EXPECT_THAT(spec.error()[0].message, HasSubstr(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    All, ProfileMistakes,
    ::testing::Values(
        Wrong{"{}", "spec.standard", 1, "name the standard"},
        Wrong{"standard: a\nexmptions: []\n", "spec.exmptions", 2, "did you mean \"exemptions\"?"},
        Wrong{"standard: a\nzzz: 1\n", "spec.zzz", 2, "known here are: standard, language"},
        Wrong{"standard: 3\n", "spec.standard", 1, "a string was expected here, but this is an integer"},
        Wrong{"standard: a\nlanguage: fr\n", "spec.language", 2, "\"en\" or \"zh\""},
        Wrong{"standard: a\nrequirements: [\"5.6\"]\n", "spec.requirements", 2, "a map was expected"},
        Wrong{"standard: a\nrequirements:\n  include: [5.10]\n", "spec.requirements.include[0]", 3,
              "in quotes"},
        Wrong{"standard: a\nrequirements:\n  include: [level: high]\n", "spec.requirements.include[0]", 3,
              "\"mandatory\" or \"recommended\""},
        Wrong{"standard: a\nrequirements:\n  exclude: [\"5.6.\"]\n", "spec.requirements.exclude[0]", 3,
              "prefix of whole parts"},
        Wrong{"standard: a\nrequirements:\n  includes: []\n", "spec.requirements.includes", 3,
              "did you mean \"include\"?"},
        Wrong{"standard: a\nparameters:\n  5.1.2.1: 30\n", "spec.parameters[\"5.1.2.1\"]", 3,
              "map of parameter"},
        Wrong{"standard: a\nparameters:\n  Audit: {a: 1}\n", "spec.parameters.Audit", 3, "is no requirement"},
        Wrong{"standard: a\noverrides:\n  5.1.2.1: {level: high}\n", "spec.overrides[\"5.1.2.1\"].level", 3,
              "is no level"},
        Wrong{"standard: a\noverrides:\n  5.1.2.1: {severity: high}\n",
              "spec.overrides[\"5.1.2.1\"].severity", 3, "no such field"},
        Wrong{"standard: a\nexemptions:\n  - {requirements: [\"5.6\"], owner: o, expires: 2030-01-01}\n",
              "spec.exemptions[0].reason", 3, "say why"},
        Wrong{"standard: a\nexemptions:\n  - {requirements: [\"5.6\"], reason: \" \", owner: o, expires: "
              "2030-01-01}\n",
              "spec.exemptions[0].reason", 3, "say why"},
        Wrong{"standard: a\nexemptions:\n  - {requirements: [\"5.6\"], reason: r, expires: 2030-01-01}\n",
              "spec.exemptions[0].owner", 3, "person or team"},
        Wrong{"standard: a\nexemptions:\n  - {requirements: [\"5.6\"], reason: r, owner: o}\n",
              "spec.exemptions[0].expires", 3, "no longer counts"},
        Wrong{"standard: a\nexemptions:\n  - {requirements: [\"5.6\"], reason: r, owner: o,\n     expires: "
              "31.12.2030}\n",
              "spec.exemptions[0].expires", 4, "is no date"},
        Wrong{"standard: a\nexemptions:\n  - {requirements: [\"5.6\"], reason: r, owner: o, expires: "
              "2030-02-30}\n",
              "spec.exemptions[0].expires", 3, "is no date"},
        Wrong{"standard: a\nexemptions:\n  - {requirements: [], reason: r, owner: o, expires: 2030-01-01}\n",
              "spec.exemptions[0].requirements", 3, "at least one"},
        Wrong{"standard: a\nexemptions:\n  - {reason: r, owner: o, expires: 2030-01-01}\n",
              "spec.exemptions[0].requirements", 3, "missing"},
        Wrong{
            "standard: a\nexemptions:\n  - {requirements: [5.6], reason: r, owner: o, expires: 2030-01-01}\n",
            "spec.exemptions[0].requirements[0]", 3, "in quotes"},
        Wrong{
            "standard: a\nexemptions:\n  - {requirements: [\"5.6\"], namespaces: [a*b], reason: r, owner: o, "
            "expires: 2030-01-01}\n",
            "spec.exemptions[0].namespaces[0]", 3, "single *"},
        Wrong{"standard: a\nexemptions: [5]\n", "spec.exemptions[0]", 2, "a map was expected"},
        Wrong{
            "standard: a\nattestations:\n  - {requirement: 5.1.2.1, result: OK, evidence: e, by: b, expires: "
            "2030-01-01}\n",
            "spec.attestations[0].result", 3, "\"Pass\" or \"Fail\""},
        Wrong{"standard: a\nattestations:\n  - {requirement: 5.1.2.1, result: Pass, by: b, expires: "
              "2030-01-01}\n",
              "spec.attestations[0].evidence", 3, "what was looked at"},
        Wrong{"standard: a\nattestations:\n  - {requirement: 5.1.2.1, result: Pass, evidence: e, expires: "
              "2030-01-01}\n",
              "spec.attestations[0].by", 3, "person who looked"},
        Wrong{"standard: a\nattestations:\n  - {requirement: 5.1.2.1, result: Pass, evidence: e, by: b}\n",
              "spec.attestations[0].expires", 3, "given anew"},
        Wrong{"standard: a\nattestations:\n"
              "  - {requirement: 5.1.2.1, result: Pass, evidence: e, by: b, expires: 2030-01-01}\n"
              "  - {requirement: 5.1.2.1, result: Fail, evidence: e, by: b, expires: 2030-01-01}\n",
              "spec.attestations[1].requirement", 4, "already answered by spec.attestations[0]"},
        Wrong{"standard: a\nexemptions:\n"
              "  - {requirements: [\"5.6\", \"5.7.2\"], reason: r, owner: o, expires: 2030-01-01}\n"
              "  - {requirements: [\"5.7.2\"], reason: r, owner: p, expires: 2031-01-01}\n",
              "spec.exemptions[1].requirements", 4,
              "5.7.2 is already exempted in the same scope by spec.exemptions[0], with another expiry and "
              "another owner"},
        Wrong{"standard: a\nexemptions:\n"
              "  - {requirements: [\"5.7\"], namespaces: [b, a], reason: r, owner: o, expires: 2030-01-01}\n"
              "  - {requirements: [\"5.7\"], namespaces: [a, b], reason: r, owner: o, expires: 2030-01-01}\n",
              "spec.exemptions[1].requirements", 4, "in the same words; keep one"},
        Wrong{"standard: a\nexemptions:\n"
              "  - {requirements: [\"5.7.3\"], kinds: [ClusterRole, Image], reason: r, owner: o,\n"
              "     namespaces: [shop], expires: 2030-01-01}\n",
              "spec.exemptions[0].namespaces", 4,
              "No ClusterRole, Image stands in a namespace, so this exemption would cover nothing"}));

TEST(ProfileParse, ExemptionsThatOverlapAddUp) {
  const auto spec = parse(
      "standard: a\nexemptions:\n"
      "  - {requirements: [\"5.7\"], namespaces: [shop], reason: all, owner: o, expires: 2030-01-01}\n"
      "  - {requirements: [\"5.7.2\"], namespaces: [shop], reason: pods, owner: o, expires: 2029-01-01}\n"
      "  - {requirements: [\"5.7\"], namespaces: [\"shop*\"], reason: more, owner: o, expires: 2029-01-01}\n"
      "  - {requirements: [\"5.7\"], namespaces: [shop], kinds: [ClusterRole, Role], reason: rights, owner: "
      "o,\n"
      "     expires: 2030-01-01}\n");
  ASSERT_TRUE(spec) << ::testing::PrintToString(texts(spec.error()));
  EXPECT_THAT(spec->exemptions, SizeIs(4));
}

TEST(ProfileParse, TellsAllMistakesAtOnce) {
  const auto spec = parse("standard: 1\nlanguage: fr\nfoo: bar\nexemptions: [{}]\n");
  ASSERT_FALSE(spec);
  EXPECT_THAT(texts(spec.error()),
              ::testing::UnorderedElementsAre(
                  StartsWith("spec.standard: "), StartsWith("spec.language: "), StartsWith("spec.foo: "),
                  StartsWith("spec.exemptions[0].requirements: "), StartsWith("spec.exemptions[0].reason: "),
                  StartsWith("spec.exemptions[0].owner: "), StartsWith("spec.exemptions[0].expires: ")));
}

TEST(ProfileParse, AnythingButAMapIsOneMistake) {
  for (const char* yaml : {"text", "[a]", "7"}) {
    const auto spec = parse(yaml);
    ASSERT_FALSE(spec);
    EXPECT_THAT(texts(spec.error()), ElementsAre(AllOf(StartsWith("spec: "), HasSubstr("a map"))));
  }
}

TEST(ProfileParse, SurvivesAbsurdDocuments) {
  std::string deep = "standard: a\nparameters:\n  5.1.2.1: {x: ";
  for (int i = 0; i < 40; ++i) deep += "[";
  for (int i = 0; i < 40; ++i) deep += "]";
  EXPECT_TRUE(parse(deep + "}\n"));
  const auto spec = parse("standard: a\n\"" + std::string(900, 'x') + "\": 1\n");
  ASSERT_FALSE(spec);
  EXPECT_LT(spec.error()[0].path.size(), 200U);
}

}  // namespace
}  // namespace baseline
