// A node's facts as they come out of a pod's log. By the first byte the rest is the log itself, a compressed
// payload in a frame that is true to it, or a message in such a payload: so each layer is reached.
#include <zstd.h>

#include "base/digest.h"
#include "baseline/facts/bounds.h"
#include "baseline/facts/frame.h"
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = fuzz::text_of(data + 1, size - 1);
  const std::string text = data[0] % 3 == 0   ? std::string(rest)
                           : data[0] % 3 == 1 ? framed(rest)
                                              : framed(compressed(rest));
  const auto decoded = facts::decode_frame(text, {});
  if (!decoded) {
    fuzz::require_sentence(decoded.error());
    return 0;
  }
  fuzz::require(facts::check_bounds(decoded->SerializeAsString()).has_value(),
                "the bounds of every table hold");
  const facts::Frame frame = facts::encode_frame(*decoded);
  const auto again = facts::decode_frame(frame.text, frame.sha256);
  fuzz::require(again.has_value(), "what is framed can be read");
  fuzz::require(again->SerializeAsString() == decoded->SerializeAsString(), "it reads back as what it was");
  fuzz::require(!facts::decode_frame(frame.text, std::string(64, '0')), "another digest is refused");
  fuzz::require(!facts::decode_frame(std::string_view(frame.text).substr(0, frame.text.size() - 2), {}),
                "a frame cut short is refused");
  return 0;
}
