#pragma once

#include <string>

#include "baseline/phrase.h"
#include "baseline/report.h"

// How two verdicts on one requirement become one, whatever the order they come in. For report_builder.cc and
// report_objects.cc.
namespace baseline {

inline constexpr std::size_t kMaxFieldBytes = 1024;

// A phrase as a field of the report; empty for none.
std::string field(const Phrase& phrase, Language language);

// Findings count only from outcomes of the worst class there is: of what is wrong, else of what is Pass.
int finding_class(Status status);

// Whether a finding is shown in a result of this status: where something is wrong, what is right beside it is
// no finding; where a person must judge, all of it is evidence.
bool is_shown(Status finding, Status result);

// Of two messages of equal weight the same one is taken whatever the order.
void prefer(std::string& message, std::string other);

}  // namespace baseline
