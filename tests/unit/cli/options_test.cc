#include "cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace baseline::cli {
namespace {

using test::lines_in;
using test::Program;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Options parse(std::vector<const char*> words, Language language = Language::kEnglish) {
  words.insert(words.begin(), "kubectl-baseline");
  return parse_options(static_cast<int>(words.size()), words.data(), language);
}

TEST(OptionsTest, ScanTakesListsAndFormsInBothSpellings) {
  const Options options = parse({"scan", "--root", "/host", "--profile", "a.yaml", "b.yaml", "-o", "json",
                                 "--requirement=5.1,5.6.1.1", "--fail-on", "error", "--lang=zh"});
  const auto& scan = std::get<ScanOptions>(options.command);
  EXPECT_EQ(scan.root, "/host");
  EXPECT_THAT(scan.profiles, ElementsAre("a.yaml", "b.yaml"));
  EXPECT_THAT(scan.requirements, ElementsAre("5.1", "5.6.1.1"));
  EXPECT_EQ(scan.output, Output::kJson);
  EXPECT_EQ(scan.fail_on, FailOn::kError);
  EXPECT_EQ(scan.language, Language::kChinese);
  EXPECT_EQ(options.language, Language::kChinese);
}

TEST(OptionsTest, DefaultsAreThoseOfTheContract) {
  const auto scan = std::get<ScanOptions>(parse({"scan", "--node"}).command);
  EXPECT_EQ(scan.root, "/");
  EXPECT_EQ(scan.output, Output::kTable);
  EXPECT_EQ(scan.fail_on, FailOn::kFail);
  EXPECT_FALSE(scan.language.has_value());
  EXPECT_EQ(parse({"version"}, Language::kChinese).language, Language::kChinese);
}

TEST(OptionsTest, ANodeIsLookedAtUnlessOnlyOtherSourcesAreNamed) {
  const auto node = [](const std::vector<const char*>& words) {
    return std::get<ScanOptions>(parse(words).command).node;
  };
  EXPECT_TRUE(node({"scan"}));
  EXPECT_FALSE(node({"scan", "--cluster"}));
  EXPECT_FALSE(node({"scan", "--manifests", "x.yaml"}));
  EXPECT_TRUE(node({"scan", "--cluster", "--node"}));
  EXPECT_TRUE(node({"scan", "--manifests", "x.yaml", "--root", "/host"}));
  EXPECT_TRUE(node({"scan", "--cluster", "--facts", "x"}));
}

TEST(OptionsTest, StatusesAreReadByName) {
  const auto report = std::get<ReportOptions>(parse({"report", "--status", "Fail,Waived", "--all"}).command);
  EXPECT_THAT(report.statuses, ElementsAre(Status::kFail, Status::kWaived));
  EXPECT_TRUE(report.all);
  EXPECT_THAT(std::get<Early>(parse({"report", "--status", "failed"}).command).text, HasSubstr("failed"));
}

struct BadLine {
  std::vector<std::string> words;
  std::string says;
};

class BadCommandLine : public ::testing::TestWithParam<BadLine> {};

TEST_P(BadCommandLine, IsOneClearLineAndStatusTwo) {
  Program program;
  const auto ran = program(GetParam().words);
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(lines_in(ran.err), 1U) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr(GetParam().says));
  EXPECT_THAT(ran.err, HasSubstr("--help"));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadCommandLine,
    ::testing::Values(BadLine{{"scan", "--rot", "/x"}, "unknown option --rot (did you mean --root?)"},
                      BadLine{{"scan", "--manifests", "x.yaml", "--cluster"}, "--manifests and --cluster"},
                      BadLine{{"scan", "--manifest", "x.yaml"}, "did you mean --manifests?"},
                      BadLine{{"scna"}, "scan"}, BadLine{{"scan", "everything"}, "\"everything\""},
                      BadLine{{"scan", "-o", "xml"}, "xml"}, BadLine{{"scan", "--fail-on", "Pass"}, "Pass"},
                      BadLine{{"scan", "--lang", "de"}, "de"}, BadLine{{"scan", "--root"}, "--root"},
                      BadLine{{"profile"}, "lint"}, BadLine{{"profile", "lint"}, "at least one file"},
                      BadLine{{"--wrong"}, "unknown option --wrong"}));

TEST(OptionsTest, HelpIsThereForEveryCommandInBothLanguages) {
  Program program;
  const std::vector<std::vector<std::string>> commands{
      {}, {"scan"}, {"explain"}, {"profile"}, {"profile", "lint"}, {"report"}, {"version"}};
  for (std::vector<std::string> words : commands) {
    words.emplace_back("--help");
    program.environment["LANG"] = "C";
    const auto en = program(words);
    EXPECT_EQ(en.status, 0);
    EXPECT_THAT(en.out, HasSubstr("Usage: kubectl-baseline"));
    program.environment["LANG"] = "zh_CN.UTF-8";
    const auto zh = program(words);
    EXPECT_EQ(zh.status, 0);
    EXPECT_THAT(zh.out, HasSubstr("用法：kubectl-baseline"));
    EXPECT_THAT(zh.out, HasSubstr("选项："));
  }
}

TEST(OptionsTest, WithoutACommandItSaysWhatThereIs) {
  Program program;
  const auto ran = program({});
  EXPECT_EQ(ran.status, 0);
  for (const char* command : {"scan", "explain", "profile", "report", "version"}) {
    EXPECT_THAT(ran.out, HasSubstr(command));
  }
}

TEST(OptionsTest, VersionNamesTheStandard) {
  Program program;
  EXPECT_EQ(program({"version", "--short"}).out, BASELINE_VERSION "\n");
  EXPECT_THAT(program({"version"}).out, HasSubstr("kxy-cs001-2023"));
  EXPECT_EQ(program({"--version"}).out, "kubectl-baseline " BASELINE_VERSION "\n");
}

TEST(OptionsTest, MistakesAreToldInChineseToo) {
  Program program;
  program.environment["LC_ALL"] = "zh_CN.UTF-8";
  EXPECT_THAT(program({"scan", "--rot"}).err, HasSubstr("未知选项 --rot"));
  EXPECT_THAT(program({"scan", "--rot", "--lang", "en"}).err, HasSubstr("unknown option --rot"));
}

}  // namespace
}  // namespace baseline::cli
