#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/json.h"
#include "base/printable.h"
#include "base/utf8.h"

namespace baseline::base {
namespace {

template <typename Writer>
void write_text(Writer& writer, const std::string& text, bool key) {
  // What comes from a node's files may be anything.
  const std::string valid = to_utf8(text);
  const auto size = static_cast<rapidjson::SizeType>(valid.size());
  key ? writer.Key(valid.data(), size) : writer.String(valid.data(), size);
}

template <typename Writer>
void write(Writer& writer, const Value& value) {
  if (value.is_map()) {
    writer.StartObject();
    for (const auto& [key, member] : value.members()) {
      write_text(writer, key, /*key=*/true);
      write(writer, member);
    }
    writer.EndObject();
  } else if (value.is_list()) {
    writer.StartArray();
    for (const Value& item : value.items()) write(writer, item);
    writer.EndArray();
  } else if (value.is_string()) {
    write_text(writer, value.as_string(), /*key=*/false);
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

}  // namespace

std::string write_json(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  write(writer, value);
  return escaped_json({buffer.GetString(), buffer.GetSize()});
}

std::string write_json_pretty(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
  writer.SetIndent(' ', 2);
  write(writer, value);
  return escaped_json({buffer.GetString(), buffer.GetSize()}) + "\n";
}

}  // namespace baseline::base
