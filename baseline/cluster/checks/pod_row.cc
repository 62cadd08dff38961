#include "baseline/cluster/checks/pod_row.h"

#include <utility>

#include "baseline/cluster/checks/verdict.h"

namespace baseline::cluster {

SpecAnswer wrong(std::string_view field, std::string_view value) {
  return {Status::kFail, phrase("workload.setting", field, value)};
}

Phrase PodRow::words(std::string_view which) const {
  return Phrase{std::string(traits_.words) + "." + std::string(which), {}};
}

void PodRow::see(const Pod& pod, const Workload& workload) {
  if (traits_.linux_only && pod.windows) {
    ++windows_;
    return;
  }
  if (traits_.judged_on_nodes && input_.context.reported_nodes.contains(pod.node)) {
    ++on_nodes_;
    return;
  }
  ++pods_;
  containers_ += pod.containers.size();
  if (!traits_.of_containers) return look({pod, workload});
  if (pod.truncated) add({pod, workload}, Status::kError, phrase("workload.truncated"));
  if (pod.containers.empty()) add({pod, workload}, Status::kError, phrase("workload.no-container"));
  for (const Container& container : pod.containers) look({pod, workload, &container});
}

void PodRow::add(const Sight& sight, Status status, Phrase actual) {
  const FindingSubject subject{sight.workload.kind,        sight.workload.ns,
                               sight.workload.name,        sight.container ? sight.container->name : "",
                               &sight.pod.metadata.labels, nullptr};
  findings_.add(subject, status, words("expected"), std::move(actual), 1);
}

std::optional<ObjectResult> PodRow::without_pods() {
  if (pods_ > 0) return std::nullopt;
  if (on_nodes_ > 0) return findings_.take(Status::kNotApplicable, phrase("workload.on-nodes"));
  if (windows_ > 0) return findings_.take(Status::kNotApplicable, phrase("workload.windows-only"));
  if (input_.context.live) return findings_.take(Status::kNotApplicable, phrase("workload.no-pods"));
  return findings_.take(Status::kNotChecked, phrase("workload.no-pods-given"));
}

ObjectResult PodRow::finish() {
  if (auto none = without_pods()) return std::move(*none);
  Phrase pass = words("pass");
  pass.args = {containers(), pods()};
  return conclude(findings_, {std::move(pass), words("fail"), words("manual")});
}

}  // namespace baseline::cluster
