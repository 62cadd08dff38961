#include "objects/pod_protobuf.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>

#include "objects/limits.h"
#include "objects/pod.pb.h"
#include "objects/pod_defaults.h"
#include "objects/readers.h"

namespace baseline::objects {
namespace {

using cluster::Container;
using cluster::SecurityContext;
using cluster::SecurityProfile;

constexpr std::uint32_t kMetadataTag = 1U << 3U | 2U;
constexpr std::size_t kLongestHead = 4096;
constexpr std::int64_t kLatestTime = 253'402'300'799;  // the last that JSON can say: the end of the year 9999

SecurityProfile profile(const wire::Profile& from) {
  return {from.type(), from.localhost_profile()};
}

void read_metadata(const wire::ObjectMeta& from, cluster::Metadata& out) {
  out.name = from.name().empty() ? from.generate_name() : from.name();
  out.ns = from.namespace_();
  out.labels.insert(from.labels().begin(), from.labels().end());
  for (const auto& [key, value] : from.annotations()) {
    out.annotations.emplace(key, value.size() > kLongestAnnotation ? std::string() : value);
  }
  for (const wire::OwnerReference& owner : from.owner_references()) {
    if (!owner.controller()) continue;
    out.controller_kind = owner.kind();
    out.controller_name = owner.name();
    break;  // the API allows one
  }
  const std::int64_t created = from.creation_timestamp().seconds();
  if (created > 0 && created <= kLatestTime) out.created = base::Time(std::chrono::seconds(created));
}

// What the security contexts of pods and of containers have in common.
template <typename Context>
void read_common(const Context& from, SecurityContext& out) {
  if (from.has_run_as_user()) out.run_as_user = from.run_as_user();
  if (from.has_run_as_non_root()) out.run_as_non_root = from.run_as_non_root();
  out.seccomp = profile(from.seccomp_profile());
  out.apparmor = profile(from.app_armor_profile());
  out.selinux_type = from.se_linux_options().type();
  out.selinux = !out.selinux_type.empty() || !from.se_linux_options().level().empty();
  if (from.windows_options().has_host_process()) out.host_process = from.windows_options().host_process();
}

void read_security_context(const wire::SecurityContext& from, SecurityContext& out) {
  read_common(from, out);
  if (from.has_privileged()) out.privileged = from.privileged();
  if (from.has_allow_privilege_escalation())
    out.allow_privilege_escalation = from.allow_privilege_escalation();
  if (from.has_read_only_root_filesystem()) out.read_only_root_filesystem = from.read_only_root_filesystem();
  const wire::Capabilities& capabilities = from.capabilities();
  out.capabilities_add.assign(capabilities.add().begin(), capabilities.add().end());
  out.capabilities_drop.assign(capabilities.drop().begin(), capabilities.drop().end());
}

Amounts amounts(const google::protobuf::Map<std::string, wire::Quantity>& from) {
  const auto amount = [&](const char* resource) -> std::optional<bool> {
    const auto found = from.find(resource);
    if (found == from.end()) return std::nullopt;
    return is_positive_quantity(found->second.text());
  };
  return {amount("cpu"), amount("memory")};
}

ResourceFlags resources(const wire::ResourceRequirements& from) {
  return resource_flags(amounts(from.requests()), amounts(from.limits()));
}

void read_container(const wire::Container& from, Container& out) {
  out.name = from.name();
  out.image = from.image();
  read_security_context(from.security_context(), out.security);
  for (const wire::ContainerPort& port : from.ports()) {
    out.ports.push_back(
        {port.container_port(), port.host_port(), port.protocol().empty() ? "TCP" : port.protocol()});
  }
  for (const wire::EnvVar& variable : from.env()) {
    out.env.push_back(
        {variable.name(), variable.value(), variable.value_from().secret_key_ref().reference().name()});
  }
  for (const wire::EnvFrom& source : from.env_from()) {
    if (source.has_secret_ref()) out.env_from_secrets.push_back(source.secret_ref().reference().name());
  }
  for (const wire::VolumeMount& mount : from.volume_mounts()) {
    out.mounts.push_back({mount.name(), mount.mount_path(), mount.read_only()});
  }
  for (const wire::VolumeDevice& device : from.volume_devices()) out.devices.push_back(device.name());
  const ResourceFlags flags = resources(from.resources());
  out.cpu_request = flags.cpu_request;
  out.cpu_limit = flags.cpu_limit;
  out.memory_request = flags.memory_request;
  out.memory_limit = flags.memory_limit;
  if (out.list == Container::List::kInit && from.restart_policy() == "Always") {
    out.list = Container::List::kSidecar;
  }
}

template <typename Containers>
void read_containers(const Containers& from, Container::List list, cluster::Pod& out) {
  for (const auto& each : from) {
    if (out.containers.size() == kMaxContainers) {
      out.truncated = true;
      return;
    }
    Container& container = out.containers.emplace_back();
    container.list = list;
    if constexpr (requires { each.common(); }) {
      read_container(each.common(), container);
    } else {
      read_container(each, container);
    }
  }
}

void read_volumes(const wire::PodSpec& from, cluster::Pod& out) {
  for (const wire::Volume& each : from.volumes()) {
    if (out.volumes.size() == kMaxVolumes) {
      out.truncated = true;
      return;
    }
    const wire::VolumeSource& source = each.source();
    cluster::Volume& volume = out.volumes.emplace_back();
    volume.name = each.name();
    volume.is_host_path = source.has_host_path();
    volume.host_path = source.host_path().path();
    volume.host_path_type = source.host_path().type();
    volume.csi_driver = source.csi().driver();
    for (const wire::Projection& projection : source.projected().sources()) {
      volume.service_account_token |= projection.has_service_account_token() &&
                                      is_api_audience(projection.service_account_token().audience());
    }
  }
}

void read_spec(const wire::PodSpec& from, cluster::Pod& out) {
  read_volumes(from, out);
  read_containers(from.init_containers(), Container::List::kInit, out);
  read_containers(from.containers(), Container::List::kContainer, out);
  read_containers(from.ephemeral_containers(), Container::List::kEphemeral, out);
  out.node = from.node_name();
  out.service_account =
      from.service_account_name().empty() ? from.service_account() : from.service_account_name();
  if (from.has_automount_service_account_token()) {
    out.automount_token = from.automount_service_account_token();
  }
  out.host_network = from.host_network();
  out.host_ipc = from.host_ipc();
  out.host_pid = from.host_pid();
  if (from.has_host_users()) out.host_users = from.host_users();
  read_common(from.security_context(), out.security);
  const cluster::Labels node_selector(from.node_selector().begin(), from.node_selector().end());
  out.windows = from.os().name() == "windows" || names_windows(node_selector);
  const ResourceFlags flags = resources(from.resources());
  out.pod_cpu_request = flags.cpu_request;
  out.pod_cpu_limit = flags.cpu_limit;
  out.pod_memory_request = flags.memory_request;
  out.pod_memory_limit = flags.memory_limit;
}

std::string object_name(const wire::ObjectMeta& metadata) {
  return metadata.namespace_().empty() ? metadata.name() : metadata.namespace_() + "/" + metadata.name();
}

// Of a message that is not read as a whole: its first field has the metadata.
std::string name_in_head(std::string_view message) {
  google::protobuf::io::CodedInputStream in(
      reinterpret_cast<const std::uint8_t*>(message.data()),
      static_cast<int>(std::min<std::size_t>(message.size(), kLongestHead)));
  int length = 0;
  wire::ObjectMeta metadata;
  if (in.ReadTag() != kMetadataTag || !in.ReadVarintSizeAsInt(&length)) return {};
  const auto limit = in.PushLimit(length);
  // As far as it goes: names come before what is large.
  metadata.MergePartialFromCodedStream(&in);
  in.PopLimit(limit);
  return object_name(metadata);
}

// What of a pod goes beyond limits.h, as Reader says it of one in JSON; nothing: it is within.
std::optional<ParseError> beyond_limits(const wire::Pod& pod) {
  const auto error = [&](std::string path, std::string_view what, std::size_t most) {
    return ParseError{object_name(pod.metadata()), std::move(path), fmt::format("{} ≤ {}", what, most),
                      fmt::format("{} > {}", what, most), true};
  };
  if (pod.metadata().labels_size() > static_cast<int>(kMostLabels))
    return error("metadata.labels", "object", kMostLabels);
  if (pod.metadata().annotations_size() > static_cast<int>(kMostLabels))
    return error("metadata.annotations", "object", kMostLabels);
  std::size_t items = 0;
  const auto count = [&](const wire::Container& one) {
    items += static_cast<std::size_t>(one.env_size() + one.env_from_size() + one.ports_size() +
                                      one.volume_mounts_size() + one.volume_devices_size());
  };
  for (const wire::Container& one : pod.spec().containers()) count(one);
  for (const wire::Container& one : pod.spec().init_containers()) count(one);
  for (const auto& one : pod.spec().ephemeral_containers()) count(one.common());
  if (items > kMostItemsInAll) return error("spec", "arrays", kMostItemsInAll);
  return std::nullopt;
}

}  // namespace

struct ProtobufPodParser::Impl {
  explicit Impl(ParseOptions of) : options(std::move(of)) {}

