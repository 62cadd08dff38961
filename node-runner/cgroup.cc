#include "node-runner/cgroup.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "node-runner/text.h"
#include "node-runner/workloads.h"

namespace baseline::runner {
namespace {

constexpr std::size_t kIdDigits = 64;
constexpr std::size_t kMaxUid = 128;
constexpr std::string_view kNoInit = "the control groups of process 1 cannot be read";
constexpr std::string_view kMalformed = "its control groups are not written as the kernel writes them";
constexpr std::string_view kElsewhere = "its control group is not below that of process 1";
constexpr std::string_view kOwn = "its control group is shown relative to that of this program";
constexpr std::string_view kBetween = "it is in the control group of pods, but in that of no pod";
constexpr std::string_view kTwoPods = "its control groups name two pods";

constexpr auto kRuntimeServices = std::to_array<std::string_view>(
    {"containerd", "crio", "docker", "k3s", "k3s-agent", "rke2-server", "rke2-agent", "k0scontroller",
     "k0sworker", "snap.microk8s.daemon-containerd", "kubelet"});

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// "0b5c…-…" as the API server makes them, or the 32 digits that the kubelet gives to a static pod.
bool is_uid(std::string_view text) {
  constexpr std::size_t kDigits = 32;
  constexpr std::size_t kWithDashes = 36;
  if (text.size() == kDigits) return std::ranges::all_of(text, is_hex);
  if (text.size() != kWithDashes) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

// A uid that somebody wrote into a manifest may be any word.
bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kMaxUid && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

bool is_class(std::string_view name) {
  return name == "burstable" || name == "besteffort";
}

// The kubelet's group for pods or one of its classes as systemd names it, whatever --cgroup-root stands
// before it.
bool is_pods_slice(std::string_view name) {
  for (const std::string_view end : {"kubepods", "kubepods-burstable", "kubepods-besteffort"}) {
    if (name == end || (name.ends_with(end) && name[name.size() - end.size() - 1] == '-')) return true;
  }
  return false;
}

bool is_pods_group(std::string_view part) {
  constexpr std::string_view kSlice = ".slice";
  if (part.ends_with(kSlice)) part.remove_suffix(kSlice.size());
  return is_pods_slice(part);
}

struct PodPart {
  std::string uid;
  std::string_view rest;  // what a runtime wrote into the same part: "cri-containerd:ID"
};

// `above`: the part before, empty when it is not shown.
std::optional<PodPart> pod_part(std::string_view part, std::string_view above) {
  constexpr std::string_view kSlice = ".slice";
  constexpr std::string_view kPod = "pod";
  const std::size_t colon = part.find(':');
  const std::string_view name = part.substr(0, colon);
  if (name.ends_with(kSlice)) {
    const std::string_view body = name.substr(0, name.size() - kSlice.size());
    const std::size_t at = body.rfind("-pod");
    if (at == std::string_view::npos || !is_pods_slice(body.substr(0, at))) return std::nullopt;
    std::string uid(body.substr(at + 1 + kPod.size()));
    if (!is_word(uid)) return std::nullopt;
    std::ranges::replace(uid, '_', '-');  // systemd keeps dashes for itself
    return PodPart{std::move(uid), colon == std::string_view::npos ? "" : part.substr(colon + 1)};
  }
  if (!part.starts_with(kPod)) return std::nullopt;
  const std::string_view uid = part.substr(kPod.size());
  if (!is_uid(uid) && !((is_class(above) || above == "kubepods") && is_word(uid))) return std::nullopt;
  return PodPart{std::string(uid), ""};
}

struct ContainerPart {
  std::string_view id;
  std::string_view prefix;  // "cri-containerd", "crio", "docker", "libpod" or nothing
};

// "ID", "docker-ID.scope", "cri-containerd:ID". CRI-O's and podman's monitors are named after a container and
// run outside of it.
std::optional<ContainerPart> container_part(std::string_view part) {
  constexpr std::string_view kScope = ".scope";
  if (part.ends_with(kScope)) part.remove_suffix(kScope.size());
  if (part.size() < kIdDigits || !is_hex_id(part.substr(part.size() - kIdDigits))) return std::nullopt;
  std::string_view prefix = part.substr(0, part.size() - kIdDigits);
  const std::string_view id = part.substr(prefix.size());
  if (!prefix.empty() && prefix.back() != '-' && prefix.back() != ':') return std::nullopt;
  if (prefix.find("conmon") != std::string_view::npos) return std::nullopt;
  if (!prefix.empty()) prefix.remove_suffix(1);
  return ContainerPart{id, prefix.substr(prefix.rfind(':') + 1)};
}

ControlGroup unknown(std::string_view reason) {
  ControlGroup out;
  out.reason = reason;
  return out;
}

ControlGroup in_pod(const PodPart& pod, std::string_view next) {
  ControlGroup out;
  out.where = Where::kPod;
  out.pod_uid = pod.uid;
  const auto container = container_part(pod.rest.empty() ? next : pod.rest);
  if (container) out.container = container->id;
  return out;
}

// A group that calls itself a pod's where only its own owner could have called it so.
ControlGroup in_some_pod(std::string_view container = {}) {
  ControlGroup out;
  out.where = Where::kPod;
  out.container = container;
  return out;
}

// Everything from a container outside every pod on downwards is that container's word. That it is no service
// of the host when it says pod is believed all the same.
ControlGroup in_container(const ContainerPart& container, std::span<const std::string> below, Where where) {
  std::string_view above;
  for (const std::string& part : below) {
    if (pod_part(part, above)) return in_some_pod(container.id);
    above = part;
  }
  ControlGroup out;
  out.where = where;
  out.container = container.id;
  out.named_for_pods = container.prefix == "cri-containerd" || container.prefix == "crio";
  return out;
}

// Whether systemd may have given the groups below this one to somebody who is not root. A runtime's service
// is root's, and old setups have pods below it.
bool may_be_delegated(std::string_view part) {
  if (!part.ends_with(".service") && !part.ends_with(".scope")) return false;
  return std::ranges::none_of(kRuntimeServices, [part](std::string_view name) {
    return part.starts_with(name) && part.substr(name.size()) == ".service";
  });
}

// `parts`: the way down from the node's root. `hidden`: how many parts at its beginning are this program's
// own and not shown.
ControlGroup walk_down(std::span<const std::string> parts, std::size_t hidden) {
  if (hidden > 0 && parts.empty()) return unknown(kOwn);
  const bool user = hidden == 0 && !parts.empty() && parts[0] == "user.slice";
  const Where outside = user ? Where::kUser : Where::kOfHost;
  bool pods = false;
  bool delegated = user;
  std::string_view service;
  std::string_view above;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string_view part = parts[i];
    if (const auto pod = pod_part(part, above)) {
      if (delegated) return in_some_pod();
      return in_pod(*pod, i + 1 < parts.size() ? std::string_view(parts[i + 1]) : std::string_view());
    }
    if (const auto container = container_part(part)) {
      ControlGroup out = in_container(*container, parts.subspan(i + 1), outside);
      if (out.where == Where::kPod || (!pods && hidden == 0)) return out;
      out = unknown(pods ? kBetween : kOwn);
      out.container = container->id;
      return out;
    }
    pods = pods || is_pods_group(part) || (hidden > 0 && i == 0 && is_class(part));
    delegated = delegated || may_be_delegated(part);
    if (service.empty() && part.ends_with(".service")) service = part;
    above = part;
  }
  if (pods && !delegated) return unknown(kBetween);
  ControlGroup out;
  out.where = outside;
  out.service = service;
  return out;
}

// Splits a line "number:controllers:path".
bool split_line(std::string_view line, std::string_view& controllers, std::string_view& path) {
  if (!to_number<unsigned>(take_until(line, ':'))) return false;
  controllers = take_until(line, ':');
  path = line;
  return path.starts_with('/');
}

// The worse one decides; among hierarchies that agree the more is kept.
bool merge(ControlGroup& all, const ControlGroup& one) {
  if (all.where == Where::kPod && one.where == Where::kPod) {
    if (!all.pod_uid.empty() && !one.pod_uid.empty() && all.pod_uid != one.pod_uid) return false;
    if (all.pod_uid.empty()) all.pod_uid = one.pod_uid;
    if (all.container.empty()) all.container = one.container;
    if (!one.container.empty() && one.container != all.container) all.container.clear();
    return true;
  }
  const auto rank = [](const ControlGroup& group) {
    switch (group.where) {
      case Where::kPod:
        return 4;
      case Where::kUnknown:
        return 3;
      case Where::kUser:
        return 2;
      case Where::kOfHost:
        return group.container.empty() ? 0 : 1;
    }
    return 3;
  };
  if (rank(one) > rank(all)) {
    all = one;
  } else if (rank(one) == rank(all) && one.service != all.service) {
    // A hierarchy without the unit says nothing of it; two units are none.
    all.service = all.service.empty() ? one.service : one.service.empty() ? all.service : std::string();
  }
  return true;
}

}  // namespace

bool ControlGroups::parse(std::string_view text, Path& out) {
  constexpr std::string_view kDeleted = " (deleted)";  // the kernel's word for a group that is gone
  if (text.ends_with(kDeleted)) text.remove_suffix(kDeleted.size());
  if (!text.starts_with('/')) return false;
  text.remove_prefix(1);
  while (!text.empty()) {
    const std::string_view part = take_until(text, '/');
    if (part == ".." && out.parts.empty()) {
      ++out.up;
    } else if (part.empty() || part == "." || part == "..") {
      return false;
    } else {
      out.parts.emplace_back(part);
    }
  }
  return true;
}

ControlGroups::ControlGroups(std::string_view init) {
  while (!init.empty()) {
    std::string_view controllers;
    std::string_view path;
    Path root;
    if (!split_line(take_until(init, '\n'), controllers, path) || !parse(path, root)) continue;
    std::vector<std::string>& parts = root.parts;
    // systemd, and others where the root of the tree must be empty, move process 1 one step down.
    if (!parts.empty() && (parts.back() == "init.scope" || parts.back() == "init")) parts.pop_back();
    roots_.emplace(controllers, std::move(root));
  }
}

ControlGroup ControlGroups::place_in(const Path& root, std::string_view text) const {
  Path path;
  if (!parse(text, path)) return unknown(kMalformed);
  if (path.up > root.up) return unknown(kElsewhere);
  if (path.up == root.up) {
    const std::size_t depth = root.parts.size();
    if (path.parts.size() >= depth && std::equal(root.parts.begin(), root.parts.end(), path.parts.begin()))
      return walk_down(std::span(path.parts).subspan(depth), 0);
    // Some put process 1 alone into a group at the top of the tree.
    if (root.up == 0 && depth == 1 && !container_part(root.parts[0])) return walk_down(path.parts, 0);
    return unknown(kElsewhere);
  }
  // It shares more with this program than process 1 does.
  if (!root.parts.empty()) return unknown(kElsewhere);
  if (path.up == 0) return unknown(kOwn);
  return walk_down(path.parts, root.up - path.up);
}

ControlGroup ControlGroups::place(std::string_view text) const {
  if (roots_.empty()) return unknown(kNoInit);
  std::optional<ControlGroup> all;
  while (!text.empty()) {
    std::string_view controllers;
    std::string_view path;
    ControlGroup one = unknown(kMalformed);
    if (split_line(take_until(text, '\n'), controllers, path)) {
      const auto root = roots_.find(controllers);
      one = root == roots_.end() ? unknown(kElsewhere) : place_in(root->second, path);
    }
    if (!all) {
      all = std::move(one);
    } else if (!merge(*all, one)) {
      return unknown(kTwoPods);
    }
  }
  return all ? *all : unknown(kMalformed);
}

}  // namespace baseline::runner
