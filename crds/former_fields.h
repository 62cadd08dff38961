#pragma once

#include <string>
#include <vector>

#include "base/value.h"

namespace baseline::crds {

// Fields of a BaselineScan that are no longer part of the API and that somebody still sets, by path: they
// stand in the object where the server still has the CRD of before; else the server has taken them out, and
// what was applied (by kubectl's annotation, or by the record of server-side apply) tells of them.
std::vector<std::string> former_fields(const base::Value& scan);

}  // namespace baseline::crds
