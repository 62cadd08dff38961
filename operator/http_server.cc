// cpprestsdk stays inside this file: replacing it means replacing this file.
#include "operator/http_server.h"

#include <mutex>
#include <utility>

#define _TURN_OFF_PLATFORM_STRING  // else the library defines a macro U
#include <boost/system/system_error.hpp>
#include <cpprest/http_listener.h>
#include <pplx/threadpool.h>

namespace baseline::op {
namespace {

namespace http = web::http;
using http::experimental::listener::http_listener;
using http::experimental::listener::http_listener_config;

class CpprestServer final : public HttpServer {
 public:
  CpprestServer(const std::string& url, HttpHandler handler)
      : handler_(std::move(handler)), listener_(web::uri(url), config()) {
    listener_.support([this](http::http_request request) { answer(request); });
    listener_.open().wait();
  }
  ~CpprestServer() override {
    try {
      listener_.close().wait();
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): nothing can be done about it any more
    }
  }
  CpprestServer(const CpprestServer&) = delete;
  CpprestServer& operator=(const CpprestServer&) = delete;

 private:
  static http_listener_config config() {
    http_listener_config c;
    c.set_timeout(utility::seconds(10));
    return c;
  }

  void answer(http::http_request& request) const {
    const HttpReply reply = handler_(request.method(), request.relative_uri().path());
    http::http_response response(static_cast<http::status_code>(reply.status));
    if (!reply.allow.empty()) response.headers().add("Allow", reply.allow);
    response.set_body(reply.text, reply.type);
    request.reply(response).then([](const pplx::task<void>& sent) {
      try {
        sent.get();
      } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the peer went away
      }
    });
  }

  HttpHandler handler_;
  http_listener listener_;
};

}  // namespace

std::unique_ptr<HttpServer> listen_http(const std::string& url, HttpHandler handler, std::string& problem) {
  static std::once_flag pool;
  // Two threads are enough for probes; the library's own default is forty.
  std::call_once(pool, [] { crossplat::threadpool::initialize_with_threads(2); });
  try {
    return std::make_unique<CpprestServer>(url, std::move(handler));
  } catch (const boost::system::system_error& e) {
    problem = e.code().message();  // what() would write into an exception that the library's threads share
    return nullptr;
  } catch (const std::exception& e) {
    problem = e.what();
    return nullptr;
  }
}

}  // namespace baseline::op
