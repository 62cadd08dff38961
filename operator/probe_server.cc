#include "operator/probe_server.h"

#include <fmt/format.h>

#include "operator/http_server.h"

namespace baseline::op {
namespace {

class Server final : public ProbeServer {
 public:
  explicit Server(std::unique_ptr<HttpServer> server) : server_(std::move(server)) {}

 private:
  std::unique_ptr<HttpServer> server_;
};

HttpReply probe(const std::string& problem) {
  if (problem.empty()) return {.text = "ok\n"};
  return {.status = 503, .text = problem + "\n"};
}

HttpReply answer(const Probes& probes, const std::string& method, const std::string& path) {
  if (method != "GET") return {.status = 405, .text = "only GET is answered\n", .allow = "GET"};
  if (path == "/healthz") return probe(probes.unhealthy());
  if (path == "/readyz") return probe(probes.not_ready());
  if (path == "/metrics")
    return {.text = probes.metrics(), .type = "text/plain; version=0.0.4; charset=utf-8"};
  return {.status = 404, .text = "there are /healthz, /readyz and /metrics\n"};
}

}  // namespace

base::Result<std::unique_ptr<ProbeServer>> start_probe_server(const std::string& address, std::uint16_t port,
                                                              Probes probes) {
  const bool is_ipv6 = address.find(':') != std::string::npos && !address.starts_with('[');
  const std::string url =
      is_ipv6 ? fmt::format("http://[{}]:{}", address, port) : fmt::format("http://{}:{}", address, port);
  std::string problem;
  auto server = listen_http(
      url,
      [probes = std::move(probes)](const auto& method, const auto& path) {
        return answer(probes, method, path);
      },
      problem);
  if (!server) {
    return base::fail(
        base::ErrorCode::kUnavailable,
        fmt::format("cannot listen there ({}); choose another with --probe-address and --probe-port",
                    problem),
        url);
  }
  return std::make_unique<Server>(std::move(server));
}

}  // namespace baseline::op
