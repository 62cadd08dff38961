#include "kube/curl_transport.h"

#include <mutex>
#include <utility>
#include <vector>

#include <curl/curl.h>

#include "kube/credentials.h"
#include "kube/curl_channel.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;

class CurlTransport final : public Transport {
 public:
  CurlTransport(Endpoint endpoint, ClientConfig config, const base::Clock& clock, CurlOptions options)
      : endpoint_(std::move(endpoint)),
        options_(std::move(options)),
        credentials_(std::move(config), clock, options_.credential_check_interval) {}

  base::Result<void> load() { return credentials_.load(); }

  base::Result<Response> send(const Request& request) override {
    Exchange exchange;
    exchange.max_body = request.max_reply_bytes;
    auto end = run(request, exchange, request.stop);
    if (!end) return std::unexpected(std::move(end).error());
    if (end->reason != StreamEnd::Reason::kEnded) {
      return fail(ErrorCode::kUnavailable, "the request was stopped because this program ends");
    }
    return Response{end->status, std::move(end->body), end->retry_after};
  }

  base::Result<StreamEnd> stream(const Request& request, const Sink& sink, std::stop_token stop) override {
    Exchange exchange;
    exchange.sink = &sink;
    exchange.silence = request.timeout;
    auto end = run(request, exchange, stop);
    if (!end) return std::unexpected(std::move(end).error());
    return StreamEnd{end->reason, end->status, std::move(end->body), end->retry_after};
  }

 private:
  base::Result<ExchangeEnd> run(const Request& request, const Exchange& exchange,
                                const std::stop_token& stop) {
    const CredentialSet now = credentials_.current();
    std::unique_ptr<CurlChannel> channel = take(now);
    auto end = channel->run(request, now.token, exchange, stop);
    if (end && end->status == 401) credentials_.refused();
    put_back(std::move(channel));
    return end;
  }

  // A connection with the present certificates; older ones end here.
  std::unique_ptr<CurlChannel> take(const CredentialSet& now) {
    {
      const std::scoped_lock lock(mutex_);
      std::erase_if(idle_,
                    [&](const auto& channel) { return channel->tls_generation() != now.tls_generation; });
      if (!idle_.empty()) {
        auto channel = std::move(idle_.back());
        idle_.pop_back();
        return channel;
      }
    }
    return std::make_unique<CurlChannel>(endpoint_, now,
                                         ChannelOptions{options_.user_agent, options_.connect_timeout});
  }

  void put_back(std::unique_ptr<CurlChannel> channel) {
    const std::scoped_lock lock(mutex_);
    if (idle_.size() < options_.idle_connections) idle_.push_back(std::move(channel));
  }

  const Endpoint endpoint_;
  const CurlOptions options_;
  Credentials credentials_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlChannel>> idle_;
};

}  // namespace

base::Result<std::unique_ptr<Transport>> make_curl_transport(ClientConfig config, const base::Clock& clock,
                                                             CurlOptions options) {
  // Since 7.84 safe from several threads; what it sets up belongs to the process and stays.
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return fail(ErrorCode::kInternal, "libcurl could not be started");
  auto endpoint = parse_endpoint(config.server, config.tls_server_name);
  if (!endpoint) return std::unexpected(endpoint.error());
  auto transport =
      std::make_unique<CurlTransport>(std::move(*endpoint), std::move(config), clock, std::move(options));
  if (const auto loaded = transport->load(); !loaded) return std::unexpected(loaded.error());
  return transport;
}

}  // namespace baseline::kube