  ParseOptions options;
  google::protobuf::Arena arena;

  std::expected<cluster::Pod, ParseError> parse(std::string_view message) {
    if (message.size() > kLargestPodMessage) {
      return std::unexpected(ParseError{name_in_head(message),
                                        {},
                                        fmt::format("Protobuf, bytes ≤ {}", kLargestPodMessage),
                                        std::to_string(message.size()),
                                        true});
    }
    auto* const from = google::protobuf::Arena::CreateMessage<wire::Pod>(&arena);
    const bool sound = from->ParseFromArray(message.data(), static_cast<int>(message.size()));
    if (!sound)
      return std::unexpected(ParseError{object_name(from->metadata()), {}, "Protobuf", "other bytes"});
    if (auto error = beyond_limits(*from)) return std::unexpected(std::move(*error));
    cluster::Pod pod;
    read_metadata(from->metadata(), pod.metadata);
    pod.uid = from->metadata().uid();
    pod.phase = from->status().phase();
    read_spec(from->spec(), pod);
    complete_pod(options, pod);
    if (pod.metadata.name.empty()) {
      return std::unexpected(ParseError{{}, "metadata.name", "string", "null"});
    }
    return pod;
  }
};

ProtobufPodParser::ProtobufPodParser(ParseOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
ProtobufPodParser::~ProtobufPodParser() = default;
ProtobufPodParser::ProtobufPodParser(ProtobufPodParser&&) noexcept = default;
ProtobufPodParser& ProtobufPodParser::operator=(ProtobufPodParser&&) noexcept = default;

std::expected<cluster::Pod, ParseError> ProtobufPodParser::parse(std::string_view message) {
  auto pod = impl_->parse(message);
  impl_->arena.Reset();
  return pod;
}

}  // namespace baseline::objects
