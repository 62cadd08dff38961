#include "base/json_value.h"
#include "objects/readers.h"

namespace baseline::objects {
namespace {

// What brings secrets from elsewhere: requirements ask whether there are any.
bool is_counted_only(cluster::Kind kind) {
  using enum cluster::Kind;
  return kind == kExternalSecret || kind == kSecretProviderClass || kind == kSealedSecret ||
         kind == kVaultStaticSecret;
}

// Large, and nothing that a requirement could ask for.
bool is_payload(std::string_view key) {
  return key == "caBundle" || key == "encryptedData";
}

// Whether every list and map is short enough to be held against others.
bool within_limits(Reader& reader, Json value) {
  simdjson::dom::array array;
  simdjson::dom::object object;
  bool within = true;
  if (!value.get_array().get(array)) {
    within = array.size() <= kMostOfDocument;
    if (!within) reader.too_many("array", kMostOfDocument);
    for (const Json item : array) within = within && within_limits(reader, item);
  } else if (!value.get_object().get(object)) {
    within = object.size() <= kMostOfDocument;
    if (!within) reader.too_many("object", kMostOfDocument);
    for (const auto member : object)
      within = within && (is_payload(member.key) || within_limits(reader, member.value));
  }
  return within;
}

}  // namespace

void read_other(Reader& reader, cluster::Kind kind, Json object, Objects& out) {
  cluster::OtherObject other;
  other.kind = kind;
  other.document = base::Value::map();
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, other.metadata);
    } else if (is_counted_only(kind)) {
      return;
    } else if (key == "spec" || key == "webhooks" || key == "status") {
      if (within_limits(reader, member)) other.document.set(key, base::value_from(member, is_payload));
    }
  });
  out.emplace_back(std::move(other));
}

}  // namespace baseline::objects
