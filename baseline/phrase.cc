#include "baseline/phrase.h"

#include <charconv>
#include <map>

#include "base/embedded.h"
#include "base/printable.h"
#include "base/yaml.h"

namespace baseline {
namespace embedded {
extern const std::span<const File> phrase_files;
}

namespace {

constexpr std::size_t kMaxArgument = 512;

using Templates = std::map<std::string, Localized, std::less<>>;

const Templates& templates() {
  static const Templates table = [] {
    Templates read;
    for (const embedded::File& file : embedded::phrase_files) {
      const auto document = base::parse_yaml(file.content, file.name);
      if (!document) continue;
      for (const auto& [key, value] : (*document)["phrases"].members()) {
        read[key] = {value["en"].as_string(), value["zh"].as_string()};
      }
    }
    return read;
  }();
  return table;
}

// Cuts at a character's border: a continuation byte never starts what is left out.
std::string_view bounded(std::string_view text) {
  if (text.size() <= kMaxArgument) return text;
  std::size_t end = kMaxArgument;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

void append_argument(std::string& out, std::string_view argument) {
  const std::string_view shown = bounded(argument);
  out += base::printable(shown);
  if (shown.size() < argument.size()) out += "…";
}

std::string without_template(const Phrase& phrase) {
  std::string out = phrase.key;
  for (const std::string& argument : phrase.args) {
    out += ' ';
    append_argument(out, argument);
  }
  return out;
}

}  // namespace

std::string render(const Phrase& phrase, Language language) {
  const auto found = templates().find(phrase.key);
  if (found == templates().end()) return without_template(phrase);
  const std::string_view text = found->second.in(language);
  std::string out;
  out.reserve(text.size() + 64);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    std::size_t index = 0;
    if (close != std::string_view::npos &&
        std::from_chars(text.data() + at + 1, text.data() + close, index).ptr == text.data() + close &&
        index < phrase.args.size()) {
      append_argument(out, phrase.args[index]);
      at = close;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace baseline
