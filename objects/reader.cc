#include "objects/reader.h"

#include <limits>

#include <fmt/format.h>

namespace baseline::objects {
namespace {

constexpr std::size_t kLongestKey = 128;

bool is_plain(std::string_view key) {
  return key.find_first_of(".[]\"") == std::string_view::npos;
}

}  // namespace

std::string_view type_name(Json value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "array";
    case simdjson::dom::element_type::OBJECT:
      return "object";
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
    case simdjson::dom::element_type::DOUBLE:
      return "number";
    case simdjson::dom::element_type::STRING:
      return "string";
    case simdjson::dom::element_type::BOOL:
      return "boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      break;
  }
  return "null";
}

void Reader::text(Json value, std::string& out) {
  std::string_view view;
  if (!value.get_string().get(view)) {
    out = view;
  } else if (!value.is_null()) {
    wrong("string", value);
  }
}

void Reader::flag(Json value, bool& out) {
  bool is = false;
  if (!value.get_bool().get(is)) {
    out = is;
  } else if (!value.is_null()) {
    wrong("boolean", value);
  }
}

void Reader::flag(Json value, std::optional<bool>& out) {
  bool is = out.value_or(false);
  if (value.is_null()) return;
  flag(value, is);
  out = is;
}

void Reader::number(Json value, std::optional<std::int64_t>& out) {
  std::int64_t is = 0;
  if (!value.get_int64().get(is)) {
    out = is;
  } else if (!value.is_null()) {
    wrong("integer", value);
  }
}

void Reader::number(Json value, int& out) {
  std::optional<std::int64_t> is;
  number(value, is);
  if (!is) return;
  if (*is < std::numeric_limits<int>::min() || *is > std::numeric_limits<int>::max()) {
    return wrong("32-bit integer", value);
  }
  out = static_cast<int>(*is);
}

void Reader::texts(Json value, std::vector<std::string>& out) {
  items(value, [&](Json element) {
    text(element, out.emplace_back());
    return true;
  });
}

void Reader::text_of(Json value, std::string_view key, std::string& out) {
  fields(value, [&](std::string_view name, Json member) {
    if (name == key) text(member, out);
  });
}

std::string Reader::way(std::string_view below) const {
  std::string out;
  for (const Step& step : way_) {
    if (step.key.data() == nullptr) {
      out += fmt::format("[{}]", step.index);
    } else if (is_plain(step.key)) {
      out += fmt::format("{}{}", out.empty() ? "" : ".", step.key.substr(0, kLongestKey));
    } else {
      out += fmt::format("[\"{}\"]", step.key.substr(0, kLongestKey));
    }
  }
  if (!out.empty() && !below.empty()) out += '.';
  return out += below;
}

void Reader::wrong(std::string_view expected, Json found) {
  if (!error_) error_ = ParseError{{}, way(), std::string(expected), std::string(type_name(found))};
}

void Reader::too_many(std::string_view what, std::size_t most) {
  if (!error_)
    error_ =
        ParseError{{}, way(), fmt::format("{} ≤ {}", what, most), fmt::format("{} > {}", what, most), true};
}

void Reader::missing(std::string_view path, std::string_view expected) {
  if (!error_) error_ = ParseError{{}, way(path), std::string(expected), "null"};
}

void Reader::reset() {
  way_.clear();
  items_ = 0;
  error_.reset();
}

}  // namespace baseline::objects
