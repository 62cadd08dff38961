#pragma once

#include <string>

#include "base/value.h"

namespace baseline::base {

// What a scalar without quotes and tag is to the library that Kubernetes reads YAML with (go-yaml v2,
// YAML 1.1): null, a boolean ("no" and "off" as well), a number ("030" is 24, "1_000" a thousand), or the
// text itself.
Value plain_scalar(const std::string& text);

}  // namespace baseline::base
