#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "baseline/check.h"
#include "baseline/evaluate.h"
#include "baseline/node_view.h"
#include "baseline/profile.h"
#include "baseline/settings.h"

namespace baseline {

// What a check works with. Checks are pure functions of it.
struct CheckContext {
  const NodeView& node;
  const SelectedRequirement& selected;

  // The literal, or the profile's value of the parameter.
  const base::Value& value(const Operand& operand) const;
};

// What a check found on one node, before exemptions.
struct CheckOutcome {
  Status status = Status::kError;
  Phrase message;
  std::vector<NodeFinding> findings;
  std::string absent_component;
};

CheckOutcome run_check(const Check& check, const CheckContext& context);

// The forms, each in the file of its name.
CheckOutcome run_setting(const SettingCheck& check, const CheckContext& context);
CheckOutcome run_feature_gate(const FeatureGateCheck& check, const CheckContext& context);
CheckOutcome run_admission(const AdmissionCheck& check, const CheckContext& context);
CheckOutcome run_files(const FilesCheck& check, const CheckContext& context);

// One finding with its message.
CheckOutcome outcome(Status status, Phrase message, Phrase subject, Phrase expected, Phrase actual);
CheckOutcome not_applicable(Phrase message);
// NotApplicable because the component does not run here, or Error when that is not known.
CheckOutcome absent(std::string_view component, const CheckContext& context);

// All must hold: the worst status, the message of the first that has it. Findings of a Pass are those of all;
// otherwise those of what did not pass. What is NotApplicable does not count while anything else does.
CheckOutcome all_of(std::vector<CheckOutcome> outcomes);
// One must hold: the first that passes, else the best of the rest with the findings of each.
CheckOutcome any_of(std::vector<CheckOutcome> outcomes);

// Judges each process of the component and takes them together; absent() when there is none.
CheckOutcome each_process(std::string_view component, const CheckContext& context,
                          const std::function<CheckOutcome(const ProcessView&)>& judge);

// The effective value of a setting that the component's table has. One that was withheld is unknown: no rule
// that looks at it may take it for unset or for the default.
EffectiveValue setting_of(const ProcessView& process, std::string_view name);
Phrase setting_subject(std::string_view component, std::string_view name);

}  // namespace baseline
