#include "phrase_templates.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/yaml.h"

namespace baseline::test {

std::vector<PhraseTemplate> phrase_templates() {
  std::vector<PhraseTemplate> all;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(PROJECT_DIR) + "/baseline")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with("phrases.yaml")) continue;
    std::ifstream in(entry.path());
    std::ostringstream text;
    text << in.rdbuf();
    const auto document = base::parse_yaml(text.str(), name);
    EXPECT_TRUE(document) << document.error().text();
    if (!document) continue;
    for (const auto& [key, value] : (*document)["phrases"].members()) {
      all.push_back({key, value["en"].as_string(), value["zh"].as_string()});
    }
  }
  return all;
}

void expect_whole(const Phrase& phrase) {
  static const std::vector<PhraseTemplate> templates = phrase_templates();
  const auto found = std::ranges::find(templates, phrase.key, &PhraseTemplate::key);
  ASSERT_NE(found, templates.end()) << "no template for the key " << phrase.key;
  for (const std::string* text : {&found->en, &found->zh}) {
    for (std::size_t i = 0; i < 6; ++i) {
      const bool used = text->find("{" + std::to_string(i) + "}") != std::string::npos;
      EXPECT_EQ(used, i < phrase.args.size()) << phrase.key << ": {" << i << "} in \"" << *text << "\"";
    }
  }
}

}  // namespace baseline::test
