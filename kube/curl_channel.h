#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "kube/credentials.h"
#include "kube/transport.h"

namespace baseline::kube {

// An API server's address, taken apart and found usable.
struct Endpoint {
  bool tls = true;
  std::string host;    // without brackets
  std::string port;    // "6443"
  std::string prefix;  // "" or "/k8s/clusters/c-1"
  std::string tls_server_name;

  std::string authority() const;  // host:port, with brackets around an IPv6 address
};

// kInvalid for anything but https://, or http:// to a loopback address.
base::Result<Endpoint> parse_endpoint(std::string_view server, std::string tls_server_name);

struct ChannelOptions {
  std::string user_agent;
  std::chrono::milliseconds connect_timeout{10'000};
};

// What one exchange is to do with the reply.
struct Exchange {
  std::size_t max_body = 0;                          // of `body`; beyond it the exchange ends with kLimit
  const Transport::Sink* sink = nullptr;             // gets the body of a 200 instead of `body`
  std::optional<std::chrono::milliseconds> silence;  // instead of a limit on the whole
};

struct ExchangeEnd {
  StreamEnd::Reason reason = StreamEnd::Reason::kEnded;
  int status = 0;
  std::string body;
  std::optional<std::chrono::seconds> retry_after;
};

// One connection kept open between exchanges (a curl easy handle with a multi handle of its own, so that a
// stop can wake it at once). One thread at a time.
class CurlChannel {
 public:
  CurlChannel(Endpoint endpoint, const CredentialSet& credentials, ChannelOptions options);
  ~CurlChannel();
  CurlChannel(const CurlChannel&) = delete;
  CurlChannel& operator=(const CurlChannel&) = delete;

  std::uint64_t tls_generation() const;
  base::Result<ExchangeEnd> run(const Request& request, const std::string& token, const Exchange& exchange,
                                const std::stop_token& stop);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::kube
