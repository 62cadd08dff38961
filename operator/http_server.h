#pragma once

#include <functional>
#include <memory>
#include <string>

// A small plain-HTTP server over cpprestsdk. C++20 only: the library's headers are no C++23 to clang.
namespace baseline::op {

struct HttpReply {
  int status = 200;
  std::string text{};
  std::string type = "text/plain; charset=utf-8";
  std::string allow{};  // the header of that name; empty: none
};

class HttpServer {
 public:
  virtual ~HttpServer() = default;  // stops listening
};

// Called on the server's threads, with method and decoded path.
using HttpHandler = std::function<HttpReply(const std::string& method, const std::string& path)>;

// Listens at "http://address:port". Null when that cannot be had; `problem` then says why.
std::unique_ptr<HttpServer> listen_http(const std::string& url, HttpHandler handler, std::string& problem);

}  // namespace baseline::op
