#include "baseline/phrase.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "phrase_templates.h"

namespace baseline {
namespace {

std::set<std::string> placeholders(const std::string& text) {
  static const std::regex kPlaceholder(R"(\{\d+\})");
  return {std::sregex_token_iterator(text.begin(), text.end(), kPlaceholder), std::sregex_token_iterator()};
}

// Keys written in the sources: phrase("key", …), Phrase{"key", …}, and both arms of a choice between two
// keys.
std::set<std::string> keys_in_sources() {
  static const std::regex kKey(
      R"re((?:\bphrase\(|Phrase\{)\s*(?:[^;"]*\?\s*)?"([a-z][a-z0-9.-]*)"(?:\s*:\s*"([a-z][a-z0-9.-]*)")?)re");
  std::set<std::string> keys;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(PROJECT_DIR) + "/baseline")) {
    if (entry.path().extension() != ".cc") continue;
    std::ifstream in(entry.path());
    std::ostringstream out;
    out << in.rdbuf();
    const std::string text = out.str();
    for (std::sregex_iterator it(text.begin(), text.end(), kKey), end; it != end; ++it) {
      keys.insert((*it)[1]);
      if ((*it)[2].matched) keys.insert((*it)[2]);
    }
  }
  return keys;
}

TEST(Phrases, EveryKeyInTheSourcesHasATemplate) {
  std::set<std::string> known;
  for (const test::PhraseTemplate& one : test::phrase_templates()) known.insert(one.key);
  const std::set<std::string> used = keys_in_sources();
  EXPECT_GT(used.size(), 80U);
  for (const std::string& key : used) EXPECT_TRUE(known.contains(key)) << key;
}

TEST(Phrases, BothLanguagesTakeTheSameArguments) {
  for (const test::PhraseTemplate& one : test::phrase_templates()) {
    EXPECT_FALSE(one.en.empty()) << one.key;
    EXPECT_FALSE(one.zh.empty()) << one.key;
    EXPECT_EQ(placeholders(one.en), placeholders(one.zh)) << one.key;
  }
}

TEST(Phrases, RenderInEitherLanguage) {
  const Phrase phrase{"files.mode", {"/etc/kubernetes/admin.conf", "644", "600"}};
  EXPECT_EQ(render(phrase, Language::kEnglish),
            "/etc/kubernetes/admin.conf has mode 644; 600 or stricter is required");
  EXPECT_EQ(render(phrase, Language::kChinese),
            "/etc/kubernetes/admin.conf 的权限为 644，要求为 600 或更严格");
}

TEST(Phrases, AnArgumentIsNeverReadAsATemplate) {
  EXPECT_EQ(render({"value.flag", {"{0}{1}"}}, Language::kEnglish), "{0}{1} (flag)");
}

TEST(Phrases, AnUnknownKeyShowsItselfAndItsArguments) {
  EXPECT_EQ(render({"no.such.key", {"a", "b"}}, Language::kEnglish), "no.such.key a b");
}

TEST(Phrases, LongArgumentsAreCutAtACharactersBorder) {
  std::string chinese;
  for (int i = 0; i < 300; ++i) chinese += "中";
  const std::string text = render({"subject.path", {chinese}}, Language::kChinese);
  EXPECT_EQ(text.size(), 510U + std::string("…").size());
  EXPECT_TRUE(text.ends_with("中…"));
}

}  // namespace
}  // namespace baseline
