#include "objects/manifest_list.h"

#include <algorithm>

#include <simdjson.h>

#include "kube/watch_frame.h"

namespace baseline::objects {

std::optional<ListType> list_type(std::string& text) {
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::object root;
  const simdjson::padded_string_view padded(text.data(), text.size(), text.capacity());
  if (parser.iterate(padded).get(document) || document.get_object().get(root)) return std::nullopt;
  ListType type;
  bool has_items = false;
  for (auto field : root) {
    std::string_view key;
    std::string_view value;
    if (field.unescaped_key().get(key)) return std::nullopt;
    has_items = has_items || key == "items";
    if (key != "apiVersion" && key != "kind") continue;
    if (field.value().get_string().get(value)) return std::nullopt;
    (key == "kind" ? type.kind : type.api_version) = value;
  }
  if (!has_items || !type.kind.ends_with("List")) return std::nullopt;
  return type;
}

base::Result<void> walk_list(std::string& text,
                             const std::function<void(std::string_view json, int line)>& item) {
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  const char* at = text.data();
  int line = 1;
  const auto page = kube::walk_page(text, [&](std::string_view json) {
    const char* const begin = &*json.begin();
    line += static_cast<int>(std::count(at, begin, '\n'));
    at = begin;
    item(json, line);
    return true;
  });
  if (!page) return std::unexpected(page.error());
  return {};
}

}  // namespace baseline::objects
