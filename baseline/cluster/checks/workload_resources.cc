#include <string>

#include "baseline/cluster/checks/pod_row.h"
#include "baseline/cluster/checks/workload_checks.h"

// 5.7.5.1 and 5.7.5.2: requests and limits of containers. A limit alone is the request too, and what the pod
// sets as a whole (from 1.34 on) holds for containers that set nothing.
namespace baseline::cluster {
namespace {

SpecAnswer judge(const Sight& sight, bool request, bool limit, std::string_view resource) {
  // The API lets ephemeral containers set none.
  if (sight.container->list == Container::List::kEphemeral || (request && limit)) return right();
  std::string missing;
  if (!request) missing = "resources.requests." + std::string(resource);
  if (!limit)
    missing += (missing.empty() ? "resources.limits." : ", resources.limits.") + std::string(resource);
  return {Status::kFail, phrase("workload.unset", missing)};
}

SpecAnswer judge_cpu(const Sight& sight) {
  const Container& own = *sight.container;
  return judge(sight, own.cpu_request || sight.pod.pod_cpu_request, own.cpu_limit || sight.pod.pod_cpu_limit,
               "cpu");
}

SpecAnswer judge_memory(const Sight& sight) {
  const Container& own = *sight.container;
  return judge(sight, own.memory_request || sight.pod.pod_memory_request,
               own.memory_limit || sight.pod.pod_memory_limit, "memory");
}

constexpr PlainRow kCpu{{.words = "workload.cpu", .linux_only = false}, judge_cpu};
constexpr PlainRow kMemory{{.words = "workload.memory", .linux_only = false}, judge_memory};

}  // namespace

std::vector<ObjectBuiltin> resource_checks() {
  return {
      {"container-cpu", {Kind::kPod}, {}, plain_row<kCpu>},
      {"container-memory", {Kind::kPod}, {}, plain_row<kMemory>},
  };
}

}  // namespace baseline::cluster
