// cpprestsdk stays inside this file: replacing it means replacing this file.
#include "operator/probe_server.h"

#include <mutex>

#include <fmt/format.h>

#define _TURN_OFF_PLATFORM_STRING  // else the library defines a macro U
#include <cpprest/http_listener.h>
#include <pplx/threadpool.h>

namespace baseline::op {
namespace {

namespace http = web::http;
using http::experimental::listener::http_listener;
using http::experimental::listener::http_listener_config;

class CpprestProbeServer final : public ProbeServer {
 public:
  CpprestProbeServer(const std::string& url, Probes probes)
      : probes_(std::move(probes)), listener_(web::uri(url), config()) {
    listener_.support([this](http::http_request request) { answer(request); });
    listener_.open().wait();
  }
  ~CpprestProbeServer() override {
    try {
      listener_.close().wait();
    } catch (const std::exception&) {  // nothing can be done about it any more
    }
  }
  CpprestProbeServer(const CpprestProbeServer&) = delete;
  CpprestProbeServer& operator=(const CpprestProbeServer&) = delete;

 private:
  static http_listener_config config() {
    http_listener_config c;
    c.set_timeout(utility::seconds(10));
    return c;
  }

  void answer(http::http_request& request) const {
    const std::string path = request.relative_uri().path();
    if (request.method() != http::methods::GET) {
      http::http_response refusal(http::status_codes::MethodNotAllowed);
      refusal.headers().add("Allow", "GET");
      refusal.set_body("only GET is answered\n");
      return send(request, refusal);
    }
    if (path == "/healthz") return probe(request, probes_.unhealthy());
    if (path == "/readyz") return probe(request, probes_.not_ready());
    if (path == "/metrics")
      return reply(request, http::status_codes::OK, probes_.metrics(),
                   "text/plain; version=0.0.4; charset=utf-8");
    reply(request, http::status_codes::NotFound, "there are /healthz, /readyz and /metrics\n");
  }

  static void probe(http::http_request& request, const std::string& problem) {
    if (problem.empty()) return reply(request, http::status_codes::OK, "ok\n");
    reply(request, http::status_codes::ServiceUnavailable, problem + "\n");
  }

  static void reply(http::http_request& request, http::status_code status, const std::string& text,
                    const std::string& type = "text/plain; charset=utf-8") {
    http::http_response response(status);
    response.set_body(text, type);
    send(request, response);
  }

  static void send(http::http_request& request, http::http_response& response) {
    request.reply(response).then([](const pplx::task<void>& sent) {
      try {
        sent.get();
      } catch (const std::exception&) {  // the peer went away
      }
    });
  }

  Probes probes_;
  http_listener listener_;
};

}  // namespace

base::Result<std::unique_ptr<ProbeServer>> start_probe_server(const std::string& address, std::uint16_t port,
                                                              Probes probes) {
  static std::once_flag pool;
  // Two threads are enough for probes; the library's own default is forty.
  std::call_once(pool, [] { crossplat::threadpool::initialize_with_threads(2); });
  const bool is_ipv6 = address.find(':') != std::string::npos && !address.starts_with('[');
  const std::string url =
      fmt::format(fmt::runtime(is_ipv6 ? "http://[{}]:{}" : "http://{}:{}"), address, port);
  try {
    return std::make_unique<CpprestProbeServer>(url, std::move(probes));
  } catch (const std::exception& e) {
    return base::fail(
        base::ErrorCode::kUnavailable,
        fmt::format("cannot listen there ({}); choose another with --probe-address and --probe-port",
                    e.what()),
        url);
  }
}

}  // namespace baseline::op
