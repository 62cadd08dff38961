#include "node-runner/runtimes.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include "node-runner/configs.h"
#include "node-runner/redact.h"
#include "node-runner/registries.h"
#include "node-runner/text.h"
#include "node-runner/toml.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using base::Value;

struct RuntimeKind {
  std::string_view name;
  std::string_view config;
  std::string_view root;
  std::string_view state;
};

constexpr auto kRuntimes = std::to_array<RuntimeKind>({
    {"containerd", "/etc/containerd/config.toml", "/var/lib/containerd", "/run/containerd"},
    {"crio", "/etc/crio/crio.conf", "/var/lib/containers/storage", "/run/containers/storage"},
    {"dockerd", "/etc/docker/daemon.json", "/var/lib/docker", ""},
});
constexpr std::size_t kMaxImports = 64;
constexpr std::string_view kHiddenPath = "it names a path that does not leave the node";

// Collects one runtime: the fact under construction and where its files are.
struct Work {
  Context& context;
  const Component& process;  // an empty one when the runtime is configured but not seen running
  facts::ContainerRuntime& fact;
  Registries registries;
  std::vector<CniSource> cni;
  std::string state = {};

  void fail(const std::string& path, std::string_view reason) {
    if (fact.config_error().empty()) fact.set_config_error(to_utf8(path) + ": " + std::string(reason));
    context.error("runtime", path, reason);
  }

  // A configuration file of the runtime; null when there is none or it cannot be read, the latter being
  // noted.
  std::optional<Value> load(const std::string& path, bool required) {
    const facts::Presence presence = context.look(process.viewer, path).presence();
    if (presence == facts::ABSENT) {
      if (required) fail(path, "no such file");
      return std::nullopt;
    }
    auto document = load_config(context, process.viewer, path, path, fact.name(), "runtime");
    if (!document) fail(path, "it cannot be read or parsed");
    return document;
  }

  void add_cni(const std::string& directory, const std::string& origin) {
    if (!is_shown_path(directory)) return context.error("cni", origin, kHiddenPath);
    if (directory.starts_with('/')) cni.push_back({fact.name(), process.viewer, directory, to_utf8(origin)});
  }

  // The path that a setting of a file names; empty where there is none, or none that leaves the node.
  std::string path_of(const Value& setting, const std::string& file) const {
    if (is_shown_path(setting.as_string())) return setting.as_string();
    context.error("containers", file, kHiddenPath);
    return {};
  }

  // What is read in place of what a flag names that does not leave the node would be another file or folder.
  void note_withheld() {
    const auto withheld = [this](std::string_view table, std::initializer_list<std::string_view> flags) {
      for (const std::string_view flag : flags) {
        if (process.withholds(flag)) context.error(table, "flag --" + std::string(flag), kHiddenPath);
      }
    };
    withheld("runtime", {"config", "c", "config-file", "config-dir", "d"});
    withheld("cni", {"cni-config-dir"});
    withheld("containers", {"root", "r", "data-root", "g", "graph", "state", "runroot"});
  }
};

std::string first_flag(const Component& process, std::string_view a, std::string_view b = {}) {
  std::string value = process.flag(a);
  return value.empty() && !b.empty() ? process.flag(b) : value;
}

// The files that an "imports" entry means: a path, or one whose last part has a "*".
std::vector<std::string> expand_import(Context& context, int viewer, const std::string& pattern) {
  const std::string_view name = base_name(pattern);
  const std::size_t star = name.find('*');
  if (star == std::string_view::npos) return {pattern};
  std::vector<std::string> out;
  for (std::string& path :
       drop_ins(context, viewer, std::string(parent_path(pattern)), name.substr(star + 1))) {
    if (base_name(path).starts_with(name.substr(0, star))) out.push_back(std::move(path));
  }
  return out;
}

void read_host_directory(Work& work, const std::string& directory) {
  const auto listing = work.context.names(work.process.viewer, directory);
  if (!listing) {
    if (listing.error().code != base::ErrorCode::kNotFound) work.fail(directory, listing.error().message);
    return;
  }
  if (!listing->complete) work.fail(directory, "more registries than are read");
  for (const std::string& name : listing->names) {
    const std::string path = join_path(join_path(directory, name), "hosts.toml");
    if (const auto hosts = work.load(path, false))
      add_hosts_toml(*hosts, to_utf8(name), to_utf8(path), work.registries);
  }
}

void read_containerd(Work& work, const std::string& config, bool named) {
  std::vector<std::string> pending = {config};
  std::set<std::string> seen;
  std::set<std::string> directories;
  while (!pending.empty()) {
    const std::string path = pending.back();
    pending.pop_back();
    if (!seen.insert(path).second) continue;
    if (seen.size() > kMaxImports) return work.fail(path, "more imported files than are read");
    const auto document = work.load(path, named && path == config);
    if (!document) continue;
    add_containerd_registries(*document, to_utf8(path), work.registries);
    for (const std::string& directory : containerd_host_directories(*document)) {
      if (is_shown_path(directory)) {
        directories.insert(directory);
      } else {
        work.fail(path, kHiddenPath);
      }
    }
    for (const Value* cni : cri_sections(*document, "cni"))
      work.add_cni((*cni)["conf_dir"].as_string(), path);
    if (const std::string root = work.path_of((*document)["root"], path); path == config && !root.empty())
      work.fact.set_root(root);
    if (const std::string state = work.path_of((*document)["state"], path); path == config && !state.empty())
      work.state = state;
    for (const Value& import : (*document)["imports"].items()) {
      if (!is_shown_path(import.as_string())) {
        work.fail(path, kHiddenPath);
        continue;
      }
      const std::string pattern = join_path(parent_path(path), import.as_string());
      for (std::string& file : expand_import(work.context, work.process.viewer, pattern))
        pending.push_back(std::move(file));
    }
  }
  for (const std::string& directory : directories) read_host_directory(work, directory);
}

