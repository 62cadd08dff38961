#include "operator/probe_server.h"

#include <utility>

#include <fmt/format.h>

namespace baseline::op {
namespace {

constexpr std::size_t kLongestReason = 4096;

HttpReply probe(const std::string& problem) {
  if (problem.empty()) return {.text = "ok\n"};
  return {.status = 503, .text = problem.substr(0, kLongestReason) + "\n"};
}

HttpReply answer(const Probes& probes, const std::string& path) {
  if (path == "/healthz") return probe(probes.unhealthy());
  if (path == "/readyz") return probe(probes.not_ready());
  return {.status = 404, .text = "there are /healthz and /readyz; metrics have a port of their own\n"};
}

}  // namespace

base::Result<std::unique_ptr<HttpServer>> start_probe_server(const std::string& address, std::uint16_t port,
                                                             Probes probes) {
  HttpOptions options;
  options.address = address;
  options.port = port;
  auto server = listen_http(std::move(options), [probes = std::move(probes)](const HttpRequest& request) {
    return answer(probes, request.path);
  });
  if (server) return server;
  return base::fail(server.error().code,
                    fmt::format("cannot listen there ({}); choose another with --probe-address and "
                                "--probe-port",
                                server.error().text()),
                    fmt::format("{:.100} port {}", address, port));
}

}  // namespace baseline::op
