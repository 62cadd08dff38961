#include "baseline/facts/wire.h"

#include <cstdint>
#include <optional>

namespace baseline::facts {
namespace {

enum WireType : std::uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kDelimited = 2,
  kGroup = 3,
  kGroupEnd = 4,
  kFixed32 = 5
};

// NodeFacts > Process > Socket, Cni > CniNetwork > plugins and Image > RootFilesystem > File: nothing repeats
// below the third level.
constexpr int kDepth = 3;

std::optional<std::uint64_t> read_varint(std::string_view& in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(in.front());
    in.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

bool skip(std::string_view& in, std::size_t count) {
  if (count > in.size()) return false;
  in.remove_prefix(count);
  return true;
}

// Strings are walked like messages: what looks like fields in them only raises the count.
void count(std::string_view in, int depth, std::size_t limit, std::size_t& fields) {
  while (!in.empty() && fields <= limit) {
    const auto tag = read_varint(in);
    if (!tag) return;
    switch (*tag & 7U) {
      case kVarint:
        if (!read_varint(in)) return;
        break;
      case kFixed64:
        if (!skip(in, 8)) return;
        break;
      case kFixed32:
        if (!skip(in, 4)) return;
        break;
      case kDelimited: {
        const auto length = read_varint(in);
        if (!length || *length > in.size()) return;
        ++fields;
        if (depth < kDepth) count(in.substr(0, *length), depth + 1, limit, fields);
        in.remove_prefix(*length);
        break;
      }
      case kGroup:  // the parser skips groups, so the count must not end at one
      case kGroupEnd:
        break;
      default:
        return;
    }
  }
}

}  // namespace

std::size_t count_fields(std::string_view message, std::size_t limit) {
  std::size_t fields = 0;
  count(message, 1, limit, fields);
  return fields;
}

}  // namespace baseline::facts
