// What is read of manifests before their objects are: where documents begin and end, whether a text is a
// template, the line of a mistake; and the language of Calico's selectors.
#include "objects/manifest_text.h"

#include <algorithm>

#include "base/yaml.h"
#include "objects/selector.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  const std::string_view text = fuzz::text_of(data, size);
  const int lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
  const char* at = text.data();
  int line = 0;
  for (const objects::TextDocument& document : objects::split_documents(text)) {
    fuzz::require(
        document.text.data() >= at && document.text.data() + document.text.size() <= text.data() + size,
        "documents are pieces of the text, in order");
    fuzz::require(document.line > line && document.line <= lines, "each begins at a line of its own");
    at = document.text.data() + document.text.size();
    line = document.line;
    const auto value =
        base::parse_yaml(document.text, "document", {.bytes = 64U << 10, .nodes = 2'000, .depth = 32});
    if (!value) continue;
    for (const char* path :
         {"metadata.labels[\"a.b/c\"]", "spec.containers[3].image", "items[0]", "[[", ""}) {
      const int place = objects::line_at(*value, path);
      fuzz::require(place >= 0 && place <= lines, "a place is a line of the text");
    }
    objects::line_at(*value, text.substr(0, 200));
  }
  if (const auto place = objects::template_line(text)) {
    fuzz::require(*place >= 1 && *place <= lines, "a template begins at a line of the text");
  }
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view one = fuzz::take_line(rest);
    const auto selector = objects::parse_calico_selector(one);
    if (!selector) continue;
    for (const auto& [key, value] : selector->match_labels) {
      fuzz::require(selector->invalid || objects::is_label_key(key),
                    "a selector asks for labels that there can be", key);
    }
  }
  return 0;
}
