#include "node-runner/pod_names.h"

#include <algorithm>
#include <utility>

#include "node-runner/text.h"
#include "node-runner/workloads.h"

namespace baseline::runner {
namespace {

constexpr const char* kPodLogs = "/var/log/pods";
constexpr const char* kContainerLogs = "/var/log/containers";
constexpr std::size_t kMaxName = 253;  // of a namespace or pod in the API, RFC 1123
constexpr std::size_t kIdDigits = 64;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

// "NAME_NAMESPACE_CONTAINER-ID.log", a link below /var/log/containers: the container's id and its pod.
std::pair<std::string, PodName> parse_container_link(std::string_view link) {
  constexpr std::string_view kLog = ".log";
  if (!link.ends_with(kLog)) return {};
  link.remove_suffix(kLog.size());
  if (link.size() <= kIdDigits || !is_hex_id(link.substr(link.size() - kIdDigits))) return {};
  const std::string id(link.substr(link.size() - kIdDigits));
  PodName pod;
  pod.name = take_until(link, '_');
  pod.ns = take_until(link, '_');
  if (!is_name(pod.name) || !is_name(pod.ns)) return {};
  return {id, pod};
}

}  // namespace

PodName parse_pod_folder(std::string_view folder) {
  const auto parts = split(folder, '_');
  if (parts.size() != 3 || !is_name(parts[0]) || !is_name(parts[1])) return {};
  const bool uid = !parts[2].empty() && parts[2].size() <= kMaxName &&
                   std::ranges::all_of(parts[2], [](char c) { return c > ' ' && c < '\x7f'; });
  if (!uid) return {};
  return {std::string(parts[2]), std::string(parts[0]), std::string(parts[1])};
}

PodNames::PodNames(Context& context) {
  add(context, kPodLogs);
  const auto links = context.names(kHost, kContainerLogs);
  containers_whole_ = links ? links->complete : links.error().code == base::ErrorCode::kNotFound;
  for (const std::string& link : links ? links->names : std::vector<std::string>()) {
    auto [id, pod] = parse_container_link(link);
    // The kubelet cuts long names, and the id is what stands at the end.
    if (id.empty()) containers_whole_ = false;
    if (!id.empty()) by_container_.emplace(std::move(id), std::move(pod));
  }
}

void PodNames::add(Context& context, const std::string& directory) {
  const auto listing = context.names(kHost, directory);
  if (!listing) return;  // a pod without a folder is one without a name
  for (const std::string& folder : listing->names) {
    PodName pod = parse_pod_folder(folder);
    if (pod.uid.empty()) continue;
    const auto [known, fresh] = by_uid_.emplace(pod.uid, pod);
    if (!fresh && known->second != pod) known->second = {pod.uid, "", ""};
  }
}

PodName PodNames::of_uid(const std::string& uid) const {
  const auto known = by_uid_.find(uid);
  return known == by_uid_.end() ? PodName{uid, "", ""} : known->second;
}

PodNames::Answer PodNames::of_container(const std::string& id, PodName& out) const {
  const auto known = by_container_.find(id);
  if (known == by_container_.end()) return containers_whole_ ? Answer::kNoPod : Answer::kNotKnown;
  out = known->second;
  std::size_t folders = 0;
  for (const auto& [uid, pod] : by_uid_) {
    if (pod.ns != out.ns || pod.name != out.name) continue;
    out.uid = uid;
    ++folders;
  }
  if (folders != 1) out.uid.clear();
  return Answer::kPod;
}

PodName name_in_stores(const facts::NodeFacts& facts, const std::string& uid) {
  for (const facts::Container& container : facts.containers()) {
    if (container.pod_uid() == uid && is_name(container.namespace_()) && is_name(container.pod()))
      return {uid, container.namespace_(), container.pod()};
  }
  return {uid, "", ""};
}

}  // namespace baseline::runner
