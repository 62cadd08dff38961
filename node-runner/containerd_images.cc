#include "node-runner/containerd_images.h"

#include <algorithm>
#include <array>

#include "node-runner/image_config.h"
#include "node-runner/json_members.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::fail;
using base::Value;

constexpr auto kManifestMembers =
    std::to_array<std::string_view>({"mediaType", "manifests", "config", "layers", "annotations"});
constexpr int kIndexDepth = 3;
constexpr std::size_t kMaxManifests = 256;

// The image specification's name of what uname calls the machine.
std::string_view platform_of(std::string_view machine) {
  constexpr auto kNames = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"x86_64", "amd64"},
      {"aarch64", "arm64"},
      {"armv7l", "arm"},
      {"i686", "386"},
  });
  const auto* const found =
      std::ranges::find(kNames, machine, &std::pair<std::string_view, std::string_view>::first);
  return found == kNames.end() ? machine : found->second;
}

}  // namespace

std::string ContainerdImages::blob_path(std::string_view hex) const {
  return root_ + "/io.containerd.content.v1.content/blobs/sha256/" + std::string(hex);
}

base::Result<Value> ContainerdImages::document(const std::string& digest) {
  const std::string_view hex = digest_hex(digest);
  if (hex.empty()) return fail(ErrorCode::kInvalid, "a digest in the store is not SHA-256");
  const auto text = read_by_digest(context_, viewer_, blob_path(hex), hex);
  if (!text) {
    if (text.error().code != ErrorCode::kNotFound) return std::unexpected(text.error());
    return fail(ErrorCode::kNotFound, "its manifest is not in the content store");
  }
  return parse_json_members(*text, kManifestMembers);
}

base::Result<ContainerdImages::Manifest> ContainerdImages::manifest(  // NOLINT(misc-no-recursion): bounded
    const std::string& digest, const std::string& config_id, int depth) {
  const auto read = document(digest);
  if (!read) return std::unexpected(read.error());
  if ((*read)["manifests"].is_list()) {
    if (depth == 0) return fail(ErrorCode::kInvalid, "its indexes are nested without end");
    return choose(*read, config_id, depth - 1);
  }
  Manifest out;
  out.config = (*read)["config"]["digest"].as_string();
  if (digest_hex(out.config).empty()) return fail(ErrorCode::kInvalid, "its manifest names no configuration");
  for (const Value& layer : (*read)["layers"].items())
    out.bytes += static_cast<std::uint64_t>(
        std::clamp<std::int64_t>(layer["size"].as_int(), 0, std::int64_t{1} << 42));
  out.base_name = (*read)["annotations"]["org.opencontainers.image.base.name"].as_string();
  return out;
}

base::Result<ContainerdImages::Manifest> ContainerdImages::choose(  // NOLINT(misc-no-recursion): bounded
    const Value& index, const std::string& config_id, int depth) {
  const std::string_view machine = platform_of(context_.facts().host().architecture());
  if (index["manifests"].items().size() > kMaxManifests)
    return fail(ErrorCode::kLimit, "its index names more manifests than are read");
  std::optional<Manifest> chosen;
  base::Error last{ErrorCode::kNotFound, "its index names no manifest for this platform", {}};
  for (const Value& entry : index["manifests"].items()) {
    const Value& platform = entry["platform"];
    if (platform["os"].as_string() == "unknown") continue;  // an attestation
    // With the configuration known only that counts; else the platform does, where it is known.
    if (config_id.empty() && platform.is_map() && !machine.empty() &&
        platform["architecture"].as_string() != machine)
      continue;
    auto found = manifest(entry["digest"].as_string(), config_id, depth);
    if (!found) {
      last = found.error();
      continue;
    }
    if (!config_id.empty() && found->config == config_id) return found;
    if (!config_id.empty()) continue;
    if (machine.empty() && chosen)
      return fail(ErrorCode::kInvalid, "its index has manifests for several platforms");
    if (!chosen) chosen = std::move(*found);
    if (!machine.empty()) break;
  }
  if (chosen) return *std::move(chosen);
  return std::unexpected(last);
}

void ContainerdImages::add_names(const std::string& target, facts::Image& image) const {
  for (const auto& [name, digest] : metadata_.images) {
    if (digest != target || !digest_hex(name).empty()) continue;
    const std::string text = to_utf8(name);
    if (std::ranges::find(image.names(), text) == image.names().end()) image.add_names(text);
  }
}

void ContainerdImages::fill(const std::string& id, const Manifest& manifest, facts::Image& image) {
  if (image.bytes() == 0) image.set_bytes(manifest.bytes);
  if (image.config_read() || !image.error().empty()) return;
  const std::string_view hex = digest_hex(id);
  const auto text = read_by_digest(context_, viewer_, blob_path(hex), hex);
  if (!text) {
    const bool absent = text.error().code == ErrorCode::kNotFound;
    add_reason(*image.mutable_error(), absent ? "its configuration is not in the content store"
                                              : "its configuration cannot be used: " + text.error().message);
    return;
  }
  read_image_config(*text, image);
  if (image.base_name().empty()) image.set_base_name(to_utf8(manifest.base_name.substr(0, 1024)));
}

void ContainerdImages::resolve(const std::string& config_id, facts::Container& fact, Workloads& out) {
  const std::string known = digest_hex(config_id).empty() ? std::string() : config_id;
  // A name may have moved on to another image while the container runs: what it was made from counts.
  auto entry = metadata_.images.find(known);
  if (known.empty() || entry == metadata_.images.end()) entry = metadata_.images.find(fact.image());
  base::Result<Manifest> found = fail(ErrorCode::kNotFound, "its image is not in the runtime's image store");
  if (entry != metadata_.images.end()) found = manifest(entry->second, known, kIndexDepth);
  const bool same = found && (known.empty() || found->config == known);
  if (!same && known.empty()) return add_reason(*fact.mutable_error(), "image: " + found.error().message);
  const std::string& id = known.empty() ? found->config : known;
  fact.set_image_id(id);
  facts::Image* image = image_row(context_, out, id);
  if (image == nullptr) return;
  fill(id, same ? *found : Manifest{}, *image);
  if (same) add_names(entry->second, *image);
}

}  // namespace baseline::runner
