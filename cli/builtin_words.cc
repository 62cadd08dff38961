#include <string_view>

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

// The table of builtin_words.yaml; a test holds it free of mistakes.
const base::Value& table() {
  static const base::Value loaded = [] {
    const embedded::File& file = embedded::builtin_words_files.front();
    return base::parse_yaml(file.content, file.name).value_or(base::Value());
  }();
  return loaded;
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
  std::string text = table()[check.name][say(language, "en", "zh")].as_string();
  replace(text, "{rule}", rule_of(requirement, check, language));
  for (const auto& [key, operand] : check.with) {
    replace(text, "{" + key + "}", operand_words(requirement, operand, language));
  }
  return text;
}

}  // namespace cli
}  // namespace baseline
