#pragma once

#include <string_view>

#include "base/value.h"
#include "baseline/component.h"
#include "baseline/model.h"
#include "baseline/yaml_reader.h"

namespace baseline {

// Where a requirement stands, which decides what it must look like. Only the built-in standards owe both
// languages; elsewhere a plain text stands for both, every requirement has a check, and `automated` may be
// left out.
enum class RowOrigin {
  kBuiltIn,  // ids are numbers: 5.1.2.1
  kLoaded,   // a standard in a folder: numbers, or words and numbers
  kProfile,  // spec.custom: with a prefix of its own, so that no standard's id is met: acme.1
};

// Reads one entry of `requirements`. Mistakes go into the list; the result is then not to be used.
Requirement parse_requirement(const base::Value& value, const ComponentTables& components,
                              MistakeList& mistakes, RowOrigin origin = RowOrigin::kBuiltIn);

// A text in both languages; outside the built-in standards one text may stand for both.
Localized read_text(MapReader& map, std::string_view key, RowOrigin origin);

// Parts of lower-case letters, digits and dashes, divided by dots: "5.6", "acme.1". At most 64 characters.
bool is_requirement_id(std::string_view text);

// The order of ids by their numbers: 5.1.2.9 before 5.1.2.10, numbers before words.
bool precedes(std::string_view a, std::string_view b);

}  // namespace baseline
