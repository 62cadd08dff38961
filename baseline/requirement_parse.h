#pragma once

#include <string_view>

#include "base/value.h"
#include "baseline/component.h"
#include "baseline/model.h"
#include "baseline/yaml_reader.h"

namespace baseline {

// Reads one entry of `requirements`. Mistakes go into the list; the result is then not to be used.
Requirement parse_requirement(const base::Value& value, const ComponentTables& components,
                              MistakeList& mistakes);

// The order of ids by their numbers: 5.1.2.9 before 5.1.2.10.
bool precedes(std::string_view a, std::string_view b);

}  // namespace baseline
