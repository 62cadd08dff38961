// YAML of several documents: bounded however it is nested or aliased, and what is written reads back the
// same.
#include "base/yaml.h"

#include "base/json.h"
#include "support.h"

namespace {

using baseline::base::Value;

std::size_t measure(const Value& value, int depth, int& deepest) {
  deepest = std::max(deepest, depth);
  std::size_t count = 1;
  for (const Value& item : value.items()) count += measure(item, depth + 1, deepest);
  for (const auto& [key, member] : value.members()) count += measure(member, depth + 1, deepest);
  return count;
}

// U+FFFE and the like, which yaml-cpp does not write.
bool has_noncharacter(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (byte(i) == 0xEF && byte(i + 1) == 0xB7 && byte(i + 2) >= 0x90 && byte(i + 2) <= 0xAF) return true;
    if ((byte(i) & 0x0FU) == 0x0F && byte(i + 1) == 0xBF && byte(i + 2) >= 0xBE) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  const base::YamlLimits limits{.bytes = 64U << 10, .nodes = 2'000, .depth = 32};
  const auto documents = base::parse_yaml_documents(fuzz::text_of(data, size), "input", limits);
  if (!documents) {
    fuzz::require_sentence(documents.error());
    fuzz::require(documents.error().where.starts_with("input"), "a mistake names its document");
    return 0;
  }
  std::size_t nodes = 0;
  for (const Value& document : *documents) {
    int deepest = 0;
    nodes += measure(document, 0, deepest);
    fuzz::require(deepest <= limits.depth, "the bound on depth holds");
    const std::string json = base::write_json(document);
    if (has_noncharacter(json)) continue;
    const std::string written = base::write_yaml(document);
    const auto again = base::parse_yaml(written, "written", base::YamlLimits{});
    fuzz::require(again.has_value(), "what is written can be read", written);
    fuzz::require(base::write_json(*again) == json, "it reads back as what it was", written);
  }
  fuzz::require(nodes <= limits.nodes, "the bound on values holds");
  return 0;
}