// What CRI-O's own configuration leaves open.
void read_storage(Work& work) {
  for (const char* path : {"/usr/share/containers/storage.conf", "/etc/containers/storage.conf"}) {
    const auto document = work.load(path, false);
    if (!document) continue;
    const Value& storage = (*document)["storage"];
    if (const std::string root = work.path_of(storage["graphroot"], path); !root.empty())
      work.fact.set_root(root);
    if (const std::string state = work.path_of(storage["runroot"], path); !state.empty()) work.state = state;
  }
}

// Whatever they name, and whether that leaves the node or not.
void read_insecure_flags(Work& work) {
  Value insecure = Value::list();
  for (const Flag& flag : parse_flags(work.process.argv)) {
    if (flag.name != "insecure-registry" || !flag.has_value) continue;
    for (const std::string_view host : split(flag.value, ',')) insecure.push_back(std::string(host));
  }
  add_insecure(insecure, "flag --insecure-registry", work.registries);
}

void read_crio(Work& work, const std::string& config, bool named) {
  read_storage(work);
  std::string drop_in_directory = first_flag(work.process, "config-dir", "d");
  if (drop_in_directory.empty()) drop_in_directory = "/etc/crio/crio.conf.d";
  std::vector<std::string> files = {config};
  for (std::string& file : drop_ins(work.context, work.process.viewer, drop_in_directory, ""))
    files.push_back(std::move(file));
  for (const std::string& path : files) {
    const auto document = work.load(path, named && path == config);
    if (!document) continue;
    const Value& crio = (*document)["crio"];
    add_insecure(crio.at("image.insecure_registries"), to_utf8(path), work.registries);
    work.add_cni(crio.at("network.network_dir").as_string(), path);
    if (const std::string root = work.path_of(crio["root"], path); !root.empty()) work.fact.set_root(root);
    if (const std::string state = work.path_of(crio["runroot"], path); !state.empty()) work.state = state;
  }
  work.add_cni(work.process.flag("cni-config-dir"), "flag --cni-config-dir");
  read_insecure_flags(work);
  const std::string main_file = "/etc/containers/registries.conf";
  std::vector<std::string> lists = {main_file};
  for (std::string& file : drop_ins(work.context, work.process.viewer, main_file + ".d", ".conf"))
    lists.push_back(std::move(file));
  for (const std::string& path : lists) {
    if (const auto document = work.load(path, false))
      add_containers_registries(*document, to_utf8(path), work.registries);
  }
}

void read_docker(Work& work, const std::string& config, bool named) {
  if (const auto document = work.load(config, named)) {
    add_docker_registries(*document, to_utf8(config), work.registries);
    if (const std::string root = work.path_of((*document)["data-root"], config); !root.empty())
      work.fact.set_root(root);
  }
  read_insecure_flags(work);
}

void collect_one(Context& context, const RuntimeKind& kind, const Component& process, RuntimeSources& out) {
  facts::ContainerRuntime fact;
  fact.set_name(std::string(kind.name));
  fact.set_root(std::string(kind.root));
  Work work{context, process, fact, {}, {}, std::string(kind.state)};
  work.note_withheld();
  std::string config =
      kind.name == "dockerd" ? process.flag("config-file") : first_flag(process, "config", "c");
  const bool named = !config.empty();
  config = named ? process.locate(config) : std::string(kind.config);
  fact.set_config_path(to_utf8(config));
  if (kind.name == "containerd") read_containerd(work, config, named);
  if (kind.name == "crio") read_crio(work, config, named);
  if (kind.name == "dockerd") read_docker(work, config, named);
  const std::string root = first_flag(process, kind.name == "dockerd" ? "data-root" : "root");
  if (!root.empty()) fact.set_root(root);
  const std::string state = first_flag(process, kind.name == "crio" ? "runroot" : "state");
  if (!state.empty() && kind.name != "dockerd") work.state = state;
  out.stores.push_back({fact.name(), process.viewer, work.state, fact.root()});
  for (facts::Registry& registry : work.registries) *fact.add_registries() = std::move(registry);
  *context.facts().add_runtimes() = std::move(fact);
  for (CniSource& source : work.cni) out.cni.push_back(std::move(source));
}

}  // namespace

RuntimeSources collect_runtimes(Context& context, const std::vector<Component>& components) {
  RuntimeSources out;
  const auto collect = [&](const RuntimeKind& kind, const Component& process) {
    collect_one(context, kind, process, out);
  };
  for (const Component& component : components) {
    for (const RuntimeKind& kind : kRuntimes) {
      if (component.name() == kind.name) collect(kind, component);
    }
  }
  if (context.facts().runtimes_size() > 0) return out;
  for (const RuntimeKind& kind : kRuntimes) {
    if (context.exists(kHost, std::string(kind.config))) collect(kind, Component{});
  }
  return out;
}

}  // namespace baseline::runner
