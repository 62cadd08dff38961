#include "base/digest.h"
#include "base/secret_signs.h"
#include "objects/readers.h"

namespace baseline::objects {
namespace {

void judge_text(std::string_view key, std::string_view text, cluster::ConfigMap& out) {
  const bool private_key = base::has_private_key(text);
  if (private_key) out.private_keys.emplace_back(key);
  if (private_key || base::has_secret_name(key, text) || base::has_secret_text(text, base::Doubt::kIsNone)) {
    out.secret_keys.emplace_back(key);
  }
}

// Of bytes there is only a private key to be seen; long random text is what all of them look like.
void judge_bytes(std::string_view key, std::string_view encoded, cluster::ConfigMap& out) {
  const auto bytes = base::base64_decode(encoded);
  const bool private_key = bytes && base::has_private_key(*bytes);
  if (private_key) out.private_keys.emplace_back(key);
  if (private_key || base::has_secret_name(key, encoded)) out.secret_keys.emplace_back(key);
}

}  // namespace

void read_config_map(Reader& reader, Json object, Objects& out) {
  cluster::ConfigMap map;
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, map.metadata);
    } else if (key == "data" || key == "binaryData") {
      const auto judge = key == "data" ? judge_text : judge_bytes;
      const auto entry = [&](std::string_view name, Json value) {
        std::string_view text;
        if (!value.get_string().get(text)) {
          judge(name, text, map);
        } else if (!value.is_null()) {
          reader.wrong("string", value);
        }
      };
      reader.fields(member, entry, kMostKeys);
    }
  });
  out.emplace_back(std::move(map));
}

}  // namespace baseline::objects
