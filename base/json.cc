#include "base/json.h"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <simdjson.h>

#include <fmt/format.h>

namespace baseline::base {
namespace {

Value convert(simdjson::dom::element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY: {
      Value list = Value::list();
      for (const auto item : element.get_array().value_unsafe()) list.push_back(convert(item));
      return list;
    }
    case simdjson::dom::element_type::OBJECT: {
      Value::Map map;
      for (const auto field : element.get_object().value_unsafe()) map.emplace_back(std::string(field.key), convert(field.value));
      return map;
    }
    case simdjson::dom::element_type::INT64: return element.get_int64().value_unsafe();
    case simdjson::dom::element_type::UINT64: return static_cast<double>(element.get_uint64().value_unsafe());
    case simdjson::dom::element_type::DOUBLE: return element.get_double().value_unsafe();
    case simdjson::dom::element_type::STRING: return Value(element.get_string().value_unsafe());
    case simdjson::dom::element_type::BOOL: return element.get_bool().value_unsafe();
    case simdjson::dom::element_type::NULL_VALUE: break;
  }
  return {};
}

bool looks_truncated(simdjson::error_code code) {
  return code == simdjson::UNCLOSED_STRING || code == simdjson::EMPTY || code == simdjson::TAPE_ERROR ||
         code == simdjson::INCOMPLETE_ARRAY_OR_OBJECT;
}

template <typename Writer>
void write(Writer& writer, const Value& value) {
  if (value.is_map()) {
    writer.StartObject();
    for (const auto& [key, member] : value.members()) {
      writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
      write(writer, member);
    }
    writer.EndObject();
  } else if (value.is_list()) {
    writer.StartArray();
    for (const Value& item : value.items()) write(writer, item);
    writer.EndArray();
  } else if (value.is_string()) {
    writer.String(value.as_string().data(), static_cast<rapidjson::SizeType>(value.as_string().size()));
  } else if (value.is_bool()) {
    writer.Bool(value.as_bool());
  } else if (value.is_int()) {
    writer.Int64(value.as_int());
  } else if (value.is_number()) {
    writer.Double(value.as_double());
  } else {
    writer.Null();
  }
}

// Replaces every byte that is not part of valid UTF-8: what comes from a node's files may be anything.
std::string valid_utf8(const std::string& text) {
  if (simdjson::validate_utf8(text.data(), text.size())) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
    if (length != 0 && i + length <= text.size() && simdjson::validate_utf8(text.data() + i, length)) {
      out.append(text, i, length);
      i += length;
    } else {
      out += "\xEF\xBF\xBD";
      ++i;
    }
  }
  return out;
}

Value with_valid_utf8(const Value& value) {
  if (value.is_string()) return valid_utf8(value.as_string());
  if (value.is_list()) {
    Value out = Value::list();
    for (const Value& item : value.items()) out.push_back(with_valid_utf8(item));
    return out;
  }
  if (value.is_map()) {
    Value::Map out;
    for (const auto& [key, member] : value.members()) out.emplace_back(valid_utf8(key), with_valid_utf8(member));
    return out;
  }
  return value;
}

}  // namespace

Result<Value> parse_json(std::string_view text, std::string_view name, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    return fail(ErrorCode::kLimit, fmt::format("the text has {} bytes, more than the {} that are read", text.size(), max_bytes),
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
  return convert(result.value_unsafe());
}

std::string write_json(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  write(writer, value);
  std::string text(buffer.GetString(), buffer.GetSize());
  return simdjson::validate_utf8(text.data(), text.size()) ? text : write_json(with_valid_utf8(value));
}

std::string write_json_pretty(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
  writer.SetIndent(' ', 2);
  write(writer, value);
  std::string text(buffer.GetString(), buffer.GetSize());
  if (!simdjson::validate_utf8(text.data(), text.size())) return write_json_pretty(with_valid_utf8(value));
  return text + "\n";
}

}  // namespace baseline::base
