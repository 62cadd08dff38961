#include "objects/readers.h"

namespace baseline::objects {
namespace {

// Lenient: what is no text is left out, and of a text beyond the bound the value.
void read_annotations(Reader& reader, Json value, cluster::Labels& out) {
  simdjson::dom::object object;
  if (value.get_object().get(object)) return;
  if (object.size() > kMostLabels) return reader.too_many("object", kMostLabels);
  for (const auto member : object) {
    std::string_view text;
    if (member.value.get_string().get(text)) continue;
    out.insert_or_assign(std::string(member.key),
                         std::string(text.size() > kLongestAnnotation ? std::string_view() : text));
  }
}

void read_owners(Reader& reader, Json value, cluster::Metadata& out) {
  reader.items(value, [&](Json owner) {
    std::string kind;
    std::string name;
    bool controller = false;
    reader.fields(owner, [&](std::string_view key, Json member) {
      if (key == "kind") {
        reader.text(member, kind);
      } else if (key == "name") {
        reader.text(member, name);
      } else if (key == "controller") {
        reader.flag(member, controller);
      }
    });
    if (!controller) return true;
    out.controller_kind = std::move(kind);
    out.controller_name = std::move(name);
    return false;  // the API allows one
  });
}

}  // namespace

void read_labels(Reader& reader, Json value, cluster::Labels& out) {
  const auto label = [&](std::string_view key, Json member) {
    std::string text;
    reader.text(member, text);
    out.insert_or_assign(std::string(key), std::move(text));
  };
  reader.fields(value, label, kMostLabels);
}

void read_metadata(Reader& reader, Json value, cluster::Metadata& out) {
  std::string generated;
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key == "name") {
      reader.text(member, out.name);
    } else if (key == "namespace") {
      reader.text(member, out.ns);
    } else if (key == "generateName") {
      reader.text(member, generated);
    } else if (key == "labels") {
      read_labels(reader, member, out.labels);
    } else if (key == "annotations") {
      read_annotations(reader, member, out.annotations);
    } else if (key == "ownerReferences") {
      read_owners(reader, member, out);
    } else if (key == "creationTimestamp") {
      std::string_view text;
      if (member.get_string().get(text)) return;
      if (const auto time = base::parse_time(text)) out.created = *time;
    }
  });
  if (out.name.empty()) out.name = std::move(generated);
}

}  // namespace baseline::objects
