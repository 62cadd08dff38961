#pragma once

#include <string>
#include <string_view>

#include "base/value.h"

namespace baseline::kube::testing {

// "a=b", "a==b", "a!=b", "a", "!a", "a in (x, y)", "a notin (x, y)", joined by commas. A text it cannot read
// matches nothing.
bool matches_labels(std::string_view selector, const base::Value& object);
// "metadata.name=x", "status.phase!=Running", joined by commas; any dotted path.
bool matches_fields(std::string_view selector, const base::Value& object);
// %XX back to bytes.
std::string url_unescape(std::string_view text);

}  // namespace baseline::kube::testing
