#pragma once

#include "baseline/checks/check_context.h"

namespace baseline {

// Whether a value that is in force holds, and what was expected. `value` is known and neither redacted nor in
// need of a version.
struct Judgement {
  Status status = Status::kError;
  Phrase expected;
  Phrase actual;  // empty: the value itself says it
};

Judgement judge(const Expectation& expect, const EffectiveValue& value, const SettingSpec& setting,
                const ProcessView& process, const CheckContext& context);

// What was expected, for a value that could not be judged.
Phrase expected_phrase(const Expectation& expect, const CheckContext& context);

// The state of a file that a setting names: Pass when it is there, Fail when it is not, Error when unknown.
Judgement judge_named_file(const std::string& path, const ProcessView& process, const CheckContext& context);

}  // namespace baseline
