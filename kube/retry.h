#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <random>
#include <stop_token>

#include "base/error.h"
#include "base/time.h"
#include "kube/api_error.h"
#include "kube/client_options.h"
#include "kube/transport.h"

namespace baseline::kube {

// Sends requests, again where that is safe and may help, and tells the observer of each attempt. Any HTTP
// status is a Response. Safe from any thread; transport and options must outlive it.
class Retrier {
 public:
  Retrier(Transport& transport, const ClientOptions& options);

  base::Result<Response> send(const ApiCall& call, const Request& request) const;
  base::Result<Response> send_once(const ApiCall& call, const Request& request) const;
  base::Result<StreamEnd> stream(const ApiCall& call, const Request& request, const Transport::Sink& sink,
                                 std::stop_token stop) const;

 private:
  std::optional<std::chrono::milliseconds> delay_before_next(
      const Request& request, const base::Result<Response>& result, int attempt,
      std::chrono::steady_clock::time_point started) const;
  void observe(const ApiCall& call, int status, std::chrono::steady_clock::time_point started) const;
  void sleep(std::chrono::milliseconds delay) const;
  double jitter() const;

  Transport& transport_;
  const ClientOptions& options_;
  base::SystemClock system_clock_;
  const base::Clock& clock_;
  mutable std::mutex random_mutex_;
  mutable std::minstd_rand random_;
};

}  // namespace baseline::kube
