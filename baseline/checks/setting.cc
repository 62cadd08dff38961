#include <optional>

#include "baseline/checks/expectation.h"

namespace baseline {
namespace {

using Kind = Expectation::Kind;

// Whether it is enough to know that something sets the setting, not what.
bool judges_presence_alone(Kind kind) {
  return kind == Kind::kUnset || kind == Kind::kSet;
}

// A value that differs from node to node is set or not; more of it would tear like nodes apart.
EffectiveValue without_node_value(EffectiveValue value, const SettingSpec& setting) {
  if (setting.per_node && value.is_set()) value.redacted = true;
  return value;
}

// For a process whose version is not known: what the defaults of all versions agree on, if they do.
std::optional<CheckOutcome> judge_all_defaults(const SettingCheck& check, const SettingSpec& setting,
                                               const ProcessView& process, const CheckContext& context) {
  EffectiveValue all;
  all.origin = EffectiveValue::Origin::kDefault;
  std::optional<Status> status;
  for (const EffectiveValue& one : possible_defaults(process, setting)) {
    const Status judged = judge(check.expect, one, setting, process, context).status;
    if (status && *status != judged) return std::nullopt;
    status = judged;
    all.text += (all.text.empty() ? "" : " / ") + one.text;
  }
  if (!status) return std::nullopt;
  const std::string& component = check.setting.component;
  return outcome(*status, value_sentence(all, component, "--" + setting.name),
                 setting_subject(component, setting.name), expected_phrase(check.expect, context),
                 value_phrase(all));
}

CheckOutcome judge_process(const SettingCheck& check, const SettingSpec& setting, const ProcessView& process,
                           const CheckContext& context) {
  const std::string& component = check.setting.component;
  const EffectiveValue value = effective_value(process, setting);
  const Phrase subject = setting_subject(component, setting.name);
  const Phrase expected = expected_phrase(check.expect, context);
  const auto unknown = [&](const Phrase& reason) {
    return outcome(Status::kError, reason, subject, expected, reason);
  };
  if (value.unknown) return unknown(*value.unknown);
  if (value.redacted && !judges_presence_alone(check.expect.kind)) {
    return unknown(phrase("unknown.redacted", component, "--" + setting.name));
  }
  const EffectiveValue shown = without_node_value(value, setting);
  const Phrase sentence = value_sentence(shown, component, "--" + setting.name);
  if (!value.is_set() && check.when_unset != SettingCheck::WhenUnset::kDefault) {
    const bool pass = check.when_unset == SettingCheck::WhenUnset::kPass;
    return outcome(pass ? Status::kPass : Status::kFail, sentence, subject, expected, value_phrase(shown));
  }
  if (value.needs_version) {
    auto agreed = judge_all_defaults(check, setting, process, context);
    return agreed ? *std::move(agreed) : unknown(phrase("unknown.version", component));
  }
  Judgement judgement = judge(check.expect, value, setting, process, context);
  if (judgement.status == Status::kError && judgement.actual.empty()) {
    judgement.actual = phrase("unknown.value", component, "--" + setting.name, value.text);
  }
  // Some findings say more than the value itself: then they are the message as well.
  const bool said = !judgement.actual.empty();
  Phrase actual = said ? judgement.actual : value_phrase(shown);
  Phrase message = said && judgement.status != Status::kPass ? judgement.actual : sentence;
  return outcome(judgement.status, std::move(message), subject, expected, std::move(actual));
}

}  // namespace

CheckOutcome run_setting(const SettingCheck& check, const CheckContext& context) {
  const Component* component = context.node.tables().find(check.setting.component);
  const SettingSpec* setting = component ? component->setting(check.setting.name) : nullptr;
  if (!setting) {  // the loader has held the name against the tables
    const Phrase reason = phrase("unknown.table", check.setting.component, check.setting.name);
    return outcome(Status::kError, reason, setting_subject(check.setting.component, check.setting.name),
                   expected_phrase(check.expect, context), reason);
  }
  return each_process(component->name, context, [&](const ProcessView& process) {
    return judge_process(check, *setting, process, context);
  });
}

}  // namespace baseline
