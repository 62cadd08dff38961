#include "base/printable.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"

namespace baseline::base {
namespace {

struct Range {
  char32_t first, last;
};

// Unicode 16: categories Cc, Zl and Zp, Default_Ignorable_Code_Point without the variation selectors, and
// interlinear annotations. In order.
constexpr std::array kHidden{
    Range{0x00, 0x1F},       Range{0x7F, 0x9F},       Range{0xAD, 0xAD},       Range{0x34F, 0x34F},
    Range{0x61C, 0x61C},     Range{0x115F, 0x1160},   Range{0x17B4, 0x17B5},   Range{0x180E, 0x180E},
    Range{0x200B, 0x200F},   Range{0x2028, 0x202E},   Range{0x2060, 0x206F},   Range{0x3164, 0x3164},
    Range{0xFDD0, 0xFDEF},   Range{0xFEFF, 0xFEFF},   Range{0xFFA0, 0xFFA0},   Range{0xFFF0, 0xFFFB},
    Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A}, Range{0xE0000, 0xE00FF}, Range{0xE01F0, 0xE0FFF}};

bool is_hidden(char32_t c) {
  if ((c & 0xFFFEU) == 0xFFFE) return true;  // the last two of each plane are no characters
  const auto* const range = std::ranges::lower_bound(kHidden, c, {}, &Range::last);
  return range != kHidden.end() && c >= range->first;
}

bool is_plain(char c) {
  return c >= 0x20 && c < 0x7F;
}

// Where the first character stands that is not plain ASCII: nearly every text has none.
std::size_t plain_prefix(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
}

bool is_kept(char32_t c, Breaks breaks) {
  return breaks == Breaks::kKept && (c == U'\n' || c == U'\t');
}

void append_escape(std::string& out, char32_t c) {
  const auto code = static_cast<std::uint32_t>(c);
  if (c == U'\n') {
    out += "\\n";
  } else if (c == U'\t') {
    out += "\\t";
  } else if (c == U'\r') {
    out += "\\r";
  } else if (c <= 0xFFFF) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
  } else {
    fmt::format_to(std::back_inserter(out), "\\U{:08x}", code);
  }
}

void append_json_escape(std::string& out, char32_t c) {
  const auto code = static_cast<std::uint32_t>(c);
  if (code <= 0xFFFF) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xD7C0U + (code >> 10U),
                   0xDC00U + (code & 0x3FFU));
  }
}

// Copies `text`, but what is hidden and not kept goes to `escape`.
template <typename Keep, typename Escape>
std::string replaced(std::string_view text, const Keep& kept, const Escape& escape) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = plain_prefix(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::string_view at = text;
    const char32_t c = take_utf8(text);
    if (is_hidden(c) && !kept(c)) {
      escape(out, c);
    } else if (c == kReplacement) {
      out += kReplacementText;
    } else {
      out += at.substr(0, at.size() - text.size());
    }
  }
  return out;
}

template <typename Predicate>
bool any_character(std::string_view text, const Predicate& predicate) {
  for (text.remove_prefix(plain_prefix(text)); !text.empty(); text.remove_prefix(plain_prefix(text))) {
    if (predicate(take_utf8(text))) return true;
  }
  return false;
}

bool is_clean(std::string_view text, Breaks breaks) {
  return !any_character(
      text, [breaks](char32_t c) { return c == kReplacement || (is_hidden(c) && !is_kept(c, breaks)); });
}

// Nearly every document is: then it need not be copied.
bool is_clean(const Value& value, Breaks breaks) {
  return is_clean(std::string_view(value.as_string()), breaks) &&
         std::ranges::all_of(value.items(), [breaks](const Value& item) { return is_clean(item, breaks); }) &&
         std::ranges::all_of(value.members(), [breaks](const Value::Member& member) {
           return is_clean(std::string_view(member.first), Breaks::kEscaped) &&
                  is_clean(member.second, breaks);
         });
}

Value cleaned(const Value& value, Breaks breaks) {
  if (value.is_string()) return printable(value.as_string(), breaks);
  if (value.is_list()) {
    Value list = Value::list();
    for (const Value& item : value.items()) list.push_back(cleaned(item, breaks));
    return list;
  }
  if (!value.is_map()) return value;
  Value map = Value::map();
  for (const auto& [key, member] : value.members()) map.set(printable(key), cleaned(member, breaks));
  return map;
}

}  // namespace

std::string printable(std::string_view text, Breaks breaks) {
  return replaced(text, [breaks](char32_t c) { return is_kept(c, breaks); }, append_escape);
}

bool has_hidden(std::string_view text, Breaks breaks) {
  return any_character(text, [breaks](char32_t c) { return is_hidden(c) && !is_kept(c, breaks); });
}

Value printable_document(Value value, Breaks breaks) {
  return is_clean(value, breaks) ? std::move(value) : cleaned(value, breaks);
}

std::string escaped_json(std::string json) {
  const auto kept = [](char32_t c) { return c == U'\n'; };
  return has_hidden(json, Breaks::kKept) ? replaced(json, kept, append_json_escape) : std::move(json);
}

}  // namespace baseline::base
