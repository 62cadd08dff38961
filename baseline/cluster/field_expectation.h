#pragma once

#include <optional>

#include "base/value.h"
#include "baseline/check.h"
#include "baseline/phrase.h"
#include "baseline/profile.h"

namespace baseline::cluster {

// Whether a value that is there meets the expectation. Nothing when the two cannot be compared: a list where
// a text is expected, a text that is no number.
std::optional<bool> meets(const Expectation& expect, const base::Value& found,
                          const SelectedRequirement& selected);

// What is expected of it; `inverted`: that it does not meet the expectation.
Phrase expected_of(const Expectation& expect, bool inverted, const SelectedRequirement& selected);

// A value for a finding: scalars as they are, lists and keys of maps with commas. Bounded in length.
std::string shown(const base::Value& value);
// "string", "array", "object": as JSON names them.
std::string_view json_type(const base::Value& value);

}  // namespace baseline::cluster
