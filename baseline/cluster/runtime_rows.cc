#include "baseline/cluster/runtime_rows.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace baseline::cluster {
namespace {

struct RuntimeBuiltin {
  std::string_view name;
  JudgeNodeRow judge;
};

constexpr std::array<RuntimeBuiltin, 7> kBuiltins{{
    {container_checks::kMandatoryAccess, judge_running_confinement},
    {container_checks::kUser, judge_running_user},
    {container_checks::kListening, judge_running_ports},
    {container_checks::kSeccomp, judge_running_seccomp},
    {container_checks::kAddedCapabilities, judge_extra_capabilities},
    {container_checks::kNetRaw, judge_held_net_raw},
    {container_checks::kPrivilegeEscalation, judge_new_privileges},
}};

RunningContainer running(const NodeRow& row, const Pod& pod, const Container& spec) {
  const facts::Container* fact = row.node.container(pod, spec.name);
  return {row.node, pod, spec, fact, fact && fact->process_read() ? fact : nullptr};
}

}  // namespace

std::optional<Phrase> RunningContainer::unread() const {
  if (process) return std::nullopt;
  if (!fact) return node.unknown();
  return fact->error().empty() ? phrase("runtime.unread") : phrase("runtime.unread-why", fact->error());
}

void each_pod(const NodeRow& row, const std::function<void(const Pod& pod, const Workload& workload)>& look) {
  for (const Pod& pod : *row.node.context().pods) {
    const bool ended = pod.phase == "Succeeded" || pod.phase == "Failed";
    if (!ended && !pod.windows && row.node.covers(pod.metadata.ns)) look(pod, workload_of(pod));
  }
}

void add_finding(const NodeRow& row, const Pod& pod, const Workload& workload, const std::string& container,
                 Status status, const Phrase& expected, Phrase actual) {
  const FindingSubject subject{workload.kind, workload.ns,          workload.name,
                               container,     &pod.metadata.labels, &row.node.context().labels};
  row.findings.add(subject, status, expected, std::move(actual), 1);
}

std::optional<ObjectResult> each_container(const NodeRow& row, const Phrase& expected,
                                           const JudgeContainer& judge, RowSentences sentences) {
  bool any = false;
  each_pod(row, [&](const Pod& pod, const Workload& workload) {
    any = true;
    const auto about_pod = [&](Phrase actual) {
      add_finding(row, pod, workload, "", Status::kError, expected, std::move(actual));
    };
    if (pod.truncated) about_pod(phrase("workload.truncated"));
    if (pod.containers.empty()) about_pod(phrase("workload.no-container"));
    for (const Container& spec : pod.containers) {
      SpecAnswer answer = judge(running(row, pod, spec));
      if (answer.status == Status::kPass) continue;
      add_finding(row, pod, workload, spec.name, answer.status, expected, std::move(answer.actual));
    }
  });
  if (!any) return std::nullopt;
  return conclude_row(row, std::move(sentences), any, std::nullopt);
}

std::optional<ObjectResult> contradictions(const NodeRow& row, const Phrase& expected,
                                           const JudgeContainer& judge, Phrase fail) {
  each_pod(row, [&](const Pod& pod, const Workload& workload) {
    for (const Container& spec : pod.containers) {
      const RunningContainer container = running(row, pod, spec);
      if (!container.process) continue;
      SpecAnswer answer = judge(container);
      if (answer.status == Status::kPass) continue;
      add_finding(row, pod, workload, spec.name, answer.status, expected, std::move(answer.actual));
    }
  });
  if (row.findings.empty()) return std::nullopt;
  return conclude_row(row, {{}, std::move(fail), {}}, true, std::nullopt);
}

JudgeNodeRow runtime_row(std::string_view builtin) {
  const auto* it = std::ranges::find(kBuiltins, builtin, &RuntimeBuiltin::name);
  return it == kBuiltins.end() ? nullptr : it->judge;
}

}  // namespace baseline::cluster
