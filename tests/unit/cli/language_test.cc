#include "cli/language.h"

#include <map>

#include <gtest/gtest.h>

namespace baseline::cli {
namespace {

Language of(std::map<std::string, std::string> environment) {
  return language_from_environment([&](const std::string& name) { return environment[name]; });
}

TEST(LanguageTest, TheFirstVariableThatIsSetDecides) {
  EXPECT_EQ(of({}), Language::kEnglish);
  EXPECT_EQ(of({{"LANG", "zh_CN.UTF-8"}}), Language::kChinese);
  EXPECT_EQ(of({{"LANG", "zh_CN.UTF-8"}, {"LC_ALL", "C"}}), Language::kEnglish);
  EXPECT_EQ(of({{"LANG", "en_GB.UTF-8"}, {"LC_MESSAGES", "zh_TW"}}), Language::kChinese);
  EXPECT_EQ(of({{"LANG", "zh_CN.UTF-8"}, {"LC_ALL", ""}}), Language::kChinese);
  EXPECT_EQ(of({{"LANG", "de_DE.UTF-8"}}), Language::kEnglish);
}

TEST(LanguageTest, EveryStatusAndLevelHasAWordInEachLanguage) {
  std::map<std::string_view, int> words;
  for (const Status status : {Status::kPass, Status::kFail, Status::kManual, Status::kNotApplicable,
                              Status::kError, Status::kWaived, Status::kNotChecked}) {
    EXPECT_EQ(status_word(status, Language::kEnglish), to_string(status));
    EXPECT_NE(status_word(status, Language::kChinese), to_string(status));
    ++words[status_word(status, Language::kChinese)];
  }
  EXPECT_EQ(words.size(), 7U);
  EXPECT_NE(level_word(Level::kMandatory, Language::kChinese),
            level_word(Level::kRecommended, Language::kChinese));
}

TEST(LanguageTest, ListsAreDividedAsTheLanguageDoesIt) {
  EXPECT_EQ(join({"a", "b"}, Language::kEnglish), "a, b");
  EXPECT_EQ(join({"a", "b"}, Language::kChinese), "a、b");
  EXPECT_EQ(join({}, Language::kChinese), "");
}

}  // namespace
}  // namespace baseline::cli
