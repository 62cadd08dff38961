#include "node-runner/configs.h"

#include <algorithm>
#include <array>

#include "base/yaml.h"
#include "node-runner/flatten.h"
#include "node-runner/named_paths.h"
#include "node-runner/redact.h"
#include "node-runner/text.h"
#include "node-runner/toml.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::fail;
using base::Value;

// Flags that name a configuration file of one role.
struct ConfigFlag {
  std::string_view component;
  std::string_view flag;
  std::string_view role;
};

constexpr auto kConfigFlags = std::to_array<ConfigFlag>({
    {"kube-apiserver", "encryption-provider-config", "encryption"},
    {"kube-apiserver", "experimental-encryption-provider-config", "encryption"},
    {"kube-apiserver", "audit-policy-file", "audit-policy"},
    {"kube-apiserver", "authorization-config", "authorization"},
    {"kube-apiserver", "authentication-config", "authentication"},
    {"kube-apiserver", "admission-control-config-file", "admission"},
    {"kube-apiserver", "egress-selector-config-file", "config"},
    {"kube-apiserver", "authentication-token-webhook-config-file", "kubeconfig"},
    {"kube-apiserver", "authorization-webhook-config-file", "kubeconfig"},
    {"kube-apiserver", "audit-webhook-config-file", "kubeconfig"},
    {"kube-controller-manager", "kubeconfig", "kubeconfig"},
    {"kube-controller-manager", "authentication-kubeconfig", "kubeconfig"},
    {"kube-controller-manager", "authorization-kubeconfig", "kubeconfig"},
    {"kube-scheduler", "config", "config"},
    {"kube-scheduler", "kubeconfig", "kubeconfig"},
    {"kube-scheduler", "authentication-kubeconfig", "kubeconfig"},
    {"kube-scheduler", "authorization-kubeconfig", "kubeconfig"},
    {"kube-proxy", "config", "config"},
    {"kube-proxy", "kubeconfig", "kubeconfig"},
    {"kubelet", "config", "config"},
    {"kubelet", "kubeconfig", "kubeconfig"},
    {"etcd", "config-file", "config"},
});

base::Result<Value> parse(std::string_view text, const std::string& path, std::string_view role) {
  if (role == "runtime" && !path.ends_with(".json")) return parse_toml(text);
  if (role != "cni") return base::parse_yaml(text, path);
  // JSON may be indented by tabs, YAML may not; inside a JSON string there is never one.
  std::string json(text);
  std::replace(json.begin(), json.end(), '\t', ' ');
  return base::parse_yaml(json, path);
}

// Not in the words of the YAML parser, which may quote what it could not read. The place it gives ends in the
// line.
std::string parse_fault(const base::Error& error) {
  if (error.where.empty()) return "it cannot be parsed: " + error.message;
  const std::string_view line = std::string_view(error.where).substr(error.where.rfind(':') + 1);
  if (error.code == ErrorCode::kLimit) return "it cannot be parsed: it is larger or deeper than what is read";
  return to_number<unsigned>(line) ? "it cannot be parsed: line " + std::string(line) : "it cannot be parsed";
}

// The list in baseline/facts/published that the file's values are held against.
std::string_view list_of(std::string_view role, std::string_view component) {
  if (role == "config" && component.empty()) return "k3s";
  return role == "config" || role == "config-dir" || role == "runtime" ? component : role;
}

base::Result<Value> read_document(Context& context, int viewer, const std::string& path,
                                  const std::string& location, std::string_view role) {
  const auto text = context.read(viewer, location, context.limits().file_bytes);
  if (!text) return std::unexpected(text.error());
  auto document = parse(to_utf8(*text), path, role);
  if (!document) return fail(ErrorCode::kInvalid, parse_fault(document.error()));
  if (!document->is_map() && !document->is_null())
    return fail(ErrorCode::kInvalid, "it is not a map of settings");
  return document;
}

bool known(const facts::NodeFacts& facts, int viewer, const std::string& path, std::string_view component) {
  return std::any_of(facts.configs().begin(), facts.configs().end(), [&](const facts::ConfigFile& config) {
    return config.viewer() == viewer && config.path() == path && config.component() == component;
  });
}

void load_kubelet(Context& context, const Component& kubelet, KubeletFolders& folders) {
  std::string static_pod_path;
  std::string pod_logs;
  const auto read_setting = [&](const std::optional<Value>& document, const std::string& location) {
    if (!document) return;
    const std::string& path = (*document)["staticPodPath"].as_string();
    const std::string& logs = (*document)["podLogsDir"].as_string();
    if (logs.starts_with('/')) pod_logs = logs;
    if (!is_shown_path(path))
      return context.error("configs", location, "it names a folder that does not leave the node");
    if (!path.empty()) static_pod_path = join_path(parent_path(location), path);
  };
  if (const std::string path = kubelet.flag("config"); !path.empty()) {
    const std::string location = kubelet.locate(path);
    read_setting(load_config(context, kubelet.viewer, path, location, "kubelet", "config"), location);
  }
  if (const std::string directory = kubelet.flag("config-dir"); !directory.empty()) {
    for (const std::string& file :
         drop_ins_below(context, kubelet.viewer, kubelet.locate(directory), ".conf")) {
      read_setting(load_config(context, kubelet.viewer, file, file, "kubelet", "config-dir"), file);
    }
  }
  if (const std::string path = kubelet.flag("pod-manifest-path"); !path.empty())
    static_pod_path = kubelet.locate(path);
  // What a container's process names may be its own, and so are its names of other pods.
  if (kubelet.fact.origin() != facts::ORIGIN_HOST) return;
  if (!static_pod_path.empty()) folders.static_pods.emplace_back(kubelet.viewer, static_pod_path);
  if (!pod_logs.empty()) folders.pod_logs.push_back(pod_logs);
}

