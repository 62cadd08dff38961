#include "node-runner/manifests.h"

#include <algorithm>

#include "base/yaml.h"
#include "node-runner/configs.h"
#include "node-runner/places.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::Value;

std::string_view image_name(std::string_view image) {
  image = image.substr(0, image.find('@'));
  std::string_view name = base_name(image);
  return name.substr(0, name.find(':'));
}

// With the component that a container of the pod runs, and its command line.
Manifest read_pod(const Value& pod, const std::string& path) {
  Manifest manifest;
  manifest.path = path;
  manifest.name = pod.at("metadata.name").as_string();
  manifest.ns = pod.at("metadata.namespace").as_string();
  if (manifest.ns.empty()) manifest.ns = "default";
  manifest.uid = pod.at("metadata.uid").as_string();
  for (const Value& container : pod.at("spec.containers").items()) {
    std::vector<std::string> argv;
    for (const std::string_view list : {"command", "args"}) {
      for (const Value& word : container[list].items()) argv.push_back(word.scalar_text());
    }
    const std::string& image = container["image"].as_string();
    manifest.component = recognise("", argv).component;
    if (manifest.component.empty() && (argv.empty() || argv[0].starts_with('-')))
      manifest.component = recognise(image_name(image), {}).component;  // by the image's own entry point
    if (manifest.component.empty()) continue;
    manifest.argv = std::move(argv);
    manifest.image = image;
    break;
  }
  return manifest;
}

void read_directory(Context& context, int viewer, const std::string& directory, std::vector<Manifest>& out) {
  if (context.look(viewer, directory).presence() != facts::PRESENT) return;
  const facts::Directory& listing = context.list(viewer, directory, false);
  for (const std::string& path : listing.entries()) {
    if (base_name(path).starts_with('.') || context.look(viewer, path).type() != "file") continue;
    const auto text = context.read(viewer, path, context.limits().file_bytes);
    if (!text) {
      context.error("configs", path, text.error().message);
      continue;
    }
    const auto pod = base::parse_yaml(to_utf8(*text), path);
    if (!pod) {
      context.error("configs", path, "it cannot be parsed as a static pod");
      continue;
    }
    Manifest manifest = read_pod(*pod, path);
    if (!manifest.component.empty()) load_config(context, viewer, path, path, manifest.component, "manifest");
    out.push_back(std::move(manifest));
  }
}

// The kubelet calls a static pod after its manifest and the node.
bool is_pod_of(const Manifest& manifest, const facts::Process& process) {
  const std::string_view name = process.pod_name();
  return process.pod_namespace() == manifest.ns && !manifest.name.empty() &&
         name.starts_with(manifest.name) && name.substr(manifest.name.size()).starts_with('-');
}

// A uid that the manifest gives is the pod's; else it is one that only the kubelet makes.
bool has_uid_of(const Manifest& manifest, const facts::Process& process) {
  constexpr std::size_t kDigits = 32;
  const std::string& uid = process.pod_uid();
  if (!manifest.uid.empty()) return uid == manifest.uid;
  return uid.size() == kDigits && uid.find('-') == std::string::npos;
}

// Where the pod's name is known it decides. Where it is not, or where it cannot be told where the process
// runs, a command line equal to the manifest's does; else (the manifest has just been edited, or refers to
// the environment) it must be the only one of its component, and the process one that runs in a container.
const Manifest* manifest_of(const std::vector<Manifest>& manifests, const Component& component) {
  const facts::Process& process = component.fact;
  const bool unknown = process.origin() == facts::ORIGIN_UNKNOWN;
  if (process.origin() == facts::ORIGIN_HOST) return nullptr;
  const Manifest* only = nullptr;
  std::size_t count = 0;
  for (const Manifest& manifest : manifests) {
    if (!unknown && !has_uid_of(manifest, process)) continue;
    if (!process.pod_name().empty()) {
      if (is_pod_of(manifest, process)) return &manifest;
      continue;
    }
    if (manifest.component != component.name()) continue;
    if (manifest.argv == component.argv) return &manifest;
    only = &manifest;
    ++count;
  }
  return count == 1 && process.own_root() ? only : nullptr;
}

}  // namespace

std::string image_version(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::string_view name = base_name(image);
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? std::string()
                                         : std::string(leading_version(name.substr(colon + 1)));
}

std::vector<Manifest> collect_manifests(Context& context,
                                        std::vector<std::pair<int, std::string>> directories) {
  for (const std::string_view path : static_pod_places()) directories.emplace_back(kHost, path);
  std::sort(directories.begin(), directories.end());
  directories.erase(std::unique(directories.begin(), directories.end()), directories.end());
  std::vector<Manifest> manifests;
  for (const auto& [viewer, path] : directories) read_directory(context, viewer, path, manifests);
  return manifests;
}

void join_manifests(const std::vector<Manifest>& manifests, std::vector<Component>& components) {
  for (Component& component : components) {
    const Manifest* manifest = manifest_of(manifests, component);
    if (manifest == nullptr) continue;
    facts::Process& process = component.fact;
    process.set_manifest(to_utf8(manifest->path));
    if (process.origin() == facts::ORIGIN_POD) process.set_origin(facts::ORIGIN_STATIC_POD);
    const std::string version =
        manifest->component == component.name() ? image_version(manifest->image) : std::string();
    if (!version.empty()) {
      process.set_version(version);
      process.set_version_origin("image tag in " + to_utf8(manifest->path));
    }
  }
}

}  // namespace baseline::runner
