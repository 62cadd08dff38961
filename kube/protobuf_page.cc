#include "kube/protobuf_page.h"

#include <cstdint>
#include <limits>
#include <optional>

#include <google/protobuf/io/coded_stream.h>

#include "base/json.h"
#include "kube/wire.pb.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;
using google::protobuf::io::CodedInputStream;

constexpr std::string_view kMagic{"k8s\0", 4};

enum WireType : std::uint32_t { kVarint = 0, kFixed64 = 1, kDelimited = 2, kFixed32 = 5 };

// Calls field(number, bytes) for each delimited field of a message, until it returns false, and passes over
// the others. Returns whether the message is sound as far as it was read.
template <typename Field>
bool delimited_fields(std::string_view message, Field&& field) {
  if (message.size() > std::numeric_limits<int>::max()) return false;
  const auto size = static_cast<int>(message.size());
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(message.data()), size);
  while (in.CurrentPosition() < size) {
    const std::uint32_t tag = in.ReadTag();
    std::uint64_t number = 0;
    int length = 0;
    switch (tag & 7U) {
      case kVarint:
        if (tag == 0 || !in.ReadVarint64(&number)) return false;
        break;
      case kFixed64:
        if (!in.Skip(8)) return false;
        break;
      case kFixed32:
        if (!in.Skip(4)) return false;
        break;
      case kDelimited: {
        if (!in.ReadVarintSizeAsInt(&length)) return false;
        const int begin = in.CurrentPosition();
        if (!in.Skip(length)) return false;
        const std::string_view bytes =
            message.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
        if (!field(tag >> 3U, bytes)) return true;
        break;
      }
      default:
        return false;
    }
  }
  return true;
}

template <typename Message>
bool parse(std::string_view bytes, Message& out) {
  return out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// runtime.Unknown. One without a message is none: even an empty list has its metadata.
struct Envelope {
  wire::TypeMeta type;
  std::optional<std::string_view> message;
};

std::optional<Envelope> open(std::string_view body) {
  Envelope out;
  bool sound = true;
  body.remove_prefix(kMagic.size());
  const bool whole = delimited_fields(body, [&](std::uint32_t number, std::string_view bytes) {
    if (number == 1) sound = sound && parse(bytes, out.type);
    if (number == 2) out.message = bytes;
    if (number == 3)
      sound = sound && bytes.empty();  // contentEncoding: compressed in a way that we do not know
    return true;
  });
  if (!whole || !sound || !out.message) return std::nullopt;
  return out;
}

}  // namespace

bool is_protobuf(std::string_view body) {
  return body.starts_with(kMagic);
}

base::Result<Page> walk_protobuf_page(std::string_view body,
                                      const std::function<bool(std::string_view item)>& item) {
  const auto envelope = open(body);
  if (!envelope) return fail(ErrorCode::kCorrupt, "the server's list is not valid Protobuf");
  if (!envelope->type.kind().ends_with("List")) {
    return fail(ErrorCode::kInvalid, "the server's reply is no list");
  }
  Page page;
  bool sound = true;
  const bool whole = delimited_fields(*envelope->message, [&](std::uint32_t number, std::string_view bytes) {
    if (number == 1) {
      wire::ListMeta metadata;
      sound = parse(bytes, metadata);
      page.resource_version = metadata.resource_version();
      page.continue_token = metadata.continue_();
      return sound;
    }
    if (number != 2) return true;
    ++page.items;
    return item(bytes);
  });
  if (!whole || !sound) return fail(ErrorCode::kCorrupt, "the server's list is not valid Protobuf");
  return page;
}

std::string status_from_protobuf(std::string_view body) {
  const auto envelope = open(body);
  wire::Status status;
  if (!envelope || envelope->type.kind() != "Status" || !parse(*envelope->message, status)) return {};
  base::Value metadata = base::Value::map();
  metadata.set("continue", status.metadata().continue_());
  base::Value out = base::Value::map();
  out.set("kind", "Status");
  out.set("reason", status.reason());
  out.set("message", status.message());
  out.set("code", status.code());
  out.set("metadata", std::move(metadata));
  return base::write_json(out);
}

}  // namespace baseline::kube
