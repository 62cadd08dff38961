#pragma once

#include <cstddef>
#include <string_view>

#include <google/protobuf/repeated_field.h>

#include "base/value.h"
#include "baseline/facts/facts.pb.h"

namespace baseline::runner {

// Writes the leaves of a document as settings, in the document's order, secrets taken out by the rules of
// `role` (redact.h). Paths join keys by dots and count list items: "tlsCipherSuites[0]"; a key with a dot or
// a bracket in it stands in double quotes: plugins."io.containerd.grpc.v1.cri".registry; one that holds a
// secret is not shown. False when `max_settings` was reached.
bool flatten(const base::Value& document, std::string_view role, std::size_t max_settings,
             google::protobuf::RepeatedPtrField<facts::Setting>& out);

}  // namespace baseline::runner
