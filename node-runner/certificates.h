#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baseline/facts/facts.pb.h"
#include "node-runner/context.h"

namespace baseline::runner {

// The certificates of a PEM text, at most `max` of them, in order; keys and everything else in it are passed
// over. One that cannot be read keeps its digest and says why. Path and viewer are left to the caller.
std::vector<facts::Certificate> parse_certificates(std::string_view pem, std::size_t max);

// Reads every file that the context has noted.
void collect_certificates(Context& context);

}  // namespace baseline::runner
