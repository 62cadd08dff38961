#include "baseline/standard_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baseline {
namespace {

using testing::HasSubstr;

const StandardFile kHead{"s/standard.yaml", R"(standard: tiny
version: "1"
title: {en: A tiny standard, zh: 小标准}
sections:
  - {id: "1.1", title: {en: First, zh: 第一节}}
)"};

// Line 2 of the file is the requirement's first.
std::string requirement(const std::string& extra, const std::string& id = "1.1.1") {
  return "requirements:\n  - id: " + id + R"(
    level: mandatory
    automated: true
    scope: node
    object: kubelet
    title: {en: A title, zh: 标题}
    explanation: {en: Because, zh: 因为}
    remediation: {en: Do this, zh: 这样做}
)" + extra;
}

const std::string kCheck =
    R"(    check: {setting: {component: kubelet, name: anonymous-auth, expect: {equals: false}}}
)";

std::vector<Mistake> mistakes_of(const std::string& text) {
  const auto loaded = load_standard({kHead, {"s/1.yaml", text}});
  return loaded ? std::vector<Mistake>() : loaded.error();
}

std::string joined(const std::vector<Mistake>& mistakes) {
  std::string all;
  for (const Mistake& mistake : mistakes) all += mistake.text() + "\n";
  return all;
}

