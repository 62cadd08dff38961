#include "cli/standards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/options.h"
#include "program.h"

namespace baseline::cli {
namespace {

using test::Folder;
using test::lines_in;
using test::Program;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kSamples = std::string(PROJECT_DIR) + "/config/samples";
const std::string kOwn = kSamples + "/own-standard";

Options parse(std::vector<const char*> words) {
  words.insert(words.begin(), "kubectl-baseline");
  return parse_options(static_cast<int>(words.size()), words.data(), Language::kEnglish);
}

TEST(StandardsOption, MayBeRepeatedAndTakesOneFolderEach) {
  const auto scan = std::get<ScanOptions>(parse({"scan", "--standards", "a", "--standards", "b"}).command);
  EXPECT_THAT(scan.standards, ElementsAre("a", "b"));
  const auto explain = std::get<ExplainOptions>(parse({"explain", "--standards", "a", "1.1"}).command);
  EXPECT_THAT(explain.standards, ElementsAre("a"));
  EXPECT_EQ(explain.id, "1.1");
  const auto lint = std::get<LintOptions>(parse({"profile", "lint", "--standards", "a", "p.yaml"}).command);
  EXPECT_THAT(lint.standards, ElementsAre("a"));
  EXPECT_THAT(lint.files, ElementsAre("p.yaml"));
}

TEST(StandardsOption, TheExampleIsFreeOfMistakes) {
  Program program;
  const auto ran = program({"profile", "lint", "--standards", kOwn, kSamples + "/profile-own.yaml"});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("0 mistakes"));
  // Without the standard the profile has nothing to stand on.
  const auto without = program({"profile", "lint", kSamples + "/profile-own.yaml"});
  EXPECT_EQ(without.status, 1);
  EXPECT_THAT(without.out, HasSubstr("--standards"));
}

TEST(StandardsOption, ExplainKnowsTheirRequirementsAndTheBuiltInOnes) {
  Program program;
  const auto field = program({"explain", "--standards", kOwn, "2.1"});
  EXPECT_EQ(field.status, 0) << field.err;
  EXPECT_THAT(field.out, HasSubstr("Acme's cluster rules"));
  EXPECT_THAT(field.out, HasSubstr("for no value at spec.type"));
  EXPECT_THAT(program({"explain", "--standards", kOwn, "1"}).out, HasSubstr("1.2"));
  EXPECT_EQ(program({"explain", "--standards", kOwn, "5.1.2.1"}).status, 0);
}

TEST(StandardsOption, AScanTakesThemByProfileOrByTheirId) {
  const Folder root;
  std::filesystem::create_directories(root.path() + "/etc");
  std::filesystem::create_directories(root.path() + "/proc/1");
  Program program;
  const auto by_id =
      program({"scan", "--root", root.path(), "--standards", kOwn, "--profile", "acme-2026", "--all"});
  EXPECT_NE(by_id.status, 2) << by_id.err;
  EXPECT_THAT(by_id.out, HasSubstr("1.1"));
  EXPECT_THAT(by_id.out, Not(HasSubstr("acme.1")));
  const auto by_profile = program({"scan", "--root", root.path(), "--standards", kOwn, "--profile",
                                   kSamples + "/profile-own.yaml", "--all"});
  EXPECT_NE(by_profile.status, 2) << by_profile.err;
  EXPECT_THAT(by_profile.out, HasSubstr("acme.1"));
}

TEST(StandardsOption, MistakesAreListedByFileAndLineWithStatusTwo) {
  const Folder folder;
  folder.file("standard.yaml", "standard: mine\nversion: 1\ntitle: T\nsections: []\n");
  folder.file("rows.yaml", "requirements:\n  - {id: 1}\n");
  Program program;
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"scan"}, {"explain"}, {"profile", "lint", kSamples + "/profile-own.yaml"}}) {
    std::vector<std::string> words = command;
    words.insert(words.end(), {"--standards", folder.path()});
    const auto ran = program(words);
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, HasSubstr("standard.yaml:2: "));
    EXPECT_THAT(ran.err, HasSubstr("rows.yaml:2: "));
    EXPECT_GT(lines_in(ran.err), 2U);
  }
  EXPECT_EQ(program({"scan", "--standards", folder.path() + "/gone"}).status, 2);
}

}  // namespace
}  // namespace baseline::cli
