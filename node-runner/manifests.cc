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

struct Manifest {
  std::string path;
  std::string component;
  std::vector<std::string> argv;
  std::string image;
};

std::string_view image_name(std::string_view image) {
  image = image.substr(0, image.find('@'));
  std::string_view name = base_name(image);
  return name.substr(0, name.find(':'));
}

// The component that a container of the pod runs, and its command line.
Manifest read_pod(const Value& pod, const std::string& path) {
  for (const Value& container : pod.at("spec.containers").items()) {
    Manifest manifest;
    manifest.path = path;
    manifest.image = container["image"].as_string();
    for (const std::string_view list : {"command", "args"}) {
      for (const Value& word : container[list].items()) manifest.argv.push_back(word.scalar_text());
    }
    manifest.component = recognise("", manifest.argv).component;
    if (manifest.component.empty() && (manifest.argv.empty() || manifest.argv[0].starts_with('-'))) {
      manifest.component =
          recognise(image_name(manifest.image), {}).component;  // by the image's own entry point
    }
    if (!manifest.component.empty()) return manifest;
  }
  return {};
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
    if (manifest.component.empty()) continue;
    load_config(context, viewer, path, path, manifest.component, "manifest");
    out.push_back(std::move(manifest));
  }
}

// A command line equal to the manifest's is proof. Otherwise (the manifest has just been edited, or refers to
// the environment) it must be the only one of its component, and the process one that runs in a container.
const Manifest* manifest_of(const std::vector<Manifest>& manifests, const Component& component) {
  const Manifest* only = nullptr;
  std::size_t count = 0;
  for (const Manifest& manifest : manifests) {
    if (manifest.component != component.name()) continue;
    if (manifest.argv == component.argv) return &manifest;
    only = &manifest;
    ++count;
  }
  return count == 1 && component.fact.own_root() ? only : nullptr;
}

}  // namespace

std::string image_version(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::string_view name = base_name(image);
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? std::string()
                                         : std::string(leading_version(name.substr(colon + 1)));
}

void collect_manifests(Context& context, std::vector<std::pair<int, std::string>> directories,
                       std::vector<Component>& components) {
  for (const std::string_view path : static_pod_places()) directories.emplace_back(kHost, path);
  std::sort(directories.begin(), directories.end());
  directories.erase(std::unique(directories.begin(), directories.end()), directories.end());
  std::vector<Manifest> manifests;
  for (const auto& [viewer, path] : directories) read_directory(context, viewer, path, manifests);
  for (Component& component : components) {
    const Manifest* manifest = manifest_of(manifests, component);
    if (manifest == nullptr) continue;
    component.fact.set_manifest(to_utf8(manifest->path));
    if (const std::string version = image_version(manifest->image); !version.empty()) {
      component.fact.set_version(version);
      component.fact.set_version_origin("image tag in " + to_utf8(manifest->path));
    }
  }
}

}  // namespace baseline::runner
