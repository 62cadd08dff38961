#include "baseline/checks/check_context.h"

#include <algorithm>

#include "baseline/checks/builtins.h"
#include "baseline/operand.h"

namespace baseline {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

std::vector<CheckOutcome> run_all(const std::vector<Check>& checks, const CheckContext& context) {
  std::vector<CheckOutcome> outcomes;
  for (const Check& check : checks) outcomes.push_back(run_check(check, context));
  return outcomes;
}

// Where the API server finds its etcd, for the reader who misses it on the nodes.
std::string etcd_endpoints(const CheckContext& context) {
  const auto* servers = context.node.processes("kube-apiserver");
  return servers ? setting_of(servers->front(), "etcd-servers").text : std::string();
}

}  // namespace

const base::Value& CheckContext::value(const Operand& operand) const {
  return value_of(operand, selected);
}

CheckOutcome run_check(const Check& check, const CheckContext& context) {
  return std::visit(
      Overloaded{[&](const SettingCheck& form) { return run_setting(form, context); },
                 [&](const FeatureGateCheck& form) { return run_feature_gate(form, context); },
                 [&](const AdmissionCheck& form) { return run_admission(form, context); },
                 [&](const FilesCheck& form) { return run_files(form, context); },
                 [&](const BuiltinCheck& form) { return find_builtin(form.name)->run(context, form); },
                 // The parser lets it stand only where objects are judged.
                 [&](const FieldCheck&) {
                   return CheckOutcome{Status::kError, phrase("field.not-on-nodes"), {}, {}};
                 },
                 [&](const AllOf& form) { return all_of(run_all(form.checks, context)); },
                 [&](const AnyOf& form) { return any_of(run_all(form.checks, context)); }},
      check.form);
}

CheckOutcome outcome(Status status, Phrase message, Phrase subject, Phrase expected, Phrase actual) {
  NodeFinding finding{std::move(subject), std::move(expected), std::move(actual), status, {}};
  return {status, std::move(message), {std::move(finding)}, {}};
}

CheckOutcome not_applicable(Phrase message) {
  return {Status::kNotApplicable, std::move(message), {}, {}};
}

CheckOutcome absent(std::string_view component, const CheckContext& context) {
  if (auto unknown = context.node.absence_unknown(component)) {
    return outcome(Status::kError, *unknown, phrase("subject.component", component),
                   phrase("expected.processes"), *unknown);
  }
  CheckOutcome result = not_applicable(phrase("absent.component", component));
  if (component == "etcd") {
    const std::string endpoints = etcd_endpoints(context);
    if (!endpoints.empty()) {  // as a finding too: the cluster's report says the rest in other words
      result = outcome(Status::kNotApplicable, phrase("absent.etcd", endpoints),
                       phrase("subject.component", component), phrase("expected.etcd-here"),
                       phrase("actual.etcd-elsewhere", endpoints));
    }
  }
  result.absent_component = component;
  return result;
}

CheckOutcome all_of(std::vector<CheckOutcome> outcomes) {
  CheckOutcome result{Status::kNotChecked, {}, {}, {}};
  for (const CheckOutcome& one : outcomes) {
    if (worse(one.status, result.status) != result.status || result.message.empty()) {
      result.status = one.status;
      result.message = one.message;
      result.absent_component = one.absent_component;
    }
  }
  for (CheckOutcome& one : outcomes) {
    for (NodeFinding& finding : one.findings) {
      const bool shown = result.status == Status::kPass || finding.status != Status::kPass;
      if (shown) result.findings.push_back(std::move(finding));
    }
  }
  std::ranges::sort(result.findings);
  const auto twice = std::ranges::unique(result.findings);
  result.findings.erase(twice.begin(), twice.end());
  return result;
}

CheckOutcome any_of(std::vector<CheckOutcome> outcomes) {
  for (CheckOutcome& one : outcomes) {
    if (one.status == Status::kPass) return std::move(one);
  }
  // What is not applicable is no way to hold, and so does not excuse the others.
  const bool judged = std::ranges::any_of(
      outcomes, [](const CheckOutcome& one) { return one.status != Status::kNotApplicable; });
  CheckOutcome best;
  std::vector<NodeFinding> findings;
  for (CheckOutcome& one : outcomes) {
    if (judged && one.status == Status::kNotApplicable) continue;
    std::ranges::move(one.findings, std::back_inserter(findings));
    if (best.message.empty() || worse(one.status, best.status) != one.status) best = std::move(one);
  }
  std::ranges::sort(findings);
  best.findings = std::move(findings);
  return best;
}

CheckOutcome each_process(std::string_view component, const CheckContext& context,
                          const std::function<CheckOutcome(const ProcessView&)>& judge) {
  const auto* processes = context.node.processes(component);
  if (!processes) return absent(component, context);
  std::vector<CheckOutcome> outcomes;
  for (const ProcessView& process : *processes) outcomes.push_back(judge(process));
  return all_of(std::move(outcomes));
}

EffectiveValue setting_of(const ProcessView& process, std::string_view name) {
  const SettingSpec* setting = process.component->setting(name);
  if (!setting) return {};
  EffectiveValue value = effective_value(process, *setting);
  if (value.redacted)
    value.unknown = phrase("unknown.redacted", process.component->name, "--" + setting->name);
  return value;
}

Phrase setting_subject(std::string_view component, std::string_view name) {
  return phrase("subject.setting", component, "--" + std::string(name));
}

}  // namespace baseline
