#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "baseline/evaluate.h"
#include "baseline/standard_loader.h"

namespace baseline::test {

// The built-in standard as a profile that changes nothing.
std::shared_ptr<ResolvedProfile> whole_profile();
// Only that requirement.
std::shared_ptr<ResolvedProfile> profile_of(std::string_view id);

// Facts from the YAML of facts_dsl.h.
facts::NodeFacts facts_of(std::string_view yaml);
// One requirement held against such facts.
NodeResult result_of(std::string_view id, std::string_view yaml, const NodeContext& context = {});

std::string english(const Phrase& phrase);
// Every finding in one line each: "status subject | expected | actual".
std::string describe(const NodeResult& result);

}  // namespace baseline::test
