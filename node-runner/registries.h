#pragma once

#include <string>
#include <vector>

#include "base/value.h"
#include "baseline/facts/facts.pb.h"

// Registry settings out of the runtimes' configuration formats. Pure.
namespace baseline::runner {

using Registries = std::vector<facts::Registry>;

// A part of containerd's CRI plugin configuration, by any of the names it has had: section "registry" or
// "cni".
std::vector<const base::Value*> cri_sections(const base::Value& config, std::string_view section);

// containerd: mirrors and TLS settings in the configuration itself.
void add_containerd_registries(const base::Value& config, const std::string& source, Registries& out);
// containerd: directories of hosts.toml files that the configuration names.
std::vector<std::string> containerd_host_directories(const base::Value& config);
// hosts.toml in the directory `directory_name` ("registry.example:5000", "registry.example_5000_",
// "_default").
void add_hosts_toml(const base::Value& hosts, std::string_view directory_name, const std::string& source,
                    Registries& out);
// registries.conf of containers-registries.conf(5), both versions.
void add_containers_registries(const base::Value& config, const std::string& source, Registries& out);
// A list of registries for which plain HTTP and unverified TLS are allowed.
void add_insecure(const base::Value& list, const std::string& source, Registries& out);
// dockerd's daemon.json.
void add_docker_registries(const base::Value& config, const std::string& source, Registries& out);

}  // namespace baseline::runner
