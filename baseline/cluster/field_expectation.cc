#include "baseline/cluster/field_expectation.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/go_scalar.h"
#include "baseline/operand.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

using Kind = Expectation::Kind;
using base::Value;

constexpr std::size_t kMaxShown = 200;
constexpr std::size_t kMaxItemsShown = 10;

bool is_scalar(const Value& value) {
  return value.is_bool() || value.is_number() || value.is_string();
}

bool is_empty(const Value& value) {
  if (value.is_string()) return value.as_string().empty();
  if (value.is_list()) return value.items().empty();
  return value.is_null() || (value.is_map() && value.members().empty());
}

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(' ');
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(' ') - start + 1);
}

// The items of a list, the keys of a map, the parts of a text between commas. Nothing for a list of lists.
std::optional<std::vector<std::string>> items_of(const Value& value) {
  std::vector<std::string> items;
  if (value.is_list()) {
    for (const Value& item : value.items()) {
      if (!is_scalar(item)) return std::nullopt;
      items.push_back(item.scalar_text());
    }
  } else if (value.is_map()) {
    for (const auto& [key, member] : value.members()) items.push_back(key);
  } else {
    const std::string text = value.scalar_text();
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (const auto part = trimmed(rest.substr(0, comma)); !part.empty()) items.emplace_back(part);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return items;
}

std::optional<std::int64_t> integer_of(const Value& value) {
  if (value.is_int()) return value.as_int();
  return base::parse_go_int(value.as_string());
}

std::optional<bool> within(const Expectation& expect, const Value& found,
                           const SelectedRequirement& selected) {
  const auto number = integer_of(found);
  if (!number) return std::nullopt;
  return (!expect.minimum || *number >= value_of(*expect.minimum, selected).as_int()) &&
         (!expect.maximum || *number <= value_of(*expect.maximum, selected).as_int());
}

std::optional<bool> has(const Value& found, const Value& wanted) {
  const auto items = items_of(found);
  if (!items) return std::nullopt;
  return std::ranges::find(*items, wanted.scalar_text()) != items->end();
}

std::optional<bool> is_subset(const Value& found, const Value& allowed) {
  const auto items = items_of(found);
  if (!items) return std::nullopt;
  return !items->empty() && std::ranges::all_of(*items, [&](const std::string& item) {
    return std::ranges::any_of(allowed.items(), [&](const Value& one) { return one.as_string() == item; });
  });
}

std::optional<bool> equals(const Value& found, const Value& wanted) {
  if (!is_scalar(found)) return std::nullopt;
  return found.scalar_text() == wanted.scalar_text();
}

std::optional<bool> negated(std::optional<bool> holds) {
  if (holds) holds = !*holds;
  return holds;
}

Phrase bounds_phrase(const Expectation& expect, bool inverted, const SelectedRequirement& selected) {
  const auto text = [&](const std::optional<Operand>& bound) { return shown(value_of(*bound, selected)); };
  if (!expect.minimum && !expect.maximum) return {};
  if (!expect.maximum) {
    return inverted ? phrase("field.below", text(expect.minimum))
                    : phrase("expected.at-least", text(expect.minimum));
  }
  if (!expect.minimum) {
    return inverted ? phrase("expected.above", text(expect.maximum))
                    : phrase("expected.at-most", text(expect.maximum));
  }
  if (inverted) return phrase("field.outside", text(expect.minimum), text(expect.maximum));
  return phrase("expected.between", text(expect.minimum), text(expect.maximum));
}

}  // namespace

std::optional<bool> meets(const Expectation& expect, const Value& found,
                          const SelectedRequirement& selected) {
  const Value& wanted = value_of(expect.value, selected);
  switch (expect.kind) {
    case Kind::kSet:
      return !is_empty(found);
    case Kind::kUnset:
      return is_empty(found);
    case Kind::kEquals:
      return equals(found, wanted);
    case Kind::kNotEquals:
      return negated(equals(found, wanted));
    case Kind::kContains:
      return has(found, wanted);
    case Kind::kLacks:
      return negated(has(found, wanted));
    case Kind::kInteger:
      return within(expect, found, selected);
    case Kind::kSubsetOf:
      return is_subset(found, wanted);
    case Kind::kDuration:
    case Kind::kLoopback:
    case Kind::kFile:
      break;  // the parser refuses them
  }
  return std::nullopt;
}

Phrase expected_of(const Expectation& expect, bool inverted, const SelectedRequirement& selected) {
  const std::string wanted = shown(value_of(expect.value, selected));
  const auto either = [&](std::string_view key, std::string_view inverse) {
    return Phrase{std::string(inverted ? inverse : key), {wanted}};
  };
  switch (expect.kind) {
    case Kind::kSet:
      return inverted ? phrase("expected.unset") : phrase("expected.set");
    case Kind::kUnset:
      return inverted ? phrase("expected.set") : phrase("expected.unset");
    case Kind::kEquals:
      return either("expected.equals", "expected.not-equals");
    case Kind::kNotEquals:
      return either("expected.not-equals", "expected.equals");
    case Kind::kContains:
      return either("expected.contains", "expected.lacks");
    case Kind::kLacks:
      return either("expected.lacks", "expected.contains");
    case Kind::kSubsetOf:
      return either("expected.subset", "field.none-of");
    case Kind::kInteger:
    case Kind::kDuration:
      return bounds_phrase(expect, inverted, selected);
    case Kind::kLoopback:
    case Kind::kFile:
      break;
  }
  return {};
}

std::string shown(const Value& value) {
  if (is_scalar(value)) {
    const std::string text = value.scalar_text();
    return text.empty() ? "\"\"" : cut_text(text, kMaxShown);
  }
  std::vector<std::string> parts;
  const auto add = [&](std::string part) {
    if (parts.size() > kMaxItemsShown) return;
    parts.push_back(parts.size() == kMaxItemsShown ? "…" : std::move(part));
  };
  for (const Value& item : value.items()) add(is_scalar(item) ? item.scalar_text() : "{…}");
  for (const auto& [key, member] : value.members()) add(key);
  const std::string text = join(parts, ",");
  return text.empty() ? "\"\"" : cut_text(text, kMaxShown);
}

std::string_view json_type(const Value& value) {
  if (value.is_map()) return "object";
  if (value.is_list()) return "array";
  if (value.is_string()) return "string";
  if (value.is_bool()) return "boolean";
  return value.is_number() ? "number" : "null";
}

}  // namespace baseline::cluster
