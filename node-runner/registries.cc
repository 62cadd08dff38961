#include "node-runner/registries.h"

#include <array>

#include "node-runner/redact.h"
#include "node-runner/text.h"

namespace baseline::runner {
namespace {

using base::Value;

constexpr auto kCriPlugins = std::to_array<std::string_view>({
    "io.containerd.grpc.v1.cri",
    "io.containerd.cri.v1.images",
    "io.containerd.cri.v1.runtime",
    "cri",
});
constexpr std::string_view kTransferPlugin = "io.containerd.transfer.v1.local";

// "registry.example:5000", "*.example", or an address with a scheme.
std::string shown_host(std::string_view host) {
  const std::string_view address = host.starts_with('*') ? host.substr(1) : host;
  return std::string(facts::may_travel(facts::ValueType::kUrls, address) ? host : kRedacted);
}

facts::Registry& add(Registries& out, std::string_view host, std::string_view endpoint,
                     const std::string& source) {
  facts::Registry& registry = out.emplace_back();
  registry.set_host(shown_host(host));
  registry.set_endpoint(shown(facts::ValueType::kUrls, endpoint));
  registry.set_plain_http(to_lower(endpoint).starts_with("http://"));
  registry.set_source(source);
  return registry;
}

void add_insecure_one(std::string_view host, const std::string& source, Registries& out) {
  facts::Registry& registry = add(out, host, "", source);
  registry.set_plain_http(true);
  registry.set_skip_verify(true);
}

// "registry.example_5000_" is how a port is written where a colon cannot be in a file name.
std::string host_of_directory(std::string_view name) {
  if (name == "_default") return "*";
  if (name.ends_with('_')) {
    const std::string_view stem = name.substr(0, name.size() - 1);
    const std::size_t bar = stem.rfind('_');
    if (bar != std::string_view::npos && to_number<unsigned>(stem.substr(bar + 1))) {
      return std::string(stem.substr(0, bar)) + ":" + std::string(stem.substr(bar + 1));
    }
  }
  return std::string(name);
}

}  // namespace

std::vector<const Value*> cri_sections(const Value& config, std::string_view section) {
  std::vector<const Value*> out;
  const Value& plugins = config["plugins"];
  for (const std::string_view plugin : kCriPlugins) {
    if (const Value* found = plugins[plugin].find(section)) out.push_back(found);
  }
  return out;
}

void add_containerd_registries(const Value& config, const std::string& source, Registries& out) {
  for (const Value* registry : cri_sections(config, "registry")) {
    for (const auto& [host, mirror] : (*registry)["mirrors"].members()) {
      for (const Value& endpoint : mirror["endpoint"].items()) add(out, host, endpoint.as_string(), source);
    }
    for (const auto& [host, settings] : (*registry)["configs"].members()) {
      const Value& tls = settings["tls"];
      if (!tls.is_map()) continue;
      add(out, host, "", source).set_skip_verify(tls["insecure_skip_verify"].as_bool());
    }
  }
}

std::vector<std::string> containerd_host_directories(const Value& config) {
  std::vector<std::string> out;
  const auto add_paths = [&out](const std::string& paths) {
    for (const std::string_view path : split(paths, ':')) {
      if (path.starts_with('/')) out.emplace_back(path);
    }
  };
  for (const Value* registry : cri_sections(config, "registry"))
    add_paths((*registry)["config_path"].as_string());
  add_paths(config["plugins"][kTransferPlugin]["config_path"].as_string());
  return out;
}

void add_hosts_toml(const Value& hosts, std::string_view directory_name, const std::string& source,
                    Registries& out) {
  const std::string host = host_of_directory(directory_name);
  const auto add_server = [&](std::string_view endpoint, const Value& settings) {
    add(out, host, endpoint, source).set_skip_verify(settings["skip_verify"].as_bool());
  };
  // Settings at the top level are those of the server itself.
  if (hosts.contains("server") || hosts.contains("skip_verify"))
    add_server(hosts["server"].as_string(), hosts);
  for (const auto& [endpoint, settings] : hosts["host"].members()) add_server(endpoint, settings);
}

void add_containers_registries(const Value& config, const std::string& source, Registries& out) {
  for (const Value& registry : config["registry"].items()) {
    const std::string& prefix = registry["prefix"].as_string();
    const std::string& host = prefix.empty() ? registry["location"].as_string() : prefix;
    const auto add_location = [&](const Value& place) {
      facts::Registry& fact = add(out, host, place["location"].as_string(), source);
      if (place["insecure"].as_bool()) {
        fact.set_plain_http(true);
        fact.set_skip_verify(true);
      }
    };
    add_location(registry);
    for (const Value& mirror : registry["mirror"].items()) add_location(mirror);
  }
  add_insecure(config.at("registries.insecure.registries"), source, out);
}

void add_insecure(const Value& list, const std::string& source, Registries& out) {
  for (const Value& host : list.items()) {
    if (!host.as_string().empty()) add_insecure_one(host.as_string(), source, out);
  }
}

void add_docker_registries(const Value& config, const std::string& source, Registries& out) {
  add_insecure(config["insecure-registries"], source, out);
  for (const Value& mirror : config["registry-mirrors"].items())
    add(out, "docker.io", mirror.as_string(), source);
}

}  // namespace baseline::runner
