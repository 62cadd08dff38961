#include "node-runner/units.h"

#include <array>
#include <map>
#include <set>

#include "node-runner/text.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

// Where systemd looks, the strongest first.
constexpr auto kUnitDirectories = std::to_array<std::string_view>({
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/run/systemd/generator.early",
    "/etc/systemd/system",
    "/etc/systemd/system.attached",
    "/run/systemd/system",
    "/run/systemd/system.attached",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
    "/run/systemd/generator.late",
});

constexpr auto kUnits = std::to_array<std::string_view>({
    "kubelet.service",
    "k3s.service",
    "k3s-agent.service",
    "rke2-server.service",
    "rke2-agent.service",
    "snap.microk8s.daemon-kubelite.service",
    "snap.microk8s.daemon-kubelet.service",
    "snap.kubelet-eks.daemon.service",
    "k0scontroller.service",
    "k0sworker.service",
});

// Where a reader expects to see that the kubelet's unit was looked for.
constexpr auto kShown = std::to_array<std::string_view>({
    "/etc/systemd/system/kubelet.service",
    "/usr/lib/systemd/system/kubelet.service",
});

constexpr std::string_view kMask = "/dev/null";  // the target of a link that takes a unit or drop-in out

std::vector<std::string> find_drop_ins(Context& context, std::string_view unit) {
  std::map<std::string, std::string> by_name;
  for (const std::string& directory : drop_in_directories(unit)) {
    for (const std::string_view parent : kUnitDirectories) {
      const std::string path = join_path(parent, directory);
      const auto listing = context.names(kHost, path);
      if (!listing) {
        if (listing.error().code != base::ErrorCode::kNotFound)
          context.error("units", path, listing.error().message);
        continue;
      }
      if (!listing->complete) context.error("units", path, "more entries than one directory's listing holds");
      for (const std::string& name : listing->names) {
        if (name.ends_with(".conf")) by_name.emplace(name, join_path(path, name));
      }
    }
  }
  std::vector<std::string> out;
  for (const auto& [name, path] : by_name) {
    if (context.look(kHost, path).target() != kMask) out.push_back(path);
  }
  return out;
}

}  // namespace

std::vector<std::string> drop_in_directories(std::string_view unit) {
  const std::string_view stem = unit.substr(0, unit.rfind('.'));
  const std::string suffix(unit.substr(stem.size()));
  std::vector<std::string> out = {std::string(unit) + ".d"};
  for (std::size_t dash = stem.rfind('-'); dash != std::string_view::npos && dash > 0;
       dash = stem.rfind('-', dash - 1)) {
    if (dash + 1 < stem.size()) out.push_back(std::string(stem.substr(0, dash + 1)) + suffix + ".d");
  }
  out.push_back(suffix.substr(1) + ".d");
  return out;
}

Unit find_unit(Context& context, std::string_view name) {
  Unit unit;
  for (const std::string_view directory : kUnitDirectories) {
    const std::string path = join_path(directory, name);
    if (!context.exists(kHost, path)) continue;
    if (context.look(kHost, path).target() != kMask) unit.fragment = path;
    break;
  }
  if (!unit.fragment.empty()) unit.drop_ins = find_drop_ins(context, name);
  return unit;
}

std::string read_unit(Context& context, const Unit& unit) {
  std::string all;
  const auto add = [&](const std::string& path) {
    const auto text = context.read(kHost, path, context.limits().file_bytes);
    if (text) {
      all += *text + "\n";
    } else {
      context.error("units", path, text.error().message);
    }
  };
  if (!unit.fragment.empty()) add(unit.fragment);
  for (const std::string& path : unit.drop_ins) add(path);
  return all;
}

void collect_units(Context& context, const std::vector<Component>& host) {
  for (const std::string_view path : kShown) context.look(kHost, std::string(path));
  std::set<std::string> names(kUnits.begin(), kUnits.end());
  for (const Component& component : host) {
    if (component.name() == "kubelet" && !component.fact.unit().empty()) names.insert(component.fact.unit());
  }
  for (const std::string& name : names) {
    const Unit unit = find_unit(context, name);
    if (unit.fragment.empty()) continue;
    facts::SystemdUnit& fact = *context.facts().add_units();
    fact.set_name(name);
    fact.set_fragment_path(unit.fragment);
    for (const std::string& path : unit.drop_ins) fact.add_drop_in_paths(to_utf8(path));
  }
}

}  // namespace baseline::runner
