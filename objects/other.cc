#include "objects/readers.h"

namespace baseline::objects {
namespace {

using base::Value;

// Large, and nothing that a requirement could ask for.
bool is_payload(std::string_view key) {
  return key == "caBundle" || key == "encryptedData";
}

// The parser's bound on depth bounds this too.
Value convert(Json element) {
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY: {
      Value list = Value::list();
      const simdjson::dom::array items = element.get_array().value_unsafe();
      for (const Json item : items) list.push_back(convert(item));
      return list;
    }
    case simdjson::dom::element_type::OBJECT: {
      Value::Map map;
      const simdjson::dom::object members = element.get_object().value_unsafe();
      for (const auto field : members) {
        if (!is_payload(field.key)) map.emplace_back(std::string(field.key), convert(field.value));
      }
      return map;
    }
    case simdjson::dom::element_type::INT64:
      return element.get_int64().value_unsafe();
    case simdjson::dom::element_type::UINT64:
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

}  // namespace

void read_other(Reader& reader, cluster::Kind kind, Json object, Objects& out) {
  cluster::OtherObject other;
  other.kind = kind;
  other.document = Value::map();
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, other.metadata);
    } else if (key == "spec" || key == "webhooks" || key == "status") {
      other.document.set(key, convert(member));
    }
  });
  out.emplace_back(std::move(other));
}

}  // namespace baseline::objects
