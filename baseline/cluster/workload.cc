#include <algorithm>
#include <string_view>

#include "baseline/cluster/object_check.h"

namespace baseline::cluster {
namespace {

// "cart-7d9c" of the hash "7d9c" is "cart"; nothing when the name does not end so.
std::string_view without_suffix(std::string_view name, std::string_view suffix) {
  const bool ends = !suffix.empty() && name.size() > suffix.size() + 1 && name.ends_with(suffix) &&
                    name[name.size() - suffix.size() - 1] == '-';
  return ends ? name.substr(0, name.size() - suffix.size() - 1) : std::string_view();
}

// A CronJob names its Jobs after itself and the minute they were due at, counted from 1970: eight digits
// until 2160.
std::string_view cron_job_of(std::string_view job) {
  constexpr std::size_t kDigits = 8;
  if (job.size() < kDigits + 2) return {};
  const std::string_view digits = job.substr(job.size() - kDigits);
  const bool minutes = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  return minutes ? without_suffix(job, digits) : std::string_view();
}

}  // namespace

std::string_view uid_on_node(const Pod& pod) {
  const Labels& annotations = pod.metadata.annotations;
  const auto mirror = annotations.find("kubernetes.io/config.mirror");
  if (mirror == annotations.end()) return pod.uid;
  const auto hash = annotations.find("kubernetes.io/config.hash");
  return hash == annotations.end() ? mirror->second : hash->second;
}

Workload workload_of(const Pod& pod) {
  const Metadata& meta = pod.metadata;
  const std::string& kind = meta.controller_kind;
  const std::string& name = meta.controller_name;
  if (kind == "ReplicaSet") {
    const auto hash = meta.labels.find("pod-template-hash");
    const std::string_view deployment =
        hash == meta.labels.end() ? std::string_view() : without_suffix(name, hash->second);
    if (!deployment.empty()) return {"Deployment", meta.ns, std::string(deployment)};
  }
  if (kind == "Job") {
    if (const std::string_view cron = cron_job_of(name); !cron.empty())
      return {"CronJob", meta.ns, std::string(cron)};
  }
  if (kind == "Node") {  // the mirror of a static pod
    const std::string_view plain = without_suffix(meta.name, pod.node);
    return {"Pod", meta.ns, plain.empty() ? meta.name : std::string(plain)};
  }
  if (kind.empty() || name.empty()) return {"Pod", meta.ns, meta.name};
  return {kind, meta.ns, name};
}

}  // namespace baseline::cluster
