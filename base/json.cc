#include "base/json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_value.h"

namespace baseline::base {

Value value_from(simdjson::dom::element element, LeftOut left_out) {
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY: {
      Value list = Value::list();
      const simdjson::dom::array array = element.get_array().value_unsafe();
      for (const auto item : array) list.push_back(value_from(item, left_out));
      return list;
    }
    case simdjson::dom::element_type::OBJECT: {
      Value::Map map;
      const simdjson::dom::object object = element.get_object().value_unsafe();
      for (const auto field : object) {
        if (left_out && left_out(field.key)) continue;
        map.emplace_back(std::string(field.key), value_from(field.value, left_out));
      }
      return map;
    }
    case simdjson::dom::element_type::INT64:
      return element.get_int64().value_unsafe();
    case simdjson::dom::element_type::UINT64:
      return static_cast<double>(element.get_uint64().value_unsafe());
    case simdjson::dom::element_type::DOUBLE:
      return element.get_double().value_unsafe();
    case simdjson::dom::element_type::STRING:
      return Value(element.get_string().value_unsafe());
    case simdjson::dom::element_type::BOOL:
      return element.get_bool().value_unsafe();
    case simdjson::dom::element_type::NULL_VALUE:
      break;
  }
  return {};
}

namespace {

bool looks_truncated(simdjson::error_code code) {
  return code == simdjson::UNCLOSED_STRING || code == simdjson::EMPTY || code == simdjson::TAPE_ERROR ||
         code == simdjson::INCOMPLETE_ARRAY_OR_OBJECT;
}

}  // namespace

Result<Value> parse_json(std::string_view text, std::string_view name, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    return fail(ErrorCode::kLimit,
                fmt::format("the text has {} bytes, more than the {} that are read", text.size(), max_bytes),
                std::string(name));
  }
  simdjson::dom::parser parser;
  if (const auto error = parser.allocate(text.size(), 64)) {
    return fail(ErrorCode::kLimit, simdjson::error_message(error), std::string(name));
  }
  const auto result = parser.parse(text.data(), text.size());
  if (const auto error = result.error()) {
    return fail(looks_truncated(error) ? ErrorCode::kCorrupt : ErrorCode::kInvalid,
                fmt::format("not valid JSON: {}", simdjson::error_message(error)), std::string(name));
  }
  return value_from(result.value_unsafe());
}

}  // namespace baseline::base
