#include "node-runner/crio_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.h"
#include "node-runner/image_config.h"
#include "node-runner/json_members.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::Value;

constexpr std::string_view kContainers = "-containers";

// One storage driver's part of a storage: "overlay".
struct Storage {
  Context& context;
  const RuntimeStore& store;
  std::string driver;
  std::map<std::string, std::string> image_of;            // image's id, by container's
  std::map<std::string, std::vector<std::string>> names;  // by image's id

  std::string run(std::string_view id) const {
    return store.state + "/" + driver + std::string(kContainers) + "/" + std::string(id) + "/userdata";
  }
  std::string kept(std::string_view kind) const { return store.root + "/" + driver + std::string(kind); }
};

// The identity of a digest or an id that stands alone.
std::string bare_id(std::string_view text) {
  if (const std::string_view hex = digest_hex(text); !hex.empty()) return std::string(hex);
  return is_hex_id(text) ? std::string(text) : std::string();
}

// A list file of the storage, its entries with an id. Absent is no failure: not every version has each.
void read_list(Storage& storage, const std::string& path, std::span<const std::string_view> members,
               const std::function<void(const std::string&, const Value&)>& visit) {
  Context& context = storage.context;
  const auto text = context.read(storage.store.viewer, path, context.limits().image_document_bytes);
  if (!text) {
    if (text.error().code != ErrorCode::kNotFound) context.error("images", path, text.error().message);
    return;
  }
  std::size_t entries = 0;
  const auto done = parse_json_items(*text, members, [&](const Value& entry) {
    const std::string& id = entry["id"].as_string();
    if (++entries <= context.limits().store_entries && is_hex_id(id)) visit(id, entry);
  });
  if (!done) context.error("images", path, done.error().message);
}

void read_lists(Storage& storage) {
  constexpr auto kContainer = std::to_array<std::string_view>({"id", "image"});
  const auto add_container = [&storage](const std::string& id, const Value& entry) {
    storage.image_of[id] = entry["image"].as_string();
  };
  read_list(storage, storage.kept(kContainers) + "/containers.json", kContainer, add_container);
  read_list(storage, storage.store.state + "/" + storage.driver + "-containers/volatile-containers.json",
            kContainer, add_container);
  constexpr auto kImage = std::to_array<std::string_view>({"id", "names"});
  read_list(storage, storage.kept("-images") + "/images.json", kImage,
            [&storage](const std::string& id, const Value& entry) {
              for (const Value& name : entry["names"].items())
                storage.names[id].push_back(to_utf8(name.as_string()));
            });
}

// Reads an image's configuration. Files beside its manifest are named after the digest of what they hold.
void fill_image(Storage& storage, const std::string& id, facts::Image& image) {
  Context& context = storage.context;
  const std::string directory = storage.kept("-images") + "/" + id;
  constexpr auto kMembers = std::to_array<std::string_view>({"config", "layers"});
  const auto manifest = read_members(context, storage.store.viewer, directory + "/manifest", kMembers,
                                     context.limits().image_document_bytes);
  std::string& error = *image.mutable_error();
  if (!manifest) {
    const bool absent = manifest.error().code == ErrorCode::kNotFound;
    return add_reason(error, absent ? "its manifest is not in the image store"
                                    : "its manifest cannot be used: " + manifest.error().message);
  }
  const std::string& digest = (*manifest)["config"]["digest"].as_string();
  const std::string_view hex = digest_hex(digest);
  if (hex.empty()) return add_reason(error, "its manifest names no configuration");
  std::uint64_t bytes = 0;
  for (const Value& layer : (*manifest)["layers"].items())
    bytes += static_cast<std::uint64_t>(
        std::clamp<std::int64_t>(layer["size"].as_int(), 0, std::int64_t{1} << 42));
  image.set_bytes(bytes);
  const auto text =
      read_by_digest(context, storage.store.viewer, directory + "/=" + base::base64_encode(digest), hex);
  if (text) return read_image_config(*text, image);
  const bool absent = text.error().code == ErrorCode::kNotFound;
  add_reason(error, absent ? "its configuration is not in the image store"
                           : "its configuration cannot be used: " + text.error().message);
}

