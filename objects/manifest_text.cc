#include "objects/manifest_text.h"

#include <algorithm>
#include <charconv>

namespace baseline::objects {
namespace {

bool is_separator(std::string_view line) {
  return line.starts_with("---") &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

// Blank, a comment, or a directive: what may stand before the "---" of the same document.
bool is_preamble(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r\xEF\xBB\xBF");
  return first == std::string_view::npos || line[first] == '#' || line.front() == '%';
}

// Takes the first step of a path off: a key, or the number of an element.
struct Step {
  std::string_view key;
  std::size_t index = 0;
  bool is_index = false;
};

Step take_step(std::string_view& path) {
  Step step;
  if (path.starts_with("[\"")) {
    const std::size_t end = std::min(path.find("\"]"), path.size());
    step.key = path.substr(2, end - 2);
    path.remove_prefix(std::min(end + 2, path.size()));
  } else if (path.starts_with('[')) {
    const std::size_t end = std::min(path.find(']'), path.size());
    std::from_chars(path.data() + 1, path.data() + end, step.index);
    step.is_index = true;
    path.remove_prefix(std::min(end + 1, path.size()));
  } else {
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    step.key = path.substr(0, end);
    path.remove_prefix(end);
  }
  if (path.starts_with('.')) path.remove_prefix(1);
  return step;
}

}  // namespace

std::vector<TextDocument> split_documents(std::string_view text) {
  std::vector<TextDocument> out;
  std::size_t begin = 0;
  int begin_line = 1;
  bool has_content = false;
  int line = 1;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view row = text.substr(at, end - at);
    if (is_separator(row)) {
      if (has_content) {
        out.push_back({text.substr(begin, at - begin), begin_line});
        begin = at;
        begin_line = line;
      }
      has_content = true;
    } else if (!is_preamble(row)) {
      has_content = true;
    }
    at = end + 1;
  }
  if (has_content) out.push_back({text.substr(begin), begin_line});
  return out;
}

int line_at(const base::Value& document, std::string_view path) {
  const base::Value* at = &document;
  int line = document.line();
  while (!path.empty()) {
    const Step step = take_step(path);
    const bool there = step.is_index ? step.index < at->items().size() : at->contains(step.key);
    if (!there) break;
    at = step.is_index ? &at->items()[step.index] : at->find(step.key);
    if (at->line() != 0) line = at->line();
  }
  return line;
}

std::optional<int> template_line(std::string_view text) {
  const std::size_t at = text.find("{{");
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<int>(std::ranges::count(text.substr(0, at), '\n')) + 1;
}

bool looks_like_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '{') return false;
  return first + 1 == text.size() || text[first + 1] != '{';
}

}  // namespace baseline::objects
