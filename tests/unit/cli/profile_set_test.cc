#include "cli/profile_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/yaml.h"
#include "baseline/standard_loader.h"
#include "program.h"

namespace baseline::cli {
namespace {

using test::profile_text;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(LineOfTest, FollowsKeysIndexesAndQuotedKeys) {
  const auto document = base::parse_yaml(
      "spec:\n"
      "  parameters:\n"
      "    \"5.1.5.2\":\n"
      "      minimum: 3\n"
      "  exemptions:\n"
      "    - reason: a\n"
      "    - owner: b\n"
      "      reason: c\n",
      "x.yaml");
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(line_of(*document, "spec.parameters[\"5.1.5.2\"].minimum"), 4);
  EXPECT_EQ(line_of(*document, "spec.exemptions[1].reason"), 8);
  // What is missing is told where it should stand.
  EXPECT_EQ(line_of(*document, "spec.exemptions[1].expires"), 7);
  EXPECT_EQ(line_of(*document, "spec.exemptions[7].expires"), line_of(*document, "spec.exemptions"));
  EXPECT_EQ(line_of(*document, "spec.exemptions["), line_of(*document, "spec.exemptions"));
}

TEST(ProfileSetTest, BuiltInProfilesAreFreeOfMistakes) {
  ProfileSet set;
  EXPECT_THAT(set.built_in_names(), Contains("kxy-cs001-2023"));
  EXPECT_THAT(set.built_in_names(), Contains("kxy-cs001-2023-mandatory"));
  for (const std::string& name : set.built_in_names()) EXPECT_TRUE(set.resolve(name)) << name;
  EXPECT_THAT(set.mistakes(), IsEmpty());
  EXPECT_EQ(set.resolve("kxy-cs001-2023")->requirements.size(), 156U);
  const auto mandatory = set.resolve("kxy-cs001-2023-mandatory");
  ASSERT_TRUE(mandatory);
  EXPECT_LT(mandatory->requirements.size(), 156U);
  for (const SelectedRequirement& one : mandatory->requirements) EXPECT_EQ(one.level, Level::kMandatory);
}

TEST(ProfileSetTest, ReadsSeveralDocumentsAndLists) {
  ProfileSet set;
  set.add({"two.yaml", profile_text("one") + "---\n" + profile_text("two")});
  set.add(
      {"list.yaml",
       "apiVersion: v1\nkind: List\nitems:\n- apiVersion: baseline.kxy.io/v1alpha1\n  kind: BaselineProfile\n"
       "  metadata: {name: three}\n  spec: {extends: two}\n"});
  EXPECT_THAT(set.mistakes(), IsEmpty());
  ASSERT_EQ(set.documents().size(), 3U);
  EXPECT_THAT(set.leaves(), ElementsAre("one", "three"));
  const auto three = set.resolve("three");
  ASSERT_TRUE(three);
  EXPECT_EQ(three->standard->id, "kxy-cs001-2023");
}

TEST(ProfileSetTest, LanguageCanBeAskedFor) {
  ProfileSet set;
  set.add({"a.yaml", profile_text("a", "  language: zh\n")});
  ASSERT_TRUE(set.resolve("a"));
  EXPECT_EQ(set.resolve("a")->language, Language::kChinese);
  EXPECT_EQ(set.resolve("a", Language::kEnglish)->language, Language::kEnglish);
}

TEST(ProfileSetTest, OtherKindsArePassedOverWithANote) {
  ProfileSet set;
  set.add({"a.yaml", "kind: ConfigMap\napiVersion: v1\n---\n" + profile_text("a")});
  EXPECT_THAT(set.mistakes(), IsEmpty());
  ASSERT_EQ(set.notes().size(), 1U);
  EXPECT_THAT(set.notes()[0].text(), HasSubstr("a.yaml:1: kind: ConfigMap"));
}

TEST(ProfileSetTest, AFilesProfileTakesThePlaceOfABuiltInOne) {
  ProfileSet set;
  set.add({"a.yaml", profile_text("kxy-cs001-2023", "  requirements: {include: [\"5.4\"]}\n")});
  const auto mine = set.resolve("kxy-cs001-2023");
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->requirements.size(), 12U);
}

TEST(ProfileSetTest, NamesAreThoseOfTheApi) {
  EXPECT_TRUE(is_object_name("a-1.b"));
  EXPECT_FALSE(is_object_name(""));
  EXPECT_FALSE(is_object_name("A"));
  EXPECT_FALSE(is_object_name("-a"));
  EXPECT_FALSE(is_object_name(std::string(254, 'a')));
}

}  // namespace
}  // namespace baseline::cli
