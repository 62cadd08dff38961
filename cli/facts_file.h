#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "baseline/facts/facts.pb.h"

namespace baseline::cli {

// Reads what a node-runner printed: a framed log, or the bare message of --output binary. `name` is for
// messages. Errors as decode_frame has them.
base::Result<facts::NodeFacts> read_facts(std::string_view bytes, const std::string& name);

}  // namespace baseline::cli
