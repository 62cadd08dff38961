// YAML as large as it may be: a piece of the input stands again and again between a head and a tail, up to
// the bounds that files of a node have. What costs more than its size (libFuzzer's own limits on time and
// memory) is a finding.
#include <algorithm>
#include <string>

#include "base/yaml.h"
#include "support.h"

namespace {

using baseline::base::Value;

std::size_t count(const Value& value) {
  std::size_t values = 1;
  for (const Value& item : value.items()) values += count(item);
  for (const auto& [key, member] : value.members()) values += 1 + count(member);
  return values;
}

}  // namespace

// The first byte says where the piece begins, the second how long it is, the third how large the text
// becomes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  constexpr std::size_t kStep = std::size_t{16} << 10;
  if (size < 4) return 0;
  const std::string_view text = fuzz::text_of(data + 3, size - 3);
  const std::size_t begin = data[0] % text.size();
  const std::string_view piece = text.substr(begin, 1 + data[1]);
  const base::YamlLimits limits;
  std::string whole(text.substr(0, begin));
  const std::size_t want = std::min((1U + data[2]) * kStep, limits.bytes - size);
  while (whole.size() + piece.size() < want) whole += piece;
  whole += text.substr(begin + piece.size());

  const auto documents = base::parse_yaml_documents(whole, "input", limits);
  if (!documents) {
    fuzz::require_sentence(documents.error());
    return 0;
  }
  std::size_t values = 0;
  for (const Value& document : *documents) values += count(document);
  fuzz::require(values <= limits.nodes, "the bound on values holds");
  return 0;
}
