#include "operator/metrics_server.h"

#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace baseline::op {
namespace {

using std::chrono::steady_clock;

// A scrape holds a copy of the text, and TLS some tens of KiB: few at a time, and a scraper waits ten
// seconds.
constexpr HttpLimits kLimits{
    .connections = 16, .per_source = 8, .deadline = std::chrono::milliseconds(10'000)};
// However often it is asked for, the text is made once in this time.
constexpr std::chrono::seconds kTextAge{1};

// The reply to one who may not read; nothing for one who may.
std::optional<HttpReply> refusal(MetricsAccess& access, const HttpRequest& request) {
  switch (access.check(request.token)) {
    case MetricsAccess::Verdict::kAllowed:
      return std::nullopt;
    case MetricsAccess::Verdict::kUnknown:
      return HttpReply{.status = 503, .text = "the API server could not be asked who you are\n"};
    case MetricsAccess::Verdict::kForbidden:
      return HttpReply{.status = 403, .text = "this user may not get the non-resource URL /metrics\n"};
    case MetricsAccess::Verdict::kUnauthenticated:
      break;
  }
  return HttpReply{
      .status = 401, .text = "a bearer token of this cluster is needed\n", .challenge = "Bearer"};
}

class Answers {
 public:
  Answers(MetricsAccess* access, std::function<std::string()> expose)
      : access_(access), expose_(std::move(expose)) {}

  HttpReply operator()(const HttpRequest& request) {
    if (request.path != "/metrics") return {.status = 404, .text = "there is /metrics\n"};
    if (access_ != nullptr) {
      if (auto refused = refusal(*access_, request)) return *std::move(refused);
    }
    if (const auto now = steady_clock::now(); now >= until_) {
      text_ = expose_();
      until_ = now + kTextAge;
    }
    return {.text = text_, .type = "text/plain; version=0.0.4; charset=utf-8"};
  }

 private:
  MetricsAccess* access_;
  std::function<std::string()> expose_;
  std::string text_;
  steady_clock::time_point until_{};
};

}  // namespace

base::Result<std::unique_ptr<HttpServer>> start_metrics_server(MetricsEndpoint endpoint) {
  const std::string where = fmt::format("{:.100} port {}", endpoint.address, endpoint.port);
  if (endpoint.access != nullptr && endpoint.tls.certificate.empty()) {
    return base::fail(base::ErrorCode::kInvalid, "a bearer token is never asked for over plain HTTP", where);
  }
  HttpOptions options{.address = std::move(endpoint.address),
                      .port = endpoint.port,
                      .limits = kLimits,
                      .tls = std::move(endpoint.tls),
                      .slow_handler = true,
                      .on_trouble = std::move(endpoint.on_trouble)};
  // Shared, since a std::function must be copyable; the server calls it one at a time.
  const auto answers = std::make_shared<Answers>(endpoint.access, std::move(endpoint.expose));
  auto server =
      listen_http(std::move(options), [answers](const HttpRequest& request) { return (*answers)(request); });
  if (server) return server;
  return base::fail(server.error().code,
                    fmt::format("cannot serve metrics there ({}); see --metrics-address, --metrics-port and "
                                "--metrics-tls-cert-file",
                                server.error().text()),
                    where);
}

}  // namespace baseline::op
