#include "node-runner/workloads.h"

#include <algorithm>

#include "base/digest.h"
#include "node-runner/json_members.h"

namespace baseline::runner {

using base::ErrorCode;
using base::fail;

void note_loss(Context& context, Workloads& out, std::string_view path, std::string_view reason) {
  out.whole = false;
  context.error("containers", path, reason);
}

void add_reason(std::string& error, std::string_view reason) {
  if (error.find(reason) != std::string::npos) return;
  if (!error.empty()) error += "; ";
  error += reason;
}

bool is_hex_id(std::string_view text) {
  return text.size() == 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string_view digest_hex(std::string_view digest) {
  constexpr std::string_view kAlgorithm = "sha256:";
  if (!digest.starts_with(kAlgorithm)) return {};
  digest.remove_prefix(kAlgorithm.size());
  return is_hex_id(digest) ? digest : std::string_view();
}

base::Result<base::Value> read_members(Context& context, int viewer, const std::string& path,
                                       std::span<const std::string_view> names, std::size_t max_bytes) {
  const auto text = context.read(viewer, path, max_bytes);
  if (!text) return std::unexpected(text.error());
  return parse_json_members(*text, names);
}

base::Result<std::string> read_by_digest(Context& context, int viewer, const std::string& path,
                                         std::string_view hex) {
  auto text = context.read(viewer, path, context.limits().image_document_bytes);
  if (text && base::sha256_hex(*text) != hex)
    return fail(ErrorCode::kCorrupt, "its content does not have the digest under which it is kept");
  return text;
}

facts::Image* image_row(Context& context, Workloads& out, const std::string& id) {
  if (const auto known = out.images.find(id); known != out.images.end()) return &known->second;
  if (out.images.size() >= context.limits().images) {
    context.error("images", "limits", "more images than one collection looks at");
    return nullptr;
  }
  facts::Image& image = out.images[id];
  image.set_id(id);
  return &image;
}

}  // namespace baseline::runner
