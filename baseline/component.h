#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "baseline/model.h"
#include "baseline/version.h"

// What is known of each component's settings, whatever any standard asks for (baseline/components/*.yaml;
// docs/standard-format.md).
namespace baseline {

struct StandardFile;

// kPath is one file, kPaths a repeatable list of files.
enum class SettingType { kBoolean, kInteger, kString, kList, kDuration, kPath, kPaths, kMap };

// A value that holds from a version on; a list of them is in ascending order.
struct VersionedValue {
  Version from;
  base::Value value;
};

struct SettingSpec {
  std::string name;  // of the flag, with dashes
  SettingType type = SettingType::kString;
  std::string config;                           // dotted place in the configuration file; empty: it has none
  bool flag = true;                             // false: only the configuration file has it
  bool appends = false;                         // a repeated flag adds to the list; else the last one wins
  bool config_zero_is_default = false;          // zero in the file means not set, by the type's SetDefaults
  bool config_given_replaces = false;           // the flag is ignored once a configuration file is given
  bool per_node = false;                        // the value differs from node to node: it is never shown
  std::vector<VersionedValue> defaults;         // empty: none
  std::vector<VersionedValue> config_defaults;  // when a configuration file is given; empty: as `defaults`

  bool is_list() const { return type == SettingType::kList || type == SettingType::kPaths; }
};

struct FeatureGate {
  std::string name;
  bool beta = true;  // follows AllBeta, else AllAlpha
  std::vector<VersionedValue> defaults;
};

struct PluginSet {
  Version from;
  std::vector<std::string> plugins;
};

struct Component {
  std::string name;
  bool config_wins = false;        // once a configuration file is given, flags and environment are ignored
  std::string environment_prefix;  // "ETCD_"; empty: the environment sets nothing
  std::string config_flag;         // names the configuration file
  std::string drop_in_flag;        // names the folder of drop-ins
  std::string drop_in_suffix;
  std::string bundle_argument;        // how a bundle passes settings on: "kube-apiserver-arg"
  bool runs_in_pods = false;          // static ones and those of system namespaces; else outside every pod
  std::string cluster_version;        // whose version in NodeContext stands in: "kubelet" | "apiserver" | ""
  std::vector<SettingSpec> settings;  // sorted by name
  std::vector<FeatureGate> gates;
  std::vector<PluginSet> admission_plugins;  // on by default; ascending

  const SettingSpec* setting(std::string_view name) const;
  const FeatureGate* gate(std::string_view name) const;
};

// The value in force at a version. Nothing when there is none, or when the version is unknown and decides.
const base::Value* at_version(const std::vector<VersionedValue>& values,
                              const std::optional<Version>& version);

// Immutable once loaded; safe to share.
class ComponentTables {
 public:
  explicit ComponentTables(std::vector<Component> components);
  const Component* find(std::string_view name) const;
  const std::vector<Component>& all() const { return components_; }

 private:
  std::vector<Component> components_;
};

std::expected<ComponentTables, std::vector<Mistake>> load_components(const std::vector<StandardFile>& files);

// The tables built into the program. Loaded once, on first use; safe from any thread.
const ComponentTables& built_in_components();
std::vector<StandardFile> built_in_component_files();

}  // namespace baseline
