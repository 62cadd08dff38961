// One page of a list as an API server sends it, walked without being built.
#include <string>

#include "base/json.h"
#include "kube/watch_frame.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using baseline::fuzz::require;
  const std::string text(baseline::fuzz::text_of(data, size));
  std::string body = text;
  std::size_t seen = 0;
  const auto page = baseline::kube::walk_page(body, [&](std::string_view item) {
    ++seen;
    require(item.data() >= body.data() && item.data() + item.size() <= body.data() + body.size(),
            "an item is a piece of the page");
    // The walk looks for the end of an item alone; whether it is sound is for its reader to say.
    require(item.starts_with('{'), "an item is an object", item);
    return true;
  });
  if (!page) {
    baseline::fuzz::require_sentence(page.error());
  } else {
    require(page->items == seen, "every item was handed on");
  }

  // What a reader of the whole takes for a list of so many objects, the walk must, too: none may be lost.
  const auto whole = baseline::base::parse_json(text, "");
  if (!whole || !whole->is_map() || whole->members().empty()) return 0;
  for (const auto& [key, member] : whole->members()) {
    if (key == "items" && !member.is_list()) return 0;
    if (key == "metadata" && !member.is_map()) return 0;
    for (const auto& item : key == "items" ? member.items() : baseline::base::Value::List{}) {
      if (!item.is_map()) return 0;
    }
    for (const auto& [name, field] : key == "metadata" ? member.members() : baseline::base::Value::Map{}) {
      if ((name == "resourceVersion" || name == "continue") && !field.is_string()) return 0;
    }
  }
  if (!whole->contains("items")) return 0;
  std::size_t expected = 0;
  for (const auto& [key, member] : whole->members()) {
    if (key == "items") expected += member.items().size();
  }
  require(page.has_value() && seen == expected, "a list is read whole");

  std::size_t first = 0;
  const auto stopped = baseline::kube::walk_page(body, [&](std::string_view) { return ++first > 1; });
  require(stopped.has_value() && first == std::min<std::size_t>(expected, 1),
          "a walk ends when it is told to");
  return 0;
}
