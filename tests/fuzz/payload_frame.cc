// A node's facts as they come out of a pod's log. By the first byte the rest is the log itself, a compressed
// payload in a frame that is true to it, or a message in such a payload: so each layer is reached.
#include <zstd.h>

#include "base/digest.h"
#include "baseline/facts/frame.h"
#include "baseline/facts/wire.h"
#include "support.h"

namespace {

using namespace baseline;

std::string compressed(std::string_view message) {
  std::string out(ZSTD_compressBound(message.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), message.data(), message.size(), 1));
  return out;
}

std::string framed(std::string_view payload) {
  return "baseline-facts/1 length=" + std::to_string(payload.size()) +
         " sha256=" + base::sha256_hex(payload) + "\n" + base::base64_encode(payload) +
         "\nbaseline-facts/1 end\n";
}

// Messages and strings that stand in lists: what memory grows by.
std::size_t repeated_fields(const facts::NodeFacts& facts) {
  int count = facts.processes_size() + facts.files_size() + facts.directories_size() + facts.configs_size() +
              facts.certificates_size() + facts.units_size() + facts.runtimes_size() + facts.errors_size() +
              facts.containers_size() + facts.images_size() + facts.cni().networks_size();
  for (const auto& process : facts.processes()) count += process.argv_size() + process.env_size();
  for (const auto& directory : facts.directories()) count += directory.entries_size();
  for (const auto& config : facts.configs()) count += config.settings_size();
  for (const auto& network : facts.cni().networks()) count += network.plugins_size();
  for (const auto& image : facts.images()) count += image.names_size() + image.root().set_id_files_size();
  return static_cast<std::size_t>(count);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = fuzz::text_of(data + 1, size - 1);
  const facts::FrameLimits limits{.text_bytes = 1U << 20, .payload_bytes = 1U << 20, .fields = 5'000};
  const std::string text = data[0] % 3 == 0   ? std::string(rest)
                           : data[0] % 3 == 1 ? framed(rest)
                                              : framed(compressed(rest));
  const auto decoded = facts::decode_frame(text, {}, limits);
  if (!decoded) {
    fuzz::require_sentence(decoded.error());
    return 0;
  }
  fuzz::require(repeated_fields(*decoded) <= limits.fields, "the bound on fields holds");
  const facts::Frame frame = facts::encode_frame(*decoded);
  const auto again = facts::decode_frame(frame.text, frame.sha256);
  fuzz::require(again.has_value(), "what is framed can be read");
  fuzz::require(again->SerializeAsString() == decoded->SerializeAsString(), "it reads back as what it was");
  fuzz::require(!facts::decode_frame(frame.text, std::string(64, '0'), limits), "another digest is refused");
  fuzz::require(
      !facts::decode_frame(std::string_view(frame.text).substr(0, frame.text.size() - 2), {}, limits),
      "a frame cut short is refused");
  return 0;
}
