#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "kube/watch_frame.h"

// Replies of an API server in Protobuf: four bytes "k8s\0", then a runtime.Unknown that names the type and
// holds the message. Pure functions of bytes that may be anything.
namespace baseline::kube {

bool is_protobuf(std::string_view body);

// Walks the items of a page without copying them: each is handed on as a view of its message's bytes, false
// stops the walk. kCorrupt when the bytes are cut or no Protobuf, kInvalid when they are no list.
base::Result<Page> walk_protobuf_page(std::string_view body,
                                      const std::function<bool(std::string_view item)>& item);

// A Status as the JSON text that it is elsewhere; empty for anything else.
std::string status_from_protobuf(std::string_view body);

}  // namespace baseline::kube
