#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "baseline/facts/bounds.h"
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

// Of the log: a message of kMaxMessageBytes that cannot be compressed, as base64 in lines, and some lines
// around it.
inline constexpr std::size_t kMaxLogBytes = kMaxMessageBytes / 57 * 77 + (std::size_t{64} << 10);

struct Frame {
  std::string text;    // what to print
  std::string sha256;  // what to write to the termination message, as "sha256=<hex>"
};

// The same facts give the same bytes. Needs about a megabyte beside the message itself.
Frame encode_frame(const NodeFacts& facts);

// The compressed message out of a log, held against its header. `expected_sha256` is the digest from the
// pod's termination message; empty means that there is none to hold it against (a file on disk). Errors:
// kCorrupt (no frame, cut short, digest differs), kLimit, kInvalid (a newer frame).
base::Result<std::string> unframe(std::string_view text, std::string_view expected_sha256);

// A NodeFacts as it was serialised. Errors: kCorrupt (not NodeFacts), kLimit (beyond bounds.h), kInvalid (a
// newer schema than this program reads).
base::Result<NodeFacts> decode_message(std::string_view message);

// What unframe() gave. Errors: as decode_message(), and kCorrupt when it is not zstd.
base::Result<NodeFacts> decode_payload(std::string payload);

// All of it. A caller that owns the text takes the steps, and gives the text up after the first.
base::Result<NodeFacts> decode_frame(std::string_view text, std::string_view expected_sha256);

}  // namespace baseline::facts
