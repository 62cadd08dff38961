// JSON: what was read can be written, and reads back as the same text.
#include "base/json.h"

#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  const auto value = base::parse_json(fuzz::text_of(data, size), "input");
  if (!value) {
    fuzz::require_sentence(value.error());
    fuzz::require(value.error().where == "input", "a mistake names its document");
    return 0;
  }
  const std::string written = base::write_json(*value);
  const auto again = base::parse_json(written, "written");
  fuzz::require(again.has_value(), "what is written can be read", written);
  fuzz::require(base::write_json(*again) == written, "it reads back as what it was", written);
  const auto pretty = base::parse_json(base::write_json_pretty(*value), "pretty");
  fuzz::require(pretty.has_value() && base::write_json(*pretty) == written, "so does the form for people",
                written);
  return 0;
}
