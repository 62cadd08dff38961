#include "base/go_scalar.h"
#include "baseline/checks/check_context.h"

namespace baseline {

CheckOutcome run_feature_gate(const FeatureGateCheck& check, const CheckContext& context) {
  const Component* component = context.node.tables().find(check.component);
  const FeatureGate* gate = component ? component->gate(check.gate) : nullptr;
  const Phrase subject = phrase("subject.gate", check.component, check.gate);
  const Phrase expected =
      check.must_be_enabled ? phrase("expected.enabled") : phrase("expected.not-disabled");
  if (!gate) {
    const Phrase reason = phrase("unknown.table", check.component, check.gate);
    return outcome(Status::kError, reason, subject, expected, reason);
  }
  return each_process(check.component, context, [&](const ProcessView& process) {
    const EffectiveValue value = effective_gate(process, *gate);
    if (value.unknown) return outcome(Status::kError, *value.unknown, subject, expected, *value.unknown);
    if (value.needs_version && check.must_be_enabled) {
      const Phrase reason = phrase("unknown.version", check.component);
      return outcome(Status::kError, reason, subject, expected, reason);
    }
    const auto on = base::parse_go_bool(value.text);
    if (value.is_set() && !on) {
      const Phrase reason = phrase("unknown.value", check.component, check.gate, value.text);
      return outcome(Status::kError, reason, subject, expected, reason);
    }
    const bool pass = check.must_be_enabled ? on.value_or(false) : !value.is_set() || *on;
    return outcome(pass ? Status::kPass : Status::kFail, value_sentence(value, check.component, check.gate),
                   subject, expected, value_phrase(value));
  });
}

}  // namespace baseline
