#pragma once

#include <cstddef>
#include <string_view>

#include <google/protobuf/repeated_field.h>

#include "base/value.h"
#include "baseline/facts/facts.pb.h"

namespace baseline::runner {

// Writes the leaves of a document as settings, in the document's order. Values stand there as far as `list`
// in baseline/facts/published lets them; booleans, nulls and what is empty always do. Commands and arguments
// are held against the flags of the component that they start (redact.h). Paths join keys by dots and count
// list items: "tlsCipherSuites[0]"; a key with a dot or a bracket in it stands in double quotes:
// plugins."io.containerd.grpc.v1.cri".registry; one that is no name is not shown. False when `max_settings`
// was reached.
bool flatten(const base::Value& document, std::string_view list, std::size_t max_settings,
             google::protobuf::RepeatedPtrField<facts::Setting>& out);

}  // namespace baseline::runner
