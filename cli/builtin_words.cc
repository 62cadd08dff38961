#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "base/yaml.h"
#include "cli/check_words.h"
#include "cli/language.h"

namespace baseline {
namespace embedded {
extern const std::span<const File> builtin_words_files;
}

namespace cli {
namespace {

// The tables of builtin_words.yaml and object_words.yaml; a test holds them complete and free of mistakes.
const base::Value& words_of(const std::string& builtin) {
  static const std::vector<base::Value> tables = [] {
    std::vector<base::Value> all;
    for (const embedded::File& file : embedded::builtin_words_files) {
      all.push_back(base::parse_yaml(file.content, file.name).value_or(base::Value()));
    }
    return all;
  }();
  static const base::Value none;
  for (const base::Value& table : tables) {
    if (const base::Value* words = table.find(builtin)) return *words;
  }
  return none;
}

// The part of a sentence that depends on which argument is given.
std::string rule_of(const Requirement& requirement, const BuiltinCheck& check, Language language) {
  if (const Operand* item = check.argument("contains")) {
    return sayf(language, "must include {}", "必须包含 {}", operand_words(requirement, *item, language));
  }
  if (const Operand* item = check.argument("lacks")) {
    return sayf(language, "must not include {}", "不得包含 {}", operand_words(requirement, *item, language));
  }
  return {};
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

std::string builtin_words(const Requirement& requirement, const BuiltinCheck& check, Language language) {
  std::string text = words_of(check.name)[say(language, "en", "zh")].as_string();
  replace(text, "{rule}", rule_of(requirement, check, language));
  for (const auto& [key, operand] : check.with) {
    replace(text, "{" + key + "}", operand_words(requirement, operand, language));
  }
  return text;
}

}  // namespace cli
}  // namespace baseline
