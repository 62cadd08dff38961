#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "operator/http_server.h"

namespace baseline::op {

// What the endpoints answer. Called on the server's thread: must return soon.
struct Probes {
  std::function<std::string()> unhealthy;  // empty: 200; else 503 with the reason
  std::function<std::string()> not_ready;  // the same
};

// Plain HTTP: /healthz, /readyz and nothing else. kInvalid and kUnavailable as listen_http(), with what to
// do.
base::Result<std::unique_ptr<HttpServer>> start_probe_server(const std::string& address, std::uint16_t port,
                                                             Probes probes);

}  // namespace baseline::op
