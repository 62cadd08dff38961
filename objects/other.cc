#include "base/json_value.h"
#include "objects/readers.h"

namespace baseline::objects {
namespace {

// Large, and nothing that a requirement could ask for.
bool is_payload(std::string_view key) {
  return key == "caBundle" || key == "encryptedData";
}

}  // namespace

void read_other(Reader& reader, cluster::Kind kind, Json object, Objects& out) {
  cluster::OtherObject other;
  other.kind = kind;
  other.document = base::Value::map();
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, other.metadata);
    } else if (key == "spec" || key == "webhooks" || key == "status") {
      other.document.set(key, base::value_from(member, is_payload));
    }
  });
  out.emplace_back(std::move(other));
}

}  // namespace baseline::objects
