#pragma once

#include "base/value.h"
#include "baseline/facts/facts.pb.h"

namespace baseline::facts {

// The facts as a JSON-shaped document for people: the schema's field names in lowerCamelCase, modes in octal
// ("0600"), times in RFC 3339, empty fields left out. Not read back by any program.
base::Value to_value(const NodeFacts& facts);

}  // namespace baseline::facts
