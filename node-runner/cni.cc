#include "node-runner/cni.h"

#include "node-runner/configs.h"
#include "node-runner/redact.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

constexpr std::string_view kDefault = "/etc/cni/net.d";

bool is_network_file(std::string_view path) {
  return path.ends_with(".conf") || path.ends_with(".conflist") || path.ends_with(".json");
}

CniSource choose(const std::vector<Component>& components, const std::vector<CniSource>& sources) {
  std::string endpoint;
  for (const Component& component : components) {
    if (component.name() != "kubelet") continue;
    endpoint = component.flag("container-runtime-endpoint");
    const std::string directory = component.flag("cni-conf-dir");
    if (!directory.empty())
      return {"", component.viewer, component.locate(directory), "flag --cni-conf-dir of the kubelet"};
  }
  // Of several runtimes the one that the kubelet's socket is named after.
  for (const CniSource& source : sources) {
    if (endpoint.find(source.runtime) != std::string::npos) return source;
  }
  if (!sources.empty()) return sources.front();
  return {"", kHost, std::string(kDefault), "default"};
}

}  // namespace

facts::CniNetwork parse_network(const base::Value& document) {
  facts::CniNetwork network;
  const auto name = [](const base::Value& value) {
    return shown(facts::ValueType::kNames, value.as_string());
  };
  network.set_name(name(document["name"]));
  for (const base::Value& plugin : document["plugins"].items()) network.add_plugins(name(plugin["type"]));
  if (document.contains("type")) network.add_plugins(name(document["type"]));
  return network;
}

void collect_cni(Context& context, const std::vector<Component>& components,
                 const std::vector<CniSource>& sources) {
  for (const Component& component : components) {
    if (component.name() == "kubelet" && component.withholds("cni-conf-dir"))
      context.error("cni", "flag --cni-conf-dir", "it names a path that does not leave the node");
  }
  const CniSource source = choose(components, sources);
  facts::Cni& cni = *context.facts().mutable_cni();
  cni.set_conf_dir(to_utf8(source.directory));
  cni.set_conf_dir_origin(source.origin);
  // The files' own modes are judged, so subdirectories count; networks are read from the directory itself
  // only.
  const facts::Directory directory = context.list(source.viewer, source.directory, true);
  for (const std::string& path : directory.entries()) {
    if (!is_network_file(path) || parent_path(path) != source.directory) continue;
    const auto document = load_config(context, source.viewer, path, path, "", "cni");
    facts::CniNetwork network = document ? parse_network(*document) : facts::CniNetwork();
    network.set_path(path);
    *cni.add_networks() = std::move(network);
  }
}

}  // namespace baseline::runner