TEST(StandardLoader, ReadsARequirement) {
  const auto loaded =
      load_standard({kHead, {"s/1.yaml", requirement(R"(    versions: {from: "1.20", below: "1.25"}
    parameters:
      minimum: {type: integer, default: 30, description: {en: The least, zh: 最小值}}
    check: {setting: {component: kubelet, name: event-qps, expect: {integer: {min: {parameter: minimum}}}}}
)")}});
  ASSERT_TRUE(loaded) << joined(loaded.error());
  const Requirement* one = (*loaded)->find("1.1.1");
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->section, "1.1");
  EXPECT_EQ(one->level, Level::kMandatory);
  EXPECT_TRUE(one->automated);
  EXPECT_EQ(one->versions, (VersionRange{"1.20", "1.25"}));
  ASSERT_EQ(one->parameters.size(), 1U);
  EXPECT_EQ(one->parameters[0].default_value.as_int(), 30);
  EXPECT_NE(one->check, nullptr);
  EXPECT_FALSE(one->needs_etcd_members);
  EXPECT_EQ((*loaded)->section("1.1")->title.zh, "第一节");
}

TEST(StandardLoader, TheHashFollowsTheText) {
  const auto a = load_standard({kHead, {"s/1.yaml", requirement(kCheck)}});
  const auto b = load_standard({{"s/1.yaml", requirement(kCheck)}, kHead});
  const auto c = load_standard({kHead, {"s/1.yaml", requirement(kCheck) + "# a word\n"}});
  ASSERT_TRUE(a && b && c);
  EXPECT_EQ((*a)->hash, (*b)->hash);
  EXPECT_NE((*a)->hash, (*c)->hash);
}

TEST(StandardLoader, IdsAreOrderedByTheirNumbers) {
  const auto loaded = load_standard(
      {kHead, {"s/1.yaml", requirement(kCheck, "1.1.10")}, {"s/2.yaml", requirement(kCheck, "1.1.9")}});
  ASSERT_TRUE(loaded) << joined(loaded.error());
  EXPECT_EQ((*loaded)->requirements[0].id, "1.1.9");
}

struct Wrong {
  std::string name, extra, says;
  int line = 0;  // 0: not held
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.name;
}

class MistakeInRequirement : public testing::TestWithParam<Wrong> {};

TEST_P(MistakeInRequirement, IsNamedWithFileAndLine) {
  const std::vector<Mistake> mistakes = mistakes_of(requirement(GetParam().extra));
  ASSERT_FALSE(mistakes.empty());
  EXPECT_THAT(joined(mistakes), HasSubstr(GetParam().says));
  EXPECT_THAT(mistakes[0].path, HasSubstr("s/1.yaml:")) << joined(mistakes);
  if (GetParam().line > 0) {
    EXPECT_EQ(mistakes[0].line, GetParam().line) << joined(mistakes);
  }
}

std::string setting(const std::string& rest) {
  return "    check: {setting: {" + rest + "}}\n";
}

std::string files(const std::string& rest) {
  return "    check: {files: {" + rest + "}}\n";
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, MistakeInRequirement,
    testing::Values(
        Wrong{"no_check", "", "needs a \"check\""},
        Wrong{"unknown_key", kCheck + "    colour: red\n", "\"colour\" is no key of the requirement 1.1.1",
              11},
        Wrong{"unknown_component",
              setting("component: kublet, name: anonymous-auth, expect: {equals: false}"),
              "there is no component \"kublet\"; known are etcd, kube-apiserver", 10},
        Wrong{"unknown_setting", setting("component: kubelet, name: anonymous, expect: {equals: false}"),
              "the component table of kubelet has no setting \"anonymous\"", 10},
        Wrong{"unknown_expectation", setting("component: kubelet, name: anonymous-auth, expect: {is: false}"),
              "\"is\" is no expectation"},
        Wrong{"two_expectations",
              setting("component: kubelet, name: anonymous-auth, expect: {set: true, unset: true}"),
              "exactly one expectation"},
        Wrong{"wrong_literal",
              setting("component: kubelet, name: anonymous-auth, expect: {equals: \"false\"}"),
              "must be true or false, but is a string"},
        Wrong{"list_expectation_on_scalar",
              setting("component: kubelet, name: anonymous-auth, expect: {contains: a}"),
              "\"contains\" does not fit the type"},
        Wrong{"file_on_a_number", setting("component: kubelet, name: event-qps, expect: {file: true}"),
              "\"file\" does not fit the type"},
        Wrong{"no_bounds", setting("component: kubelet, name: event-qps, expect: {integer: {}}"),
              "at least one bound"},
        Wrong{"wrong_duration",
              setting("component: kubelet, name: streaming-connection-idle-timeout, expect: {duration: {min: "
                      "soon}}"),
              "must be a duration"},
        Wrong{"set_takes_true", setting("component: kubelet, name: event-qps, expect: {set: false}"),
              "takes true and nothing else"},
        Wrong{"wrong_when_unset",
              setting("component: kubelet, name: event-qps, expect: {set: true}, when-unset: perhaps"),
              "\"when-unset\" of setting is \"perhaps\": one of default, pass, fail was expected"},
        Wrong{"undeclared_parameter",
              setting("component: kubelet, name: event-qps, expect: {integer: {min: {parameter: least}}}"),
              "declares no parameter \"least\""},
        Wrong{"two_forms", "    check: {all: [], any: []}\n", "exactly one key"},
        Wrong{"unknown_form", "    check: {regexp: a}\n", "\"regexp\" is no form of a check"},
        Wrong{"empty_all", "    check: {all: []}\n", "a list of checks that is not empty"},
        Wrong{"unknown_builtin", "    check: {builtin: {name: magic}}\n",
              "there is no builtin \"magic\" for requirements of scope node; known are"},
        Wrong{"builtin_argument_missing", "    check: {builtin: {name: deny-service-external-ips}}\n",
              "needs \"expect\" in \"with\""},
        Wrong{"builtin_argument_of_two", "    check: {builtin: {name: authorization-mode}}\n",
              "takes exactly one of its arguments"},
        Wrong{"builtin_argument_unknown", "    check: {builtin: {name: audit-policy, with: {depth: 3}}}\n",
              "\"depth\" is no key"},
        Wrong{"unknown_gate",
              "    check: {feature-gate: {component: kubelet, gate: Nothing, expect: enabled}}\n",
              "no feature gate \"Nothing\""},
        Wrong{"decimal_mode", files("select: [{well-known: /a}], require: {mode: 600}"), "octal in quotes"},
        Wrong{"mode_without_zero", files("select: [{well-known: /a}], require: {mode: \"600\"}"),
              "octal in quotes"},
        Wrong{"mode_and_owner",
              files("select: [{well-known: /a}], require: {mode: \"0600\", owner: [root:root]}"),
              "exactly one of mode and owner"},
        Wrong{"owner_without_group", files("select: [{well-known: /a}], require: {owner: [root]}"),
              "user:group"},
        Wrong{"relative_path", files("select: [{well-known: etc/a}], require: {mode: \"0600\"}"),
              "must be an absolute path"},
        Wrong{"unknown_selector", files("select: [{glob: /a}], require: {mode: \"0600\"}"),
              "no selector of files"},
        Wrong{"tree_without_names", files("select: [{tree: {well-known: [/a]}}], require: {mode: \"0600\"}"),
              "a tree needs \"names\""},
        Wrong{"setting_names_no_file",
              files("select: [{setting: {component: kubelet, name: event-qps}}], require: {mode: \"0600\"}"),
              "names no file"},
        Wrong{"unknown_absent", files("select: [{well-known: /a}], require: {mode: \"0600\"}, absent: pass"),
              "one of not-applicable, fail, error"},
        Wrong{"wrong_version", kCheck + "    versions: {below: next}\n", "\"next\" is no version"},
        Wrong{"version_without_quotes", kCheck + "    versions: {below: 1.25}\n", "put numbers in quotes"},
        Wrong{"empty_range", kCheck + "    versions: {from: \"1.25\", below: \"1.24\"}\n",
              "must be lower than"},
        Wrong{"wrong_applies", kCheck + "    applies: always\n", "knows only etcd-multi-member"},
        Wrong{"parameter_type",
              kCheck + "    parameters: {a: {type: number, default: 1, description: {en: a, zh: 一}}}\n",
              "\"number\" is no type of a parameter"},
        Wrong{"parameter_default",
              kCheck + "    parameters: {a: {type: integer, default: x, description: {en: a, zh: 一}}}\n",
              "the default of \"a\" must be an integer"},
        Wrong{"parameter_language",
              kCheck + "    parameters: {a: {type: integer, default: 1, description: {en: a}}}\n",
              "lacks \"zh\""}),
    [](const auto& wrong) { return wrong.param.name; });

TEST(StandardLoader, RefusesWhatIsTwiceOrNowhere) {
  const std::string twice = joined(mistakes_of(requirement(kCheck) + requirement(kCheck).substr(14)));
  EXPECT_THAT(twice, HasSubstr("1.1.1 stands twice"));
  EXPECT_THAT(joined(mistakes_of(requirement(kCheck, "9.9.9"))), HasSubstr("the section \"9.9\""));
  EXPECT_THAT(joined(mistakes_of(requirement(kCheck, "abc"))), HasSubstr("\"abc\" is no id"));
  const auto headless = load_standard({{"s/1.yaml", requirement(kCheck)}});
  ASSERT_FALSE(headless);
  EXPECT_THAT(joined(headless.error()), HasSubstr("no file names the standard"));
  const auto two_heads = load_standard({kHead, {"s/2.yaml", kHead.text}});
  ASSERT_FALSE(two_heads);
  EXPECT_THAT(joined(two_heads.error()), HasSubstr("one file with the key \"standard\""));
}

TEST(StandardLoader, RefusesAMissingLanguageAndABadTitle) {
  std::string text = requirement(kCheck);
  text.replace(text.find("{en: A title, zh: 标题}"), std::string("{en: A title, zh: 标题}").size(),
               "{en: A title.}");
  const std::string all = joined(mistakes_of(text));
  EXPECT_THAT(all, HasSubstr("lacks \"zh\""));
  EXPECT_THAT(all, HasSubstr("one line without a full stop"));
}

TEST(StandardLoader, NamesEveryMistakeInOnePass) {
  const auto mistakes = mistakes_of(
      requirement("    versions: {below: next}\n    colour: red\n    check: {builtin: {name: magic}}\n"));
  EXPECT_EQ(mistakes.size(), 3U) << joined(mistakes);
}

TEST(StandardLoader, BrokenYamlIsOneMistakeWithItsPlace) {
  const auto mistakes = mistakes_of("requirements: [");
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_THAT(mistakes[0].text(), HasSubstr("s/1.yaml"));
}

TEST(StandardLoader, AClusterRequirementMayLackACheck) {
  std::string text = requirement("");
  text.replace(text.find("scope: node"), 11, "scope: cluster");
  EXPECT_TRUE(mistakes_of(text).empty()) << joined(mistakes_of(text));
}

}  // namespace
}  // namespace baseline