// Files that a configuration file names and that are configuration files themselves.
void load_referenced(Context& context, const Component& component, const Value& document,
                     const std::string& location, std::string_view role) {
  const auto load = [&](const std::string& path, std::string_view referenced_role) {
    if (path.empty() || !is_shown_path(path)) return;
    load_config(context, component.viewer, path, join_path(parent_path(location), path), component.name(),
                referenced_role);
  };
  if (role == "config") load(document.at("clientConnection.kubeconfig").as_string(), "kubeconfig");
  if (role == "admission") {
    for (const Value& plugin : document["plugins"].items()) load(plugin["path"].as_string(), "admission");
  }
  if (role == "authorization") {
    for (const Value& authorizer : document["authorizers"].items()) {
      load(authorizer.at("webhook.connectionInfo.kubeConfigFile").as_string(), "kubeconfig");
    }
  }
}

void load_named(Context& context, const Component& component, const std::string& path,
                std::string_view role) {
  if (path.empty()) return;
  const std::string location = component.locate(path);
  const auto document = load_config(context, component.viewer, path, location, component.name(), role);
  if (document) load_referenced(context, component, *document, location, role);
}

}  // namespace

std::optional<Value> load_config(Context& context, int viewer, const std::string& path,
                                 const std::string& location, std::string_view component,
                                 std::string_view role) {
  context.look(viewer, path, location);
  auto document = read_document(context, viewer, path, location, role);
  if (known(context.facts(), viewer, to_utf8(path), component))
    return document ? std::optional(*document) : std::nullopt;
  if (static_cast<std::size_t>(context.facts().configs_size()) >= context.limits().configs) {
    context.error("configs", "limits", "more configuration files than one collection reads");
    return std::nullopt;
  }
  facts::ConfigFile& config = *context.facts().add_configs();
  config.set_path(to_utf8(path));
  config.set_viewer(viewer);
  config.set_component(std::string(component));
  config.set_role(std::string(role));
  if (!document) {
    config.set_error(document.error().message);
    if (document.error().code != ErrorCode::kNotFound)
      context.error("configs", path, document.error().message);
    return std::nullopt;
  }
  config.set_api_version(shown(facts::ValueType::kNames, (*document)["apiVersion"].as_string()));
  config.set_kind(shown(facts::ValueType::kNames, (*document)["kind"].as_string()));
  if (!flatten(*document, list_of(role, component), context.limits().settings, *config.mutable_settings())) {
    config.clear_settings();
    config.set_error("it has more settings than are read");
    context.error("configs", path, config.error());
    return std::nullopt;
  }
  if (role != "manifest" && role != "runtime") look_at_settings(context, viewer, config, location);
  return std::move(*document);
}

std::vector<std::string> drop_ins(Context& context, int viewer, const std::string& directory,
                                  std::string_view suffix) {
  std::vector<std::string> out;
  const auto listing = context.names(viewer, directory);
  if (!listing) {
    if (listing.error().code != ErrorCode::kNotFound)
      context.error("configs", directory, listing.error().message);
    return out;
  }
  if (!listing->complete)
    context.error("configs", directory, "more entries than one directory's listing holds");
  for (const std::string& name : listing->names) {
    std::string path = join_path(directory, name);
    if (name.ends_with(suffix) && context.look(viewer, path).type() != "directory")
      out.push_back(std::move(path));
  }
  return out;
}

std::vector<std::string> drop_ins_below(Context& context, int viewer, const std::string& directory,
                                        std::string_view suffix) {
  std::vector<std::string> out;
  std::vector<std::pair<std::string, std::size_t>> folders{{directory, 0}};  // and how deep each is
  while (!folders.empty()) {
    const auto [folder, depth] = std::move(folders.back());
    folders.pop_back();
    const auto listing = context.names(viewer, folder);
    if (!listing) {
      if (listing.error().code != ErrorCode::kNotFound)
        context.error("configs", directory, listing.error().message);
      continue;
    }
    if (!listing->complete)
      context.error("configs", directory, "more entries than one directory's listing holds");
    const auto root = context.view(viewer);
    for (const std::string& name : listing->names) {
      std::string path = join_path(folder, name);
      // Links to folders are not followed, as the kubelet does not.
      const auto found = root ? (*root)->find(path, false) : std::unexpected(root.error());
      const bool is_folder = found && S_ISDIR(found->status.st_mode);
      if (is_folder && depth == context.limits().directory_depth) {
        context.error("configs", directory, "its folders are nested deeper than is looked at");
      } else if (is_folder) {
        folders.emplace_back(std::move(path), depth + 1);
      } else if (name.ends_with(suffix) && context.look(viewer, path).type() != "directory") {
        out.push_back(std::move(path));
      }
    }
  }
  std::ranges::sort(out);
  return out;
}

void collect_configs(Context& context, const std::vector<Component>& components, KubeletFolders& folders) {
  for (const Component& component : components) {
    const Context::Charge charge(context, component.allowance);
    if (component.name() == "kubelet") load_kubelet(context, component, folders);
    for (const ConfigFlag& rule : kConfigFlags) {
      if (rule.component == component.name())
        load_named(context, component, component.flag(rule.flag), rule.role);
    }
    for (const auto& [name, value] : component.env) {
      if (name == "ETCD_CONFIG_FILE" && component.flag("config-file").empty()) {
        load_named(context, component, value, "config");
      }
    }
  }
}

}  // namespace baseline::runner
