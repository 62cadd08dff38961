#include <string>
#include <utility>

#include "baseline/checks/builtin_functions.h"

// 5.7.1.19: images travel encrypted between the registries and this node.
namespace baseline {
namespace {

NodeFinding finding_of(Phrase subject, Phrase actual, Status status) {
  return {std::move(subject), phrase("registries.expected"), std::move(actual), status, {}};
}

CheckOutcome error(const std::string& runtime, const Phrase& reason) {
  return outcome(Status::kError, reason, phrase("registries.subject-runtime", runtime),
                 phrase("registries.expected"), reason);
}

CheckOutcome judge_runtime(const facts::ContainerRuntime& runtime) {
  CheckOutcome result;
  for (const facts::Registry& registry : runtime.registries()) {
    if (!registry.plain_http() && !registry.skip_verify()) continue;
    result.findings.push_back(finding_of(phrase("registries.subject", runtime.name(), registry.host()),
                                         registry.plain_http() ? phrase("registries.plain", registry.source())
                                                               : phrase("registries.skip", registry.source()),
                                         Status::kFail));
  }
  if (!result.findings.empty()) {
    result.status = Status::kFail;
    result.message = phrase("registries.fail", std::to_string(result.findings.size()));
    return result;
  }
  if (!runtime.config_error().empty())
    return error(runtime.name(), phrase("registries.unreadable", runtime.name(), runtime.config_error()));
  return outcome(Status::kPass, phrase("registries.pass", runtime.name()),
                 phrase("registries.subject-runtime", runtime.name()), phrase("registries.expected"),
                 phrase("registries.safe", std::to_string(runtime.registries_size())));
}

}  // namespace

CheckOutcome check_registry_transport(const CheckContext& context, const BuiltinCheck&) {
  const auto& runtimes = context.node.facts().runtimes();
  std::vector<CheckOutcome> outcomes;
  for (const facts::ContainerRuntime& runtime : runtimes) outcomes.push_back(judge_runtime(runtime));
  if (const auto* trouble = context.node.error("runtime"); trouble && !runtimes.empty()) {
    outcomes.push_back(
        error(runtimes[0].name(), phrase("registries.unreadable", trouble->subject(), trouble->reason())));
  }
  if (!outcomes.empty()) return all_of(std::move(outcomes));
  if (!context.node.processes("kubelet")) {
    CheckOutcome away = absent("kubelet", context);
    if (away.status == Status::kNotApplicable) return away;
  }
  return error("container runtime", phrase("registries.no-runtime"));
}

}  // namespace baseline
