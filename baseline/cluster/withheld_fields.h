#pragma once

#include <span>
#include <string_view>

#include "baseline/cluster/field_path.h"

// The one place that says which fields of objects a requirement of one's own may neither show nor compare:
// whoever may write a profile reads what the operator reads, so nothing that may be a secret comes to them
// that way, be it as a value in a finding or as the answer to a guess. Whether such a field is set may be
// asked, and names (keys, variables) may be told.
namespace baseline::cluster {

// What stands there, such as "the values of ConfigMaps"; empty for a field that is free. `kind` is a
// DocumentKind's id, `keys` the way to the field in an object: "" for an item of a list.
std::string_view withheld(std::string_view kind, std::span<const std::string_view> keys);

// Whether a text at that place is free: of Kubernetes' own kinds whatever withheld() leaves; of add-ons'
// kinds, whose fields nobody here knows one by one, names, selectors and words of their API, told by the
// field's name. Truth values and numbers are free everywhere.
bool is_published_text(std::string_view kind, std::span<const std::string_view> keys);

// The same as withheld() for the path of a check, whose [*] may stand for any key below one that is named.
std::string_view withheld(std::string_view kind, const FieldPath& path);

}  // namespace baseline::cluster
