#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"

namespace baseline::op {

// What the endpoints answer. Called on the server's threads.
struct Probes {
  std::function<std::string()> unhealthy;  // empty: 200; else 503 with the reason
  std::function<std::string()> not_ready;  // the same
  std::function<std::string()> metrics;    // text exposition
};

// Plain HTTP on one port: GET /healthz, /readyz, /metrics and nothing else. The only thing of the operator
// that listens.
class ProbeServer {
 public:
  virtual ~ProbeServer() = default;  // stops listening
};

// kUnavailable when the address cannot be bound, with what to do.
base::Result<std::unique_ptr<ProbeServer>> start_probe_server(const std::string& address, std::uint16_t port,
                                                              Probes probes);

}  // namespace baseline::op