void find_image(Storage& storage, const std::string& container, std::string_view noted,
                facts::Container& fact, Workloads& out) {
  const auto known = storage.image_of.find(container);
  const std::string id = bare_id(known != storage.image_of.end() ? std::string_view(known->second) : noted);
  if (id.empty())
    return add_reason(*fact.mutable_error(), "image: the storage does not say which one the container has");
  fact.set_image_id("sha256:" + id);
  facts::Image* image = image_row(storage.context, out, fact.image_id());
  if (image == nullptr || image->config_read() || !image->error().empty()) return;
  fill_image(storage, id, *image);
  if (const auto names = storage.names.find(id); names != storage.names.end()) {
    for (const std::string& name : names->second) image->add_names(name);
  }
}

// What CRI-O itself notes of a container's state; it stands in the run root or in the storage.
bool is_stopped(Storage& storage, const std::string& id) {
  constexpr auto kMembers = std::to_array<std::string_view>({"status"});
  for (const std::string& directory : {storage.run(id), storage.kept(kContainers) + "/" + id + "/userdata"}) {
    const auto state = read_members(storage.context, storage.store.viewer, directory + "/state.json",
                                    kMembers, storage.context.limits().image_document_bytes);
    if (state) return (*state)["status"].as_string() == "stopped";
  }
  return false;
}

void read_container(Storage& storage, const std::string& id, const std::string& place, Workloads& out) {
  Context& context = storage.context;
  const std::string directory = storage.run(id);
  constexpr auto kMembers = std::to_array<std::string_view>({"annotations"});
  const auto config = read_members(context, storage.store.viewer, directory + "/config.json", kMembers,
                                   context.limits().image_document_bytes);
  if (!config) {
    const bool running = context.exists(storage.store.viewer, directory + "/pidfile");
    if (config.error().code == ErrorCode::kNotFound && !running) return;
    return note_loss(context, out, place,
                     "the configuration of a container cannot be read: " + config.error().message);
  }
  const Value& annotations = (*config)["annotations"];
  if (annotations["io.kubernetes.cri-o.ContainerType"].as_string() != "container" || is_stopped(storage, id))
    return;
  const auto annotation = [&annotations](const char* name) { return to_utf8(annotations[name].as_string()); };
  FoundContainer found;
  found.id = id;
  if (const auto pid = context.read(storage.store.viewer, directory + "/pidfile", 64))
    found.pid = to_number<int>(trim(*pid)).value_or(0);
  facts::Container& fact = found.fact;
  fact.set_runtime("cri-o");
  fact.set_namespace_(annotation("io.kubernetes.pod.namespace"));
  fact.set_pod(annotation("io.kubernetes.pod.name"));
  fact.set_pod_uid(annotation("io.kubernetes.pod.uid"));
  fact.set_name(annotation("io.kubernetes.container.name"));
  fact.set_image(annotation("io.kubernetes.cri-o.ImageName"));
  if (fact.image().empty()) fact.set_image(annotation("io.kubernetes.cri-o.Image"));
  if (fact.namespace_().empty() || fact.pod().empty() || fact.name().empty()) {
    add_reason(*fact.mutable_error(), "its runtime does not say which pod it belongs to");
    note_loss(context, out, place, "the runtime does not say to which pod a container belongs");
  }
  find_image(storage, id, annotations["io.kubernetes.cri-o.ImageRef"].as_string(), fact, out);
  out.containers.push_back(std::move(found));
}

void read_storage(Storage& storage, Workloads& out) {
  Context& context = storage.context;
  const std::string place = storage.store.state + "/" + storage.driver + std::string(kContainers);
  const auto listing = context.names(storage.store.viewer, place);
  if (!listing) return note_loss(context, out, place, listing.error().message);
  if (!listing->complete) note_loss(context, out, place, "more containers than are looked at");
  read_lists(storage);
  for (const std::string& id : listing->names) {
    if (!is_hex_id(id)) continue;
    if (out.ids.size() >= context.limits().containers)
      return note_loss(context, out, place, "more containers than are looked at");
    if (out.ids.insert(id).second) read_container(storage, id, place, out);
  }
}

}  // namespace

void read_crio(Context& context, const RuntimeStore& store, Workloads& out) {
  const auto drivers = context.names(store.viewer, store.state);
  if (!drivers) {
    if (drivers.error().code == ErrorCode::kNotFound) return;
    out.found = true;
    return note_loss(context, out, store.state, drivers.error().message);
  }
  for (const std::string& name : drivers->names) {
    if (!name.ends_with(kContainers)) continue;
    out.found = true;
    Storage storage{context, store, name.substr(0, name.size() - kContainers.size()), {}, {}};
    read_storage(storage, out);
  }
}

}  // namespace baseline::runner
