#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace baseline::objects {

// One document of a YAML text.
struct TextDocument {
  std::string_view text;
  int line = 1;  // of its first line
};

// Cuts a text at its lines of "---", so that a broken document costs only itself.
std::vector<TextDocument> split_documents(std::string_view text);

// The line of what a path such as spec.containers[3].image or metadata.labels["a.b/c"] leads to, or of the
// deepest part of it that is there. 0 when not even the document has one.
int line_at(const base::Value& document, std::string_view path);

// The line (from 1) of the first "{{", which only a template has; empty when there is none.
std::optional<int> template_line(std::string_view text);

// Whether the text is meant as JSON: it starts with "{", and not with "{{".
bool looks_like_json(std::string_view text);

}  // namespace baseline::objects
