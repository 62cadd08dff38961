#include "cli/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hidden_texts.h"
#include "program.h"

namespace baseline::cli {
namespace {

using test::Folder;
using test::profile_text;
using test::Program;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const base::Time kNow = *base::parse_time("2026-01-31T00:00:00Z");

LintResult lint(const std::string& text) {
  return lint_profiles({{"p.yaml", text}}, kNow, Language::kEnglish);
}

std::string all_of(const std::vector<FileMistake>& mistakes) {
  std::string text;
  for (const FileMistake& one : mistakes) text += one.text() + '\n';
  return text;
}

TEST(LintTest, AGoodProfileHasNoMistakes) {
  const LintResult result = lint(profile_text("good"));
  EXPECT_THAT(all_of(result.mistakes), IsEmpty());
  EXPECT_THAT(all_of(result.warnings), IsEmpty());
  EXPECT_EQ(result.profiles, 1U);
}

struct Wrong {
  std::string text, says;
};
class LintMistake : public ::testing::TestWithParam<Wrong> {};

TEST_P(LintMistake, IsNamedByFileLineAndPath) {
  const LintResult result = lint(GetParam().text);
  EXPECT_THAT(all_of(result.mistakes), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, LintMistake,
    ::testing::Values(
        Wrong{"kind: BaselineProfile\n  bad indent: [", "p.yaml:"},
        Wrong{profile_text("a", "  langage: zh\n"), "p.yaml:7: spec.langage: "},
        Wrong{profile_text("a", "  language: de\n"), "p.yaml:7: spec.language: "},
        Wrong{profile_text("a", "  requirements: {include: [\"9.9\"]}\n"),
              "p.yaml:7: spec.requirements.include[0]: "},
        Wrong{profile_text("a", "  parameters:\n    \"5.1.5.2\":\n      minimum: lots\n"),
              "p.yaml:9: spec.parameters[\"5.1.5.2\"].minimum: "},
        Wrong{profile_text("a",
                           "  exemptions:\n    - requirements: [\"5.4\"]\n      reason: x\n      owner: z\n"),
              "p.yaml:8: spec.exemptions[0].expires: "},
        Wrong{profile_text("a", "  extends: nowhere\n"), "p.yaml:7: spec.extends: "},
        Wrong{profile_text("Not A Name"), "p.yaml:4: metadata.name: "},
        Wrong{
            "apiVersion: v1\nkind: BaselineProfile\nmetadata: {name: a}\nspec: {standard: kxy-cs001-2023}\n",
            "p.yaml:1: apiVersion: "},
        Wrong{profile_text("a") + "stray: 1\n", "p.yaml:7: stray: "},
        Wrong{profile_text("a") + "---\n" + profile_text("a"), "p.yaml:11: metadata.name: "},
        Wrong{"- 1\n", "p.yaml:1: "}, Wrong{"a: 1\n", "p.yaml:1: kind: "},
        Wrong{"", "p.yaml: There is no BaselineProfile"},
        Wrong{"kind: Service\n", "p.yaml: There is no BaselineProfile"}));

TEST(LintTest, EveryMistakeIsNamedInOrder) {
  const LintResult result =
      lint(profile_text("a", "  language: de\n  nonsense: 1\n  overrides:\n    \"5.1.1.1\": {level: x}\n"));
  ASSERT_GE(result.mistakes.size(), 3U);
  for (std::size_t i = 1; i < result.mistakes.size(); ++i) {
    EXPECT_LE(result.mistakes[i - 1].line, result.mistakes[i].line);
  }
}

std::string exemption(const std::string& expires) {
  return profile_text(
      "a", "  exemptions:\n    - requirements: [\"5.4\"]\n      reason: x\n      owner: z\n      expires: " +
               expires + "\n");
}

TEST(LintTest, WarnsOfWhatHasExpiredOrSoonWill) {
  const LintResult expired = lint(exemption("2026-01-31"));
  EXPECT_THAT(expired.mistakes, IsEmpty());
  EXPECT_THAT(
      all_of(expired.warnings),
      AllOf(StartsWith("p.yaml:11: warning: spec.exemptions[0].expires: expired"), HasSubstr("2026-01-31")));
  EXPECT_THAT(all_of(lint(exemption("2026-02-10")).warnings), HasSubstr("in 10 days"));
  EXPECT_THAT(lint(exemption("2026-12-31")).warnings, IsEmpty());
}

TEST(LintTest, ExpiredAnswersAreWarnedOfToo) {
  const LintResult result = lint(profile_text("a",
                                              "  attestations:\n    - requirement: 5.7.1.13\n      result: "
                                              "Pass\n      evidence: x\n      by: z\n      expires: "
                                              "2025-01-01\n"));
  EXPECT_THAT(all_of(result.mistakes), IsEmpty());
  EXPECT_THAT(all_of(result.warnings), HasSubstr("spec.attestations[0].expires"));
}

TEST(LintCommandTest, ExitStatusTellsMistakesFromUnreadableFiles) {
  const Folder folder;
  Program program;
  const std::string good = folder.file("good.yaml", profile_text("good"));
  const std::string bad = folder.file("bad.yaml", profile_text("bad", "  language: de\n"));
  EXPECT_EQ(program({"profile", "lint", good}).status, 0);
  EXPECT_EQ(program({"profile", "lint", folder.file("soon.yaml", exemption("2026-02-10"))}).status, 0);
  const auto wrong = program({"profile", "lint", good, bad});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_THAT(wrong.out, AllOf(StartsWith(bad + ":7: spec.language: "),
                               HasSubstr("2 profiles in 2 files: 1 mistake, 0 warnings")));
  const auto missing = program({"profile", "lint", bad, folder.path() + "/none.yaml"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("none.yaml: the file cannot be read"));
  EXPECT_THAT(missing.out, HasSubstr("spec.language"));
  EXPECT_EQ(program({"profile", "lint", folder.path()}).status, 2);
}

TEST(LintCommandTest, ProfilesOfSeveralFilesExtendEachOther) {
  const Folder folder;
  Program program;
  const std::string base = folder.file("base.yaml", profile_text("base"));
  const std::string child = folder.file("child.yaml",
                                        "apiVersion: baseline.kxy.io/v1alpha1\nkind: "
                                        "BaselineProfile\nmetadata: {name: child}\nspec: {extends: base}\n");
  EXPECT_EQ(program({"profile", "lint", base, child}).status, 0);
  EXPECT_EQ(program({"profile", "lint", child}).status, 1);
}

TEST(LintCommandTest, ChineseSummary) {
  const Folder folder;
  Program program;
  const auto ran =
      program({"profile", "lint", "--lang", "zh", folder.file("soon.yaml", exemption("2026-02-10"))});
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("警告"), HasSubstr("还剩 10 天"), HasSubstr("1 个文件中有 1 个 Profile")));
}

TEST(LintTest, NothingHiddenInAProfileOrAStandardsFolderIsPrinted) {
  const Folder folder;
  const std::string& hidden = baseline::testing::kHiddenQuoted;
  const std::string path = folder.file("p.yaml", profile_text("p", "  " + hidden + ": 1\n  parameters: {" +
                                                                       hidden + ": {" + hidden + ": 1}}\n"));
  Program program;
  const auto ran = program({"profile", "lint", path});
  EXPECT_THAT(ran.out, HasSubstr("\\u202eb"));
  EXPECT_FALSE(baseline::testing::shows_hidden(ran.out)) << ran.out;
  const auto missing = program({"profile", "lint", "--standards", folder.path() + "/\x1b[2J\u202E", path});
  EXPECT_THAT(missing.err, HasSubstr("\\u001b[2J\\u202e"));
  EXPECT_FALSE(baseline::testing::shows_hidden(missing.err)) << missing.err;
}

}  // namespace
}  // namespace baseline::cli
