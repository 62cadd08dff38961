#pragma once

#include <string>

#include "base/value.h"

namespace baseline::base {

// What a scalar without quotes and tag is: null, a boolean, a number, or the text itself.
Value plain_scalar(const std::string& text);

}  // namespace baseline::base
