// A walk over the wire format that builds nothing.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "baseline/facts/bounds.h"

namespace baseline::facts {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using Form = FieldBound::Form;

// A field that this program does not know is kept by the parser. A runner of the same schema has few.
constexpr std::size_t kMaxUnknown = 256;
constexpr std::size_t kUnknownBytes = 64;  // beside its own bytes
constexpr std::size_t kAllocation = 16;    // what the allocator takes for each
constexpr std::size_t kPointer = 8;
constexpr std::size_t kMostFields = 32;  // of one message

enum WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kDelimited = 2, kFixed32 = 5 };

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

// What a field holds: the bytes of a delimited one, nothing of the others.
std::optional<std::string_view> read_content(std::string_view& in, std::uint64_t type) {
  std::uint64_t size = 0;
  switch (type) {
    case kVarint:
      if (!read_varint(in)) return std::nullopt;
      break;
    case kFixed64:
      size = 8;
      break;
    case kFixed32:
      size = 4;
      break;
    case kDelimited: {
      const auto length = read_varint(in);
      if (!length) return std::nullopt;
      size = *length;
      break;
    }
    default:  // groups: no runner ever wrote one
      return std::nullopt;
  }
  if (size > in.size()) return std::nullopt;
  const std::string_view content = in.substr(0, size);
  in.remove_prefix(size);
  return content;
}

std::size_t bytes_of_text(std::size_t length) {
  const std::size_t inlined = sizeof(std::string) + kAllocation + kPointer;
  return length < sizeof(std::string) / 2 ? inlined : inlined + length + 1 + kAllocation;
}

// Where in the facts: spelled only when something is wrong there.
struct Place {
  const Place* above = nullptr;
  std::string_view name;

  std::string text() const { return above ? fmt::format("{}.{}", above->text(), name) : std::string(name); }
};

class Walk {
 public:
  // Of the message itself and all that it holds. `place`: null for NodeFacts itself.
  Result<std::size_t> message(std::string_view in, const MessageBound& bound, const Place* place) {
    std::array<std::uint32_t, kMostFields> seen{};
    std::array<std::size_t, kMostFields> taken{};
    std::size_t total = bound.size + kAllocation + kPointer;
    while (!in.empty()) {
      const auto tag = read_varint(in);
      const auto content = tag ? read_content(in, *tag & 7U) : std::nullopt;
      if (!content) return fail(ErrorCode::kCorrupt, "the payload is not a node's facts");
      const std::uint64_t at = (*tag >> 3U) - 1;  // number 0 becomes the largest
      const FieldBound* field = at < bound.fields.size() ? &bound.fields[at] : nullptr;
      const bool known = field && (field->form == Form::kNumber) == ((*tag & 7U) != kDelimited);
      const Result<std::size_t> bytes =
          known ? in_field(*content, *field, ++seen[at], place) : unknown(*content);
      if (!bytes) return bytes;
      total += *bytes;
      if (!known) continue;
      taken[at] += *bytes;
      if (field->bytes != 0 && taken[at] > field->bytes) {
        return fail(ErrorCode::kLimit, fmt::format("{} take more than {} bytes of memory",
                                                   Place{place, field->name}.text(), field->bytes));
      }
    }
    return total;
  }

 private:
  Result<std::size_t> in_field(std::string_view content, const FieldBound& field, std::size_t nth,
                               const Place* above) {
    if (field.form == Form::kNumber) return 0;
    const Place place{above, field.name};
    if (nth > field.count)
      return fail(ErrorCode::kLimit, fmt::format("there are more than {} {}", field.count, place.text()));
    if (field.form == Form::kMessage) return message(content, *field.message, &place);
    if (content.size() > field.text_bytes) {
      return fail(ErrorCode::kLimit,
                  fmt::format("{} has more than {} bytes", place.text(), field.text_bytes));
    }
    return bytes_of_text(content.size());
  }

  Result<std::size_t> unknown(std::string_view content) {
    if (++unknown_ > kMaxUnknown)
      return fail(ErrorCode::kLimit,
                  "there are more fields that this version does not know than a runner writes");
    return kUnknownBytes + content.size();
  }

  std::size_t unknown_ = 0;
};

}  // namespace

Result<void> check_bounds(std::string_view message) {
  if (message.size() > kMaxMessageBytes)
    return fail(ErrorCode::kLimit, fmt::format("the facts are larger than {} bytes", kMaxMessageBytes));
  const auto bytes = Walk().message(message, node_facts_bound(), nullptr);
  if (bytes) return {};
  if (bytes.error().code != ErrorCode::kLimit) return std::unexpected(bytes.error());
  return fail(ErrorCode::kLimit, "the facts are larger than a node's can be: " + bytes.error().message);
}

Result<std::size_t> row_bytes(int table, std::string_view row) {
  const FieldBound& bound = table_bound(table);
  const Place place{nullptr, bound.name};
  return Walk().message(row, *bound.message, &place);
}

}  // namespace baseline::facts
