#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "operator/http_server.h"
#include "operator/metrics_access.h"

namespace baseline::op {

struct MetricsEndpoint {
  std::string address;
  std::uint16_t port = 0;
  TlsFiles tls{};                   // none: plain HTTP
  MetricsAccess* access = nullptr;  // none: whoever can connect may read. Asked over TLS only
  std::function<std::string()> expose;
  std::function<void(const std::string&)> on_trouble{};
};

// GET /metrics and nothing else, on a port of its own. kInvalid and kUnavailable as listen_http(), with what
// to do; kInvalid also for access without TLS: a token is never asked for over plain HTTP.
base::Result<std::unique_ptr<HttpServer>> start_metrics_server(MetricsEndpoint endpoint);

}  // namespace baseline::op
