#include "node-runner/manifests.h"

#include <algorithm>
#include <array>

#include "base/yaml.h"
#include "node-runner/configs.h"
#include "node-runner/places.h"
#include "node-runner/shell_words.h"
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

// What starts something else and waits for it, with the command behind it or in a script.
constexpr auto kWrappers = std::to_array<std::string_view>(
    {"ash", "bash", "dash", "dumb-init", "env", "go-runner", "sh", "tini", "watch-termination"});
// A program that starts a component and looks after it.
constexpr auto kSupervisors =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"etcd-manager", "etcd"}});

std::string component_called(std::string_view name) {
  for (const auto& [supervisor, component] : kSupervisors) {
    if (name == supervisor) return std::string(component);
  }
  return recognise(name, {}).component;
}

// The command line behind a wrapper, as far as it is one: from the first word that is a component's program
// on, in the command itself or in a script among its words. Empty when there is none.
std::vector<std::string> behind_wrapper(const std::vector<std::string>& argv) {
  if (argv.empty() || std::ranges::find(kWrappers, base_name(argv[0])) == kWrappers.end()) return {};
  for (std::size_t i = 1; i < argv.size(); ++i) {
    if (argv[i].starts_with('-')) continue;
    std::vector<std::string> rest(argv.begin() + static_cast<std::ptrdiff_t>(i), argv.end());
    if (!recognise("", rest).component.empty()) return rest;
    for (const ShellCommand& command : shell_commands(argv[i])) {
      std::vector<std::string> words;
      for (const ShellWord& word : command) words.push_back(word.text);
      while (!words.empty()) {
        if (!recognise("", words).component.empty() || !component_called(base_name(words[0])).empty())
          return words;
        words.erase(words.begin());
      }
    }
  }
  return {};
}

// The component that a container runs: by its command, what stands behind a wrapper, its own name or its
// image's.
std::string component_of(const Value& container, std::vector<std::string>& argv) {
  if (std::string component = recognise("", argv).component; !component.empty()) return component;
  if (std::vector<std::string> rest = behind_wrapper(argv); !rest.empty()) {
    argv = std::move(rest);
    return component_called(base_name(argv[0])).empty() ? recognise("", argv).component
                                                        : component_called(base_name(argv[0]));
  }
  if (std::string component = component_called(container["name"].as_string()); !component.empty())
    return component;
  return component_called(image_name(container["image"].as_string()));
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
    manifest.component = component_of(container, argv);
    if (manifest.component.empty()) continue;
    manifest.argv = std::move(argv);
    manifest.image = container["image"].as_string();
    return manifest;
  }
  manifest.component = component_called(manifest.name);
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
