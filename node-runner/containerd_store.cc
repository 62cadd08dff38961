#include "node-runner/containerd_store.h"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "node-runner/containerd_images.h"
#include "node-runner/json_members.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::Value;

constexpr std::string_view kPrefix = "io.kubernetes.cri.";
constexpr auto kTaskDirectories = std::to_array<std::string_view>(
    {"/io.containerd.runtime.v2.task/k8s.io", "/io.containerd.runtime.v1.linux/k8s.io"});

struct Bundles {
  std::vector<FoundContainer> containers;
  std::set<std::string> ids;
};

const std::string& annotation(const Value& annotations, std::string_view name) {
  return annotations[std::string(kPrefix) + std::string(name)].as_string();
}

int read_pid(Context& context, int viewer, const std::string& path) {
  const auto text = context.read(viewer, path, 64);
  return text ? to_number<int>(trim(*text)).value_or(0) : 0;
}

void read_bundle(Context& context, int viewer, const std::string& directory, const std::string& id,
                 Workloads& out, Bundles& bundles) {
  constexpr auto kMembers = std::to_array<std::string_view>({"annotations"});
  const auto config = read_members(context, viewer, directory + "/config.json", kMembers,
                                   context.limits().image_document_bytes);
  if (!config) {
    // Without both it is being made or taken away.
    const bool running = context.exists(viewer, directory + "/init.pid");
    if (config.error().code == ErrorCode::kNotFound && !running) return;
    return note_loss(context, out, std::string(parent_path(directory)),
                     "the configuration of a container cannot be read: " + config.error().message);
  }
  const Value& annotations = (*config)["annotations"];
  if (annotation(annotations, "container-type") == "sandbox") return;
  FoundContainer& found = bundles.containers.emplace_back();
  found.id = id;
  found.pid = read_pid(context, viewer, directory + "/init.pid");
  found.fact.set_runtime("containerd");
  found.fact.set_namespace_(to_utf8(annotation(annotations, "sandbox-namespace")));
  found.fact.set_pod(to_utf8(annotation(annotations, "sandbox-name")));
  found.fact.set_pod_uid(to_utf8(annotation(annotations, "sandbox-uid")));
  found.fact.set_name(to_utf8(annotation(annotations, "container-name")));
  found.fact.set_image(to_utf8(annotation(annotations, "image-name")));
  bundles.ids.insert(id);
}

Bundles read_bundles(Context& context, const RuntimeStore& store, Workloads& out) {
  Bundles bundles;
  for (const std::string_view below : kTaskDirectories) {
    const std::string directory = store.state + std::string(below);
    const auto listing = context.names(store.viewer, directory);
    if (!listing) {
      if (listing.error().code == ErrorCode::kNotFound) continue;
      out.found = true;
      note_loss(context, out, directory, listing.error().message);
      continue;
    }
    out.found = true;
    if (!listing->complete) note_loss(context, out, directory, "more containers than are looked at");
    for (const std::string& id : listing->names) {
      if (out.ids.size() >= context.limits().containers) {
        note_loss(context, out, directory, "more containers than are looked at");
        break;
      }
      if (out.ids.insert(id).second)
        read_bundle(context, store.viewer, fmt::format("{}/{}", directory, id), id, out, bundles);
    }
  }
  return bundles;
}

// Where annotations are silent, as with old versions, the labels in the metadata name the pod.
void name_by_labels(const std::map<std::string, std::string>& labels, facts::Container& fact) {
  const auto label = [&labels](const char* key) {
    const auto found = labels.find(key);
    return found == labels.end() ? std::string() : to_utf8(found->second);
  };
  if (fact.namespace_().empty()) fact.set_namespace_(label("io.kubernetes.pod.namespace"));
  if (fact.pod().empty()) fact.set_pod(label("io.kubernetes.pod.name"));
  if (fact.pod_uid().empty()) fact.set_pod_uid(label("io.kubernetes.pod.uid"));
  if (fact.name().empty()) fact.set_name(label("io.kubernetes.container.name"));
}

void finish(Context& context, const std::string& place, FoundContainer& found, Workloads& out) {
  if (found.fact.namespace_().empty() || found.fact.pod().empty() || found.fact.name().empty()) {
    add_reason(*found.fact.mutable_error(), "its runtime does not say which pod it belongs to");
    note_loss(context, out, place, "the runtime does not say to which pod a container belongs");
  }
  out.containers.push_back(std::move(found));
}

}  // namespace

void read_containerd(Context& context, const RuntimeStore& store, Workloads& out) {
  Bundles bundles = read_bundles(context, store, out);
  if (bundles.containers.empty()) return;
  const std::string path = store.root + "/io.containerd.metadata.v1.bolt/meta.db";
  const auto metadata = read_containerd_metadata(context, store.viewer, path, bundles.ids);
  if (!metadata) context.error("images", path, metadata.error().message);
  std::optional<ContainerdImages> images;
  if (metadata) images.emplace(context, store.viewer, store.root, *metadata);
  for (FoundContainer& found : bundles.containers) {
    if (!metadata) {
      add_reason(*found.fact.mutable_error(),
                 "the runtime's image store cannot be read: " + metadata.error().message);
    } else {
      const auto known = metadata->containers.find(found.id);
      std::string config_id;
      if (known != metadata->containers.end()) {
        name_by_labels(known->second.labels, found.fact);
        if (found.fact.image().empty()) found.fact.set_image(to_utf8(known->second.image));
        config_id = known->second.config_id;
      }
      images->resolve(config_id, found.fact, out);
    }
    finish(context, store.state, found, out);
  }
}

}  // namespace baseline::runner
