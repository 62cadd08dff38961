#include "node-runner/docker_store.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/digest.h"
#include "node-runner/image_config.h"
#include "node-runner/json_members.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::Value;

// The image stores of the storage drivers in use: ROOT/image/overlay2.
struct ImageStores {
  std::vector<std::string> directories;
  std::map<std::string, std::vector<std::string>> names;  // by image's id
};

ImageStores find_stores(Context& context, const RuntimeStore& store) {
  ImageStores out;
  const std::string parent = store.root + "/image";
  const auto listing = context.names(store.viewer, parent);
  if (!listing) {
    context.error("images", parent, listing.error().message);
    return out;
  }
  constexpr auto kMembers = std::to_array<std::string_view>({"Repositories"});
  for (const std::string& driver : listing->names) {
    out.directories.push_back(fmt::format("{}/{}", parent, driver));
    const auto names = read_members(context, store.viewer, out.directories.back() + "/repositories.json",
                                    kMembers, context.limits().image_document_bytes);
    if (!names) continue;
    for (const Value::Member& repository : (*names)["Repositories"].members()) {
      for (const Value::Member& name : repository.second.members())
        out.names[name.second.as_string()].push_back(to_utf8(name.first));
    }
  }
  return out;
}

// Sizes of an image's layers, which are kept by the digest of all layers up to each (chain id); 0 when one of
// them is not known.
std::uint64_t layer_bytes(Context& context, int viewer, const std::string& directory,
                          const std::string& config) {
  constexpr auto kMembers = std::to_array<std::string_view>({"rootfs"});
  const auto document = parse_json_members(config, kMembers);
  if (!document) return 0;
  std::uint64_t total = 0;
  std::string chain;
  for (const Value& layer : (*document)["rootfs"]["diff_ids"].items()) {
    const std::string& diff = layer.as_string();
    if (digest_hex(diff).empty()) return 0;
    chain =
        chain.empty() ? diff : fmt::format("sha256:{}", base::sha256_hex(fmt::format("{} {}", chain, diff)));
    const auto text =
        context.read(viewer, fmt::format("{}/layerdb/sha256/{}/size", directory, digest_hex(chain)), 64);
    const auto size = text ? to_number<std::uint64_t>(trim(*text)) : std::nullopt;
    if (!size) return 0;
    total += *size;
  }
  return total;
}

void fill_image(Context& context, int viewer, const ImageStores& stores, facts::Image& image) {
  const std::string hex(digest_hex(image.id()));
  for (const std::string& directory : stores.directories) {
    const auto text =
        read_by_digest(context, viewer, fmt::format("{}/imagedb/content/sha256/{}", directory, hex), hex);
    if (!text && text.error().code == ErrorCode::kNotFound) continue;
    if (!text)
      return add_reason(*image.mutable_error(), "its configuration cannot be used: " + text.error().message);
    read_image_config(*text, image);
    image.set_bytes(layer_bytes(context, viewer, directory, *text));
    return;
  }
  add_reason(*image.mutable_error(), "its configuration is not in the image store");
}

struct Reader {
  Context& context;
  const RuntimeStore& store;
  std::string place;
  Workloads& out;
  std::optional<ImageStores> images;  // read when the first container needs them

  void find_image(const std::string& id, facts::Container& fact) {
    if (digest_hex(id).empty())
      return add_reason(*fact.mutable_error(), "image: the runtime does not say which one the container has");
    fact.set_image_id(id);
    facts::Image* image = image_row(context, out, id);
    if (image == nullptr || image->config_read() || !image->error().empty()) return;
    if (!images) images = find_stores(context, store);
    fill_image(context, store.viewer, *images, *image);
    if (const auto names = images->names.find(id); names != images->names.end()) {
      for (const std::string& name : names->second) image->add_names(name);
    }
  }

  void read(const std::string& id) {
    constexpr auto kMembers = std::to_array<std::string_view>({"State", "Config", "Image"});
    const auto config = read_members(context, store.viewer, place + "/" + id + "/config.v2.json", kMembers,
                                     context.limits().image_document_bytes);
    if (!config) {
      if (config.error().code == ErrorCode::kNotFound) return;  // being made, or taken away: none that runs
      return note_loss(context, out, place,
                       "the configuration of a container cannot be read: " + config.error().message);
    }
    const Value& labels = (*config)["Config"]["Labels"];
    const Value& state = (*config)["State"];
    const std::string& type = labels["io.kubernetes.docker.type"].as_string();
    if (type == "podsandbox" || labels["io.kubernetes.container.name"].as_string().empty() ||
        !state["Running"].as_bool())
      return;
    const auto label = [&labels](const char* name) { return to_utf8(labels[name].as_string()); };
    FoundContainer found;
    found.id = id;
    const std::int64_t pid = state["Pid"].as_int();
    found.pid = pid > 0 && pid <= INT32_MAX ? static_cast<int>(pid) : 0;
    found.fact.set_runtime("docker");
    found.fact.set_namespace_(label("io.kubernetes.pod.namespace"));
    found.fact.set_pod(label("io.kubernetes.pod.name"));
    found.fact.set_pod_uid(label("io.kubernetes.pod.uid"));
    found.fact.set_name(label("io.kubernetes.container.name"));
    found.fact.set_image(to_utf8((*config)["Config"]["Image"].as_string()));
    if (found.fact.namespace_().empty() || found.fact.pod().empty()) {
      add_reason(*found.fact.mutable_error(), "its runtime does not say which pod it belongs to");
      note_loss(context, out, place, "the runtime does not say to which pod a container belongs");
    }
    find_image((*config)["Image"].as_string(), found.fact);
    out.containers.push_back(std::move(found));
  }
};

}  // namespace

void read_docker(Context& context, const RuntimeStore& store, Workloads& out) {
  Reader reader{context, store, store.root + "/containers", out, {}};
  const auto listing = context.names(store.viewer, reader.place);
  if (!listing) {
    if (listing.error().code == ErrorCode::kNotFound) return;
    out.found = true;
    return note_loss(context, out, reader.place, listing.error().message);
  }
  out.found = true;
  if (!listing->complete) note_loss(context, out, reader.place, "more containers than are looked at");
  for (const std::string& id : listing->names) {
    if (!is_hex_id(id)) continue;
    if (out.ids.size() >= context.limits().containers)
      return note_loss(context, out, reader.place, "more containers than are looked at");
    if (out.ids.insert(id).second) reader.read(id);
  }
}

}  // namespace baseline::runner
