#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "objects/selector.h"

namespace baseline::objects {
namespace {

using cluster::LabelSelector;
using Operator = LabelSelector::Operator;

bool is_key_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
         c == '.' || c == '/';
}

// Labels that Calico adds by itself, for the orchestrator, the namespace and the account of a pod.
bool is_added(std::string_view key) {
  return key.starts_with("projectcalico.org/") || key.starts_with("pcns.") || key.starts_with("pcsa.");
}

// What is left of the text. Each function takes what it names off the front, or leaves the text as it is.
class Terms {
 public:
  explicit Terms(std::string_view text) : rest_(text) {}

  bool done() {
    skip_blanks();
    return rest_.empty();
  }
  bool take(std::string_view word) {
    skip_blanks();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  // A word that ends there: "in" is not the start of "info".
  bool take_word(std::string_view word) {
    skip_blanks();
    if (!rest_.starts_with(word) || (rest_.size() > word.size() && is_key_char(rest_[word.size()]))) {
      return false;
    }
    rest_.remove_prefix(word.size());
    return true;
  }
  std::string_view take_key() {
    skip_blanks();
    const auto* const end = std::ranges::find_if_not(rest_, is_key_char);
    const std::string_view key(rest_.begin(), end);
    rest_.remove_prefix(key.size());
    return key;
  }
  // 'text' or "text"; the language has no escapes.
  std::optional<std::string_view> take_text() {
    skip_blanks();
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return std::nullopt;
    const std::size_t end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
  std::string_view rest_;
};

bool take_values(Terms& terms, std::set<std::string, std::less<>>& out) {
  if (!terms.take("{")) return false;
  while (!terms.take("}")) {
    const auto text = terms.take_text();
    if (!text) return false;
    out.emplace(*text);
    terms.take(",");
  }
  return !out.empty();
}

// has(key)
bool take_has(Terms& terms, LabelSelector::Expression& out) {
  if (!terms.take("(")) return false;
  out.key = terms.take_key();
  return terms.take(")");
}

bool take_comparison(Terms& terms, LabelSelector::Expression& out) {
  out.key = terms.take_key();
  if (terms.take_word("in")) {
    out.op = Operator::kIn;
    return take_values(terms, out.values);
  }
  if (terms.take_word("not")) {
    out.op = Operator::kNotIn;
    return terms.take_word("in") && take_values(terms, out.values);
  }
  out.op = Operator::kIn;
  if (!terms.take("==")) {
    if (!terms.take("!=")) return false;
    out.op = Operator::kNotIn;
  }
  const auto text = terms.take_text();
  if (text) out.values.emplace(*text);
  return text.has_value();
}

bool take_term(Terms& terms, LabelSelector& out) {
  if (terms.take_word("all")) return terms.take("(") && terms.take(")");
  LabelSelector::Expression expression;
  const bool negated = terms.take("!");
  if (terms.take_word("has")) {
    expression.op = negated ? Operator::kDoesNotExist : Operator::kExists;
    if (!take_has(terms, expression)) return false;
  } else if (negated || !take_comparison(terms, expression)) {
    return false;
  }
  if (!is_label_key(expression.key) || is_added(expression.key)) return false;
  out.expressions.push_back(std::move(expression));
  return true;
}

}  // namespace

std::optional<LabelSelector> parse_calico_selector(std::string_view text) {
  LabelSelector out;
  Terms terms(text);
  if (terms.done()) return out;
  do {
    if (!take_term(terms, out)) return std::nullopt;
  } while (terms.take("&&"));
  return terms.done() ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace baseline::objects
