#include "baseline/facts/frame.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/core.h>

#include "base/compress.h"
#include "base/digest.h"
#include "baseline/facts/schema.h"

namespace baseline::facts {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::string_view kMagic = "baseline-facts/";
constexpr std::string_view kHeader = "baseline-facts/1 ";
constexpr std::string_view kEnd = "baseline-facts/1 end";
constexpr std::size_t kLineWidth = 76;

std::optional<std::string_view> next_line(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

struct Header {
  std::size_t length = 0;
  std::string_view sha256;
};

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<Header> parse_header(std::string_view line) {
  constexpr std::string_view kLength = "length=";
  constexpr std::string_view kDigest = " sha256=";
  line.remove_prefix(kHeader.size());
  if (!line.starts_with(kLength)) return std::nullopt;
  line.remove_prefix(kLength.size());
  Header header;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), header.length);
  if (error != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (!line.starts_with(kDigest)) return std::nullopt;
  header.sha256 = line.substr(kDigest.size());
  if (!is_digest(header.sha256)) return std::nullopt;
  return header;
}

// The line that begins the facts; `text` is left behind it.
base::Result<Header> find_header(std::string_view& text) {
  std::optional<std::string_view> line;
  do {
    line = next_line(text);
    if (!line) {
      return fail(ErrorCode::kCorrupt,
                  "no line begins the facts: expected one that starts with \"baseline-facts/1\"");
    }
  } while (!line->starts_with(kMagic));
  if (!line->starts_with(kHeader)) {
    return fail(ErrorCode::kInvalid,
                "the facts are framed by a newer node-runner: use an operator of the same version or newer");
  }
  const auto header = parse_header(*line);
  if (!header) {
    return fail(ErrorCode::kCorrupt,
                "the line that begins the facts is broken: expected length=<n> sha256=<hex>");
  }
  return *header;
}

// The lines up to the end line, decoded one by one: beside the log there is never more than what they hold.
base::Result<std::string> read_lines(std::string_view text, std::size_t length) {
  if (length > kMaxMessageBytes) {
    return fail(ErrorCode::kLimit, fmt::format("the facts are larger than {} bytes", kMaxMessageBytes));
  }
  std::string payload;
  payload.reserve(std::min(length, text.size()));
  std::optional<std::string_view> line;
  while ((line = next_line(text)) && !line->starts_with(kMagic)) {
    const auto bytes = base::base64_decode(*line);
    if (!bytes) return bytes;
    if (bytes->size() > length - payload.size())
      return fail(ErrorCode::kCorrupt, "the facts are longer than their header says");
    payload += *bytes;
  }
  if (!line || *line != kEnd) {
    return fail(ErrorCode::kCorrupt, "the facts are cut short: the line \"baseline-facts/1 end\" is missing");
  }
  if (payload.size() != length) {
    return fail(ErrorCode::kCorrupt, fmt::format("the facts are {} bytes long where their header says {}",
                                                 payload.size(), length));
  }
  return payload;
}

}  // namespace

Frame encode_frame(const NodeFacts& facts) {
  const std::string payload = base::zstd_compress(facts.SerializeAsString());
  Frame frame;
  frame.sha256 = base::sha256_hex(payload);
  frame.text = fmt::format("{}length={} sha256={}\n", kHeader, payload.size(), frame.sha256);
  const std::string encoded = base::base64_encode(payload);
  frame.text.reserve(frame.text.size() + encoded.size() + encoded.size() / kLineWidth + kEnd.size() + 2);
  for (std::size_t at = 0; at < encoded.size(); at += kLineWidth) {
    frame.text.append(encoded, at, kLineWidth);
    frame.text += '\n';
  }
  frame.text += kEnd;
  frame.text += '\n';
  return frame;
}

base::Result<std::string> unframe(std::string_view text, std::string_view expected_sha256) {
  if (text.size() > kMaxLogBytes) {
    return fail(ErrorCode::kLimit, fmt::format("the log is larger than {} bytes", kMaxLogBytes));
  }
  const auto header = find_header(text);
  if (!header) return std::unexpected(header.error());
  auto payload = read_lines(text, header->length);
  if (!payload) return payload;
  const std::string digest = base::sha256_hex(*payload);
  if (digest != header->sha256) {
    return fail(ErrorCode::kCorrupt, "the facts do not match the digest in their header");
  }
  if (!expected_sha256.empty() && digest != expected_sha256) {
    return fail(ErrorCode::kCorrupt,
                "the facts do not match the digest in the container's termination message");
  }
  return payload;
}

base::Result<NodeFacts> decode_message(std::string_view message) {
  if (const auto bounded = check_bounds(message); !bounded) return std::unexpected(bounded.error());
  NodeFacts facts;
  if (!facts.ParseFromArray(message.data(), static_cast<int>(message.size())) ||
      facts.schema_version() == 0) {
    return fail(ErrorCode::kCorrupt, "the payload is not a node's facts");
  }
  if (facts.schema_version() < kSchemaVersion) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("the facts are of schema {}, older than schema {} that this program reads, and say "
                    "less than it judges by: gather them again with a node-runner of the same version",
                    facts.schema_version(), kSchemaVersion));
  }
  if (facts.schema_version() > kSchemaVersion) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format(
            "the facts are of schema {}, newer than schema {} that this program reads: use an operator "
            "of the same version as the node-runner",
            facts.schema_version(), kSchemaVersion));
  }
  return facts;
}

base::Result<NodeFacts> decode_payload(std::string payload) {
  const auto message = base::zstd_decompress(payload, kMaxMessageBytes);
  std::string().swap(payload);
  if (!message) return std::unexpected(message.error());
  return decode_message(*message);
}

base::Result<NodeFacts> decode_frame(std::string_view text, std::string_view expected_sha256) {
  auto payload = unframe(text, expected_sha256);
  if (!payload) return std::unexpected(payload.error());
  return decode_payload(*std::move(payload));
}

}  // namespace baseline::facts
