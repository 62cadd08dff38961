#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/choose_profile.h"
#include "program.h"

namespace baseline::cli {
namespace {

using test::Folder;
using test::profile_text;
using ::testing::HasSubstr;

const std::string kChild =
    "apiVersion: baseline.kxy.io/v1alpha1\nkind: BaselineProfile\nmetadata: {name: child}\nspec: {extends: "
    "base, "
    "language: zh}\n";

class ChooseProfileTest : public ::testing::Test {
 protected:
  std::shared_ptr<const ResolvedProfile> chosen(const ScanOptions& asked,
                                                Language language = Language::kEnglish) {
    auto profile = choose_profile(asked, language);
    EXPECT_TRUE(profile.has_value()) << (profile ? "" : profile.error().text());
    return profile ? *profile : nullptr;
  }
  std::string mistake(const ScanOptions& asked) {
    const auto profile = choose_profile(asked, Language::kEnglish);
    EXPECT_FALSE(profile.has_value());
    return profile ? "" : profile.error().text();
  }

  Folder folder;
  ScanOptions options;
};

TEST_F(ChooseProfileTest, WithoutOneItIsTheWholeStandardInTheLanguageAround) {
  const auto profile = chosen(options, Language::kChinese);
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->requirements.size(), 156U);
  EXPECT_EQ(profile->language, Language::kChinese);
}

TEST_F(ChooseProfileTest, TheProfilesLanguageWinsOverTheEnvironmentAndTheOptionOverBoth) {
  options.profiles = {folder.file("a.yaml", profile_text("a", "  language: zh\n"))};
  EXPECT_EQ(chosen(options, Language::kEnglish)->language, Language::kChinese);
  options.language = Language::kEnglish;
  EXPECT_EQ(chosen(options, Language::kChinese)->language, Language::kEnglish);
}

TEST_F(ChooseProfileTest, ABuiltInProfileCanBeNamed) {
  options.profiles = {"kxy-cs001-2023-mandatory"};
  const auto profile = chosen(options);
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->name, "kxy-cs001-2023-mandatory");
  EXPECT_TRUE(
      std::ranges::all_of(profile->requirements, [](const auto& r) { return r.level == Level::kMandatory; }));
}

TEST_F(ChooseProfileTest, OfAChainItIsTheOneThatNoOtherExtends) {
  options.profiles = {folder.file("base.yaml", profile_text("base")), folder.file("child.yaml", kChild)};
  EXPECT_EQ(chosen(options)->name, "child");
  options.profile_name = "base";
  EXPECT_EQ(chosen(options)->name, "base");
}

TEST_F(ChooseProfileTest, OfSeveralOneMustBeNamed) {
  options.profiles = {folder.file("two.yaml", profile_text("one") + "---\n" + profile_text("two"))};
  EXPECT_THAT(mistake(options), HasSubstr("several profiles (one, two)"));
  options.profile_name = "three";
  EXPECT_THAT(mistake(options), HasSubstr("there is no profile \"three\""));
  options.profile_name = "two";
  EXPECT_EQ(chosen(options)->name, "two");
}

TEST_F(ChooseProfileTest, MistakesAreNamedWithFileAndLine) {
  options.profiles = {folder.path() + "/none.yaml"};
  EXPECT_THAT(mistake(options), HasSubstr("none.yaml: the file cannot be read"));
  options.profiles = {folder.file("broken.yaml", "kind: [")};
  EXPECT_THAT(mistake(options), HasSubstr("broken.yaml:"));
  options.profiles = {folder.file("wrong.yaml", profile_text("a", "  language: de\n  nonsense: 1\n"))};
  EXPECT_THAT(mistake(options), HasSubstr("wrong.yaml:7: spec.language"));
  EXPECT_THAT(mistake(options), HasSubstr("and 1 more"));
  options.profiles = {folder.file("child.yaml", kChild)};
  EXPECT_THAT(mistake(options), HasSubstr("spec.extends"));
  options.profiles = {folder.file("other.yaml", "kind: Service\napiVersion: v1\n")};
  EXPECT_THAT(mistake(options), HasSubstr("no BaselineProfile"));
}

TEST_F(ChooseProfileTest, ACircleOfProfilesIsToldAsOne) {
  const std::string head = "apiVersion: baseline.kxy.io/v1alpha1\nkind: BaselineProfile\n";
  options.profiles = {folder.file("circle.yaml", head + "metadata: {name: a}\nspec: {extends: b}\n---\n" +
                                                     head + "metadata: {name: b}\nspec: {extends: a}\n")};
  EXPECT_THAT(mistake(options), HasSubstr("circle"));
}

}  // namespace
}  // namespace baseline::cli
