#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "baseline/phrase.h"

namespace baseline::controllers {
namespace {

// Every "node-…" and "runner-…" that a source of this room makes a Phrase of.
std::set<std::string> keys_in_sources() {
  static const std::regex kPhrase(R"re(\{"((?:node|runner)-[a-z-]+)",\s*\{)re");
  std::set<std::string> keys;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(PROJECT_DIR) + "/controllers")) {
    if (entry.path().extension() != ".cc") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator it(source.begin(), source.end(), kPhrase), end; it != end; ++it)
      keys.insert((*it)[1]);
  }
  return keys;
}

TEST(PhraseKeys, OfTheControllersExistInBothLanguages) {
  const auto keys = keys_in_sources();
  EXPECT_GE(keys.size(), 18U);
  for (const std::string& key : keys) {
    const std::string en = render({key, {}}, Language::kEnglish), zh = render({key, {}}, Language::kChinese);
    EXPECT_NE(en, key);
    EXPECT_NE(zh, key);
    EXPECT_FALSE(en.empty()) << key;
    EXPECT_NE(en, zh) << key;
  }
}

// A report in progress is searched for these words by whichever version of the operator takes it over.
TEST(PhraseKeys, TheMarkOfAnAwaitedNodeNeverChanges) {
  EXPECT_EQ(render({"node-awaited", {}}, Language::kEnglish), "awaited");
  EXPECT_EQ(render({"node-awaited", {}}, Language::kChinese), "等待上报");
}

}  // namespace
}  // namespace baseline::controllers
