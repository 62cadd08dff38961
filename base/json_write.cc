#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/json.h"

namespace baseline::base {
namespace {

// The length of the valid UTF-8 sequence at `i`, or 0 (RFC 3629: no surrogates, no overlong forms).
std::size_t sequence_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const auto tail = [&](std::size_t at) { return (byte(at) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(i);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(i + 1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned next = byte(i + 1);
    if ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F)) return 0;
    return tail(i + 1) && tail(i + 2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned next = byte(i + 1);
    if ((lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F)) return 0;
    return tail(i + 1) && tail(i + 2) && tail(i + 3) ? 4 : 0;
  }
  return 0;
}

// Replaces every byte that is not part of valid UTF-8: what comes from a node's files may be anything.
std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t length = sequence_length(text, i)) {
      out.append(text, i, length);
      i += length;
    } else {
      out += "\xEF\xBF\xBD";
      ++i;
    }
  }
  return out;
}

template <typename Writer>
void write_text(Writer& writer, const std::string& text, bool key) {
  const std::string valid = valid_utf8(text);
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
  return {buffer.GetString(), buffer.GetSize()};
}

std::string write_json_pretty(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
  writer.SetIndent(' ', 2);
  write(writer, value);
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace baseline::base
