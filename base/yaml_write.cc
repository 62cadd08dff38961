#include <yaml-cpp/emitter.h>

#include "base/printable.h"
#include "base/yaml.h"
#include "base/yaml_scalar.h"

namespace baseline::base {
namespace {

// Whether the block form reads back as the same text. It ends with exactly one line end, its first line says
// how deep it is indented, and nothing in it can be escaped.
bool is_block(std::string_view text) {
  return text.ends_with('\n') && !text.ends_with("\n\n") && text.front() != ' ' && text.front() != '\n' &&
         !text.contains('\t') && !has_hidden(text, Breaks::kKept);
}

// What must be quoted and is not by yaml-cpp: what begins or ends a document at the beginning of a line, and
// what is lost between words.
bool needs_quotes(std::string_view text) {
  return text.starts_with("---") || text.starts_with("...") || text == "<<" || has_hidden(text);
}

// The next text in double quotes; what is not seen in it, as escapes.
void quote(YAML::Emitter& out, std::string_view text) {
  if (has_hidden(text)) out << YAML::EscapeNonAscii;
  out << YAML::DoubleQuoted;
}

void emit(YAML::Emitter& out, const Value& value) {
  if (value.is_map()) {
    if (value.members().empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const auto& [key, member] : value.members()) {
      out << YAML::Key;
      if (needs_quotes(key) || plain_scalar(key).is_null()) quote(out, key);
      out << key << YAML::Value;
      emit(out, member);
    }
    out << YAML::EndMap;
  } else if (value.is_list()) {
    if (value.items().empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const Value& item : value.items()) emit(out, item);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    const std::string& text = value.as_string();
    if (is_block(text)) {
      out << YAML::Literal;
    } else if (needs_quotes(text) || !plain_scalar(text).is_string()) {
      quote(out, text);  // else it would read back as another type, or as none
    }
    out << text;
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    std::string text = value.scalar_text();
    // A number that is no integer stays one.
    if (value.is_number() && !value.is_int() && text.find_first_of(".e") == std::string::npos) text += ".0";
    out << text;
  }
}

}  // namespace

std::string write_yaml(const Value& value) {
  YAML::Emitter out;
  out.SetIndent(2);
  emit(out, value);
  return std::string(out.c_str()) + "\n";
}

}  // namespace baseline::base
