#include "baseline/checks/pod_security_config.h"

#include <fmt/format.h>

#include "baseline/checks/admission.h"
#include "baseline/checks/authorization.h"
#include "baseline/config_lookup.h"

namespace baseline {
namespace {

constexpr std::string_view kPlugin = "PodSecurity";

std::string text_at(const facts::ConfigFile& file, const std::string& place) {
  const facts::Setting* setting = setting_at(file, place);
  return setting ? setting->value() : std::string();
}

std::optional<PodSecurityDefaults> defaults_of(const facts::ConfigFile& file, const std::string& prefix) {
  if (is_withheld(file, prefix + "defaults") || is_withheld(file, prefix + "exemptions")) return std::nullopt;
  PodSecurityDefaults out;
  const std::string enforce = text_at(file, prefix + "defaults.enforce");
  if (!enforce.empty()) out.enforce = enforce;
  out.exempts_users = list_size(file, prefix + "exemptions.usernames") > 0 ||
                      list_size(file, prefix + "exemptions.runtimeClasses") > 0;
  out.exempt_namespaces = list_at(file, prefix + "exemptions.namespaces");
  return out;
}

}  // namespace

std::optional<PodSecurityDefaults> pod_security_defaults(const ProcessView& apiserver,
                                                         const CheckContext& context) {
  const PluginState state = plugin_state(kPlugin, apiserver);
  if (state.unknown || !state.enabled) return std::nullopt;
  const NamedConfig named = named_config(apiserver, "admission-control-config-file", context);
  if (named.unknown) return std::nullopt;
  if (!named.file) return PodSecurityDefaults{};
  const int plugins = list_size(*named.file, "plugins");
  for (int i = 0; i < plugins; ++i) {
    const std::string plugin = fmt::format("plugins[{}].", i);
    if (is_withheld(*named.file, plugin + "name") || is_withheld(*named.file, plugin + "path"))
      return std::nullopt;
    if (text_at(*named.file, plugin + "name") != kPlugin) continue;
    // What stands there wins over a file.
    const std::string inside = plugin + "configuration.";
    if (!first_key(*named.file, plugin + "configuration").empty()) return defaults_of(*named.file, inside);
    const std::string path = text_at(*named.file, plugin + "path");
    if (path.empty()) return PodSecurityDefaults{};
    const facts::ConfigFile* file = context.node.config(path, apiserver.viewer);
    if (!file || !file->error().empty()) return std::nullopt;
    return defaults_of(*file, "");
  }
  return PodSecurityDefaults{};
}

}  // namespace baseline
