// Facts as a document for people: always JSON, whatever bytes stand in them.
#include "baseline/facts/facts_json.h"

#include "base/json.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  facts::NodeFacts facts;
  if (!facts.ParseFromArray(data, static_cast<int>(size))) return 0;
  const base::Value document = facts::to_value(facts);
  fuzz::require(document.is_map(), "facts are a map");
  const std::string written = base::write_json(document);
  const auto again = base::parse_json(written, "facts");
  fuzz::require(again.has_value() && base::write_json(*again) == written, "facts are written as JSON",
                written);
  return 0;
}
