#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "baseline/facts/facts.pb.h"

// The framed payload in which a node-runner hands its facts over through the pod's log:
//
//   baseline-facts/1 length=<bytes of the compressed payload> sha256=<hex digest of the compressed payload>
//   <base64 of the zstd-compressed NodeFacts, 76 characters a line>
//   baseline-facts/1 end
//
// Lines before the header and after the end line are ignored (a container runtime may mix in lines of its
// own).
namespace baseline::facts {

struct FrameLimits {
  std::size_t text_bytes = 24U << 20;     // of the log read
  std::size_t payload_bytes = 64U << 20;  // of the decompressed message
  std::size_t fields = 1'000'000;  // messages and strings in it: bounds the memory that they take once read
};

struct Frame {
  std::string text;    // what to print
  std::string sha256;  // what to write to the termination message, as "sha256=<hex>"
};

// The same facts give the same bytes. Needs about a megabyte beside the message itself.
Frame encode_frame(const NodeFacts& facts);

// Reads a frame back. `expected_sha256` is the digest from the pod's termination message; empty means that
// there is none to hold the payload against (a file on disk). Errors: kCorrupt (no frame, cut short, digest
// differs, not zstd, not NodeFacts), kLimit (a bound exceeded), kInvalid (a newer schema than this program
// reads).
base::Result<NodeFacts> decode_frame(std::string_view text, std::string_view expected_sha256,
                                     const FrameLimits& limits = {});

}  // namespace baseline::facts
