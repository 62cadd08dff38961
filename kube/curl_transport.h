#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "base/error.h"
#include "base/time.h"
#include "kube/config.h"
#include "kube/transport.h"

namespace baseline::kube {

struct CurlOptions {
  std::string user_agent = "baseline-operator/" BASELINE_VERSION;
  std::chrono::milliseconds connect_timeout{10'000};
  std::size_t idle_connections = 4;                    // kept open for reuse
  std::chrono::seconds credential_check_interval{60};  // how often token and PEM files are looked at again
};

// HTTP/1.1 over libcurl. TLS is always verified, redirects are not followed, no proxy is used. Token and CA
// files are re-read as the kubelet renews them; after a 401 the token file is looked at at once. Threads
// share a small pool of connections; a stream holds one for itself. `clock` must outlive the transport. Fails
// with kInvalid when the configuration cannot be used (plain HTTP to another machine, a header in a token, …)
// and with kNotFound or kForbidden when a file it names cannot be read.
base::Result<std::unique_ptr<Transport>> make_curl_transport(ClientConfig config, const base::Clock& clock,
                                                             CurlOptions options = {});

}  // namespace baseline::kube
