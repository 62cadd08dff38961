#pragma once

#include <optional>
#include <string_view>

#include "baseline/cluster/objects.h"
#include "objects/reader.h"

namespace baseline::objects {

// meta/v1 LabelSelector. null and {} select everything; one that the API would refuse is `invalid`. One
// beyond the bounds of limits.h is an error of the reader.
cluster::LabelSelector read_selector(Reader& reader, Json value);

// Whether the API accepts it: an optional DNS prefix, then 63 letters, digits, "-", "_" and ".".
bool is_label_key(std::string_view key);
bool is_label_value(std::string_view value);

// The selector of Calico's own language, where a LabelSelector says exactly the same: terms joined by "&&",
// each about a label that pods have. Empty for anything else. An empty text and "all()" select everything.
std::optional<cluster::LabelSelector> parse_calico_selector(std::string_view text);

// The selector of a Cilium policy, whose keys may have the prefix "k8s:" or "any:". Empty where it asks for
// more than labels of pods.
std::optional<cluster::LabelSelector> read_cilium_selector(Reader& reader, Json value);

}  // namespace baseline::objects
