#include "objects/selector.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

namespace baseline::objects {
namespace {

using cluster::LabelSelector;
using Operator = LabelSelector::Operator;

constexpr std::size_t kLongestName = 63;
constexpr std::size_t kLongestPrefix = 253;

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && is_alnum(name.front()) && is_alnum(name.back()) &&
         std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_dns_prefix(std::string_view prefix) {
  return !prefix.empty() && prefix.size() <= kLongestPrefix && std::ranges::all_of(prefix, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
  });
}

std::optional<Operator> operator_of(std::string_view name) {
  if (name == "In") return Operator::kIn;
  if (name == "NotIn") return Operator::kNotIn;
  if (name == "Exists") return Operator::kExists;
  if (name == "DoesNotExist") return Operator::kDoesNotExist;
  return std::nullopt;
}

// The key of a label as pods have it; empty for one that no label has.
using KeyReader = std::optional<std::string_view> (*)(std::string_view key);

std::optional<std::string_view> plain_key(std::string_view key) {
  return is_label_key(key) ? std::optional(key) : std::nullopt;
}

// "k8s:" and "any:" before a key name where the label comes from. Labels that Cilium adds by itself tell of
// namespaces, accounts and nodes; pods do not have them.
std::optional<std::string_view> cilium_key(std::string_view key) {
  for (const std::string_view source : {"k8s:", "any:"}) {
    if (key.starts_with(source)) key.remove_prefix(source.size());
  }
  const bool added = key.starts_with("io.cilium.") || key.starts_with("io.kubernetes.");
  return added ? std::nullopt : plain_key(key);
}

bool read_values(Json value, std::set<std::string, std::less<>>& out) {
  if (value.is_null()) return true;
  simdjson::dom::array array;
  if (value.get_array().get(array)) return false;
  for (const Json element : array) {
    std::string_view text;
    if (element.get_string().get(text) || !is_label_value(text)) return false;
    out.emplace(text);
  }
  return true;
}

bool read_expression(Json value, KeyReader key_reader, LabelSelector::Expression& out) {
  simdjson::dom::object object;
  if (value.get_object().get(object)) return false;
  std::optional<Operator> op;
  for (const auto member : object) {
    std::string_view text;
    if (member.key == "values") {
      if (!read_values(member.value, out.values)) return false;
    } else if (member.key == "key") {
      if (member.value.get_string().get(text)) return false;
      const auto key = key_reader(text);
      if (!key) return false;
      out.key = *key;
    } else if (member.key == "operator") {
      if (member.value.get_string().get(text)) return false;
      op = operator_of(text);
    }
  }
  if (!op || out.key.empty()) return false;
  out.op = *op;
  const bool wants_values = *op == Operator::kIn || *op == Operator::kNotIn;
  return wants_values == !out.values.empty();
}

bool read_expressions(Json value, KeyReader key_reader, LabelSelector& out) {
  if (value.is_null()) return true;
  simdjson::dom::array array;
  if (value.get_array().get(array)) return false;
  for (const Json element : array) {
    if (!read_expression(element, key_reader, out.expressions.emplace_back())) return false;
  }
  return true;
}

bool read_match_labels(Json value, KeyReader key_reader, LabelSelector& out) {
  if (value.is_null()) return true;
  simdjson::dom::object object;
  if (value.get_object().get(object)) return false;
  for (const auto member : object) {
    std::string_view text;
    const auto key = key_reader(member.key);
    if (!key || member.value.get_string().get(text) || !is_label_value(text)) return false;
    out.match_labels.insert_or_assign(std::string(*key), std::string(text));
  }
  return true;
}

// Whether nothing of the selector goes beyond what is read of one; else the reader knows.
bool within_limits(Reader& reader, simdjson::dom::object selector) {
  std::size_t parts = 0;
  std::size_t values = 0;
  for (const auto member : selector) {
    simdjson::dom::object labels;
    simdjson::dom::array expressions;
    if (member.key == "matchLabels" && !member.value.get_object().get(labels)) parts += labels.size();
    if (member.key != "matchExpressions" || member.value.get_array().get(expressions)) continue;
    parts += expressions.size();
    if (parts > kMostSelectorParts) break;
    for (const Json expression : expressions) {
      simdjson::dom::array of_it;
      if (!expression["values"].get_array().get(of_it)) values += of_it.size();
    }
  }
  if (parts > kMostSelectorParts) reader.too_many("labels, expressions", kMostSelectorParts);
  if (values > kMostSelectorValues) reader.too_many("values", kMostSelectorValues);
  return parts <= kMostSelectorParts && values <= kMostSelectorValues;
}

bool read_into(Reader& reader, Json value, KeyReader key_reader, LabelSelector& out) {
  if (value.is_null()) return true;
  simdjson::dom::object object;
  if (value.get_object().get(object) || !within_limits(reader, object)) return false;
  for (const auto member : object) {
    if (member.key == "matchLabels" && !read_match_labels(member.value, key_reader, out)) return false;
    if (member.key == "matchExpressions" && !read_expressions(member.value, key_reader, out)) return false;
  }
  return true;
}

LabelSelector invalid() {
  LabelSelector out;
  out.invalid = true;
  return out;
}

}  // namespace

bool is_label_key(std::string_view key) {
  const std::size_t slash = key.find('/');
  if (slash == std::string_view::npos) return is_name(key);
  return is_dns_prefix(key.substr(0, slash)) && is_name(key.substr(slash + 1));
}

bool is_label_value(std::string_view value) {
  return value.empty() || is_name(value);
}

LabelSelector read_selector(Reader& reader, Json value) {
  LabelSelector out;
  return read_into(reader, value, plain_key, out) ? out : invalid();
}

std::optional<LabelSelector> read_cilium_selector(Reader& reader, Json value) {
  LabelSelector out;
  return read_into(reader, value, cilium_key, out) ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace baseline::objects
