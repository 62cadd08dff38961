#include "baseline/facts/frame.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

#include <fmt/core.h>
#include <zstd.h>

#include "base/digest.h"
#include "baseline/facts/schema.h"
#include "baseline/facts/wire.h"

namespace baseline::facts {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::string_view kMagic = "baseline-facts/";
constexpr std::string_view kHeader = "baseline-facts/1 ";
constexpr std::string_view kEnd = "baseline-facts/1 end";
constexpr std::size_t kLineWidth = 76;
constexpr int kLevel = 3;
constexpr int kWindowLog = 18;  // 256 KiB: the compressor's memory follows its window
constexpr int kMaxWindowLog = 23;

std::string compress(std::string_view data) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, kWindowLog);
  std::string out(ZSTD_compressBound(data.size()), '\0');
  const std::size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), data.data(), data.size());
  out.resize(ZSTD_isError(size) != 0U ? 0 : size);
  return out;
}

// Streams, so that neither a false content size nor a long frame can take more than `limit`.
base::Result<std::string> decompress(std::string_view data, std::size_t limit) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
  std::string out;
  std::string block(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer in{data.data(), data.size(), 0};
  std::size_t more = 1;
  while (more != 0) {
    ZSTD_outBuffer produced{block.data(), block.size(), 0};
    const std::size_t consumed = in.pos;
    more = ZSTD_decompressStream(context.get(), &produced, &in);
    if (ZSTD_isError(more) != 0U) {
      return fail(ErrorCode::kCorrupt,
                  fmt::format("the facts cannot be decompressed ({})", ZSTD_getErrorName(more)));
    }
    if (produced.pos > limit - out.size()) {
      return fail(ErrorCode::kLimit, fmt::format("the decompressed facts are larger than {} bytes", limit));
    }
    out.append(block.data(), produced.pos);
    if (more != 0 && produced.pos == 0 && in.pos == consumed) {
      return fail(ErrorCode::kCorrupt, "the compressed facts end in the middle");
    }
  }
  if (in.pos != in.size) return fail(ErrorCode::kCorrupt, "bytes follow the end of the compressed facts");
  return out;
}

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

// The compressed payload between header and end line, held against length and digest.
base::Result<std::string> read_payload(std::string_view text, std::string_view expected_sha256) {
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

  std::string encoded;
  encoded.reserve(std::min(header->length / 3 * 4 + 4, text.size()));
  while ((line = next_line(text)) && !line->starts_with(kMagic)) encoded += *line;
  if (!line || *line != kEnd) {
    return fail(ErrorCode::kCorrupt, "the facts are cut short: the line \"baseline-facts/1 end\" is missing");
  }
  auto payload = base::base64_decode(encoded);
  if (!payload) return payload;
  if (payload->size() != header->length) {
    return fail(ErrorCode::kCorrupt, fmt::format("the facts are {} bytes long where their header says {}",
                                                 payload->size(), header->length));
  }
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

}  // namespace

Frame encode_frame(const NodeFacts& facts) {
  const std::string payload = compress(facts.SerializeAsString());
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

base::Result<NodeFacts> decode_frame(std::string_view text, std::string_view expected_sha256,
                                     const FrameLimits& limits) {
  if (text.size() > limits.text_bytes) {
    return fail(ErrorCode::kLimit, fmt::format("the log is larger than {} bytes", limits.text_bytes));
  }
  const auto payload = read_payload(text, expected_sha256);
  if (!payload) return std::unexpected(payload.error());
  const auto message = decompress(*payload, limits.payload_bytes);
  if (!message) return std::unexpected(message.error());
  if (count_fields(*message, limits.fields) > limits.fields) {
    return fail(ErrorCode::kLimit, fmt::format("the facts have more than {} fields", limits.fields));
  }
  NodeFacts facts;
  if (!facts.ParseFromString(*message) || facts.schema_version() == 0) {
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

}  // namespace baseline::facts
