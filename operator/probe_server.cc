#include "operator/probe_server.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

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

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

// Why nothing can listen there, in the system's words; empty: something can, or only trying tells. Asked
// before the HTTP library is, whose own exceptions are still held by threads of its own when they are read.
std::string bind_problem(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, FreeAddresses> list(found);
  const int fd = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return {};
  const int reuse = 1;  // as the library does
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  const bool bound = bind(fd, list->ai_addr, list->ai_addrlen) == 0 && listen(fd, 1) == 0;
  std::string problem = bound ? std::string() : std::system_category().message(errno);
  close(fd);
  return problem;
}

}  // namespace

base::Result<std::unique_ptr<ProbeServer>> start_probe_server(const std::string& address, std::uint16_t port,
                                                              Probes probes) {
  const bool is_ipv6 = address.find(':') != std::string::npos && !address.starts_with('[');
  const std::string url =
      is_ipv6 ? fmt::format("http://[{}]:{}", address, port) : fmt::format("http://{}:{}", address, port);
  std::string problem = bind_problem(address, port);
  std::unique_ptr<HttpServer> server;
  if (problem.empty()) {
    server = listen_http(
        url,
        [probes = std::move(probes)](const auto& method, const auto& path) {
          return answer(probes, method, path);
        },
        problem);
  }
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
