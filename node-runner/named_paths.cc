#include "node-runner/named_paths.h"

#include <algorithm>
#include <array>

#include "node-runner/text.h"

namespace baseline::runner {
namespace {

constexpr std::size_t kMaxValues = 512;  // of one flag or file

// A relative value is a path when the name under which it stands ends so.
constexpr auto kPathEndings = std::to_array<std::string_view>(
    {"file", "-cert", "-key", "-ca", "kubeconfig", "-dir", "dir", "path", "config"});

// Names of flags and settings under which certificates stand, and of directories full of them.
constexpr auto kCertificateNames =
    std::to_array<std::string_view>({"cert", "ca-file", "cafile", "-ca", "cacert", "trusted-ca"});
constexpr auto kCertificateDirectories =
    std::to_array<std::string_view>({"cert-dir", "certificatedirectory"});

// Where certificates and keys may lie among much else: the neighbours there are nobody's business.
constexpr auto kShared =
    std::to_array<std::string_view>({"/", "/etc", "/etc/kubernetes", "/var", "/var/lib", "/run", "/var/run",
                                     "/tmp", "/root", "/home", "/opt", "/srv", "/data"});
constexpr auto kSharedBelow =
    std::to_array<std::string_view>({"/usr/", "/etc/ssl", "/etc/pki", "/etc/ca-certificates"});

bool is_shared(std::string_view directory) {
  return std::find(kShared.begin(), kShared.end(), directory) != kShared.end() ||
         std::any_of(kSharedBelow.begin(), kSharedBelow.end(),
                     [directory](std::string_view prefix) { return directory.starts_with(prefix); });
}

bool is_certificate_name(const std::string& name) {
  return std::any_of(kCertificateNames.begin(), kCertificateNames.end(),
                     [&name](std::string_view word) { return name.find(word) != std::string::npos; });
}

bool looks_relative(const std::string& name, std::string_view value) {
  return value.find_first_of(":=,; \t\n{}") == std::string_view::npos && !value.empty() && value != "true" &&
         value != "false" &&
         std::any_of(kPathEndings.begin(), kPathEndings.end(),
                     [&name](std::string_view ending) { return name.ends_with(ending); });
}

bool looks_absolute(std::string_view value) {
  return value.starts_with('/') && value.size() < 4096 &&
         value.find_first_of(" \t\n") == std::string_view::npos;
}

// `directory`: where relative paths are; empty when that is not known.
void look_at_value(Context& context, int viewer, const std::string& name, std::string_view value,
                   std::string_view directory) {
  const std::string path(trim(value));
  const bool absolute = looks_absolute(path);
  if (!absolute && !looks_relative(name, path)) return;
  const std::string location = absolute ? path : join_path(directory, path);
  const facts::File& file = context.look(viewer, path, location);
  if (file.presence() != facts::PRESENT) return;
  if (file.type() == "file" && is_certificate_name(name)) context.note_certificates(viewer, location);
  if (file.type() == "directory" && absolute &&
      std::find(kCertificateDirectories.begin(), kCertificateDirectories.end(), name) !=
          kCertificateDirectories.end()) {
    context.list(viewer, path, true);
  }
}

void look_at_values(Context& context, const Component& component, const std::string& name,
                    const std::string& value) {
  std::size_t count = 0;
  for (std::string_view part : split(value, ',')) {
    if (++count > kMaxValues) {
      context.error("files", name, "the value names more paths than are looked at");
      return;
    }
    // "cert,key:name,name"
    if (name == "tls-sni-cert-key") part = part.substr(0, part.find(':'));
    look_at_value(context, component.viewer, name, part, component.working_directory);
  }
}

std::string last_key(const std::string& path) {
  std::string_view key = path;
  if (const std::size_t index = key.find_last_of('[');
      index != std::string_view::npos && key.ends_with(']')) {
    key = key.substr(0, index);
  }
  if (const std::size_t dot = key.find_last_of('.'); dot != std::string_view::npos) key = key.substr(dot + 1);
  return to_lower(key);
}

// The folder of the control plane's keys, wherever the flags say that it is. Where the process sees the
// host's own folder, the host's is listed and not once more for each process.
void list_key_folders(Context& context, const Component& component) {
  if (component.name() != "kube-apiserver" && component.name() != "etcd") return;
  for (const Flag& flag : component.flags) {
    if (!looks_absolute(flag.value) || flag.value.find(',') != std::string::npos) continue;
    const bool key =
        flag.name.ends_with("-key") || flag.name.ends_with("key-file") || flag.name.ends_with("keyfile");
    if (!key && !is_certificate_name(flag.name)) continue;
    const std::string folder(parent_path(flag.value));
    if (is_shared(folder) || context.look(component.viewer, flag.value).type() != "file") continue;
    context.list(context.same_on_host(component.viewer, flag.value) ? kHost : component.viewer, folder, true);
  }
}

}  // namespace

void look_at_flags(Context& context, const Component& component) {
  const Context::Charge charge(context, component.allowance);
  list_key_folders(context, component);
  for (const Flag& flag : component.flags)
    look_at_values(context, component, to_lower(flag.name), flag.value);
  for (const auto& [variable, value] : component.env) {
    std::string name = to_lower(std::string_view(variable).substr(std::string_view("ETCD_").size()));
    std::replace(name.begin(), name.end(), '_', '-');
    look_at_values(context, component, name, value);
  }
}

void look_at_settings(Context& context, int viewer, const facts::ConfigFile& config,
                      const std::string& location) {
  std::size_t count = 0;
  for (const facts::Setting& setting : config.settings()) {
    if (setting.redacted() || setting.kind() != facts::Setting::STRING || setting.value().empty()) continue;
    const std::string name = last_key(setting.path());
    if (!looks_absolute(setting.value()) && !looks_relative(name, setting.value())) continue;
    if (++count > kMaxValues) {
      context.error("files", config.path(), "the file names more paths than are looked at");
      return;
    }
    look_at_value(context, viewer, name, setting.value(), parent_path(location));
  }
}

}  // namespace baseline::runner
