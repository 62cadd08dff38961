#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"

// A small HTTP server that nobody can exhaust, over Boost.Asio and Boost.Beast. Event-driven: one thread
// holds all connections, and one connection is one request.
namespace baseline::op {

struct HttpRequest {
  std::string method;
  std::string path;   // without the query
  std::string token;  // of "Authorization: Bearer …", over TLS alone; secret: never print it
};

struct HttpReply {
  int status = 200;
  std::string text{};
  std::string type = "text/plain; charset=utf-8";
  std::string challenge{};  // the header WWW-Authenticate; empty: none
};

// What a peer can take at most.
struct HttpLimits {
  std::size_t connections = 256;  // beyond it the oldest goes, those that have asked nothing yet first
  std::size_t per_source = 16;    // the same among those of one address
  // From accept to the last byte of the reply: TLS, a slow head and a slow reader included.
  std::chrono::milliseconds deadline{5000};
};
// Of a request's line and headers together; a body is not taken at all.
inline constexpr std::size_t kLargestHead = 8U << 10;

// PEM files, read again when they change; both empty: plain HTTP.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

struct HttpOptions {
  std::string address = "127.0.0.1";  // numeric, IPv6 with or without brackets
  std::uint16_t port = 0;
  HttpLimits limits{};
  TlsFiles tls{};
  // The handler may take its time: it is called on a thread beside the one that holds the connections.
  bool slow_handler = false;
  // Later trouble, in a sentence without anything a peer sent: certificates that can no longer be used.
  std::function<void(const std::string&)> on_trouble{};
};

class HttpServer {
 public:
  virtual ~HttpServer() = default;  // stops listening and ends every connection
  virtual std::size_t connections() const = 0;
};

// GET and HEAD reach it, one call at a time; everything else is answered before.
using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

// kInvalid: no numeric address, or the certificate cannot be used. kUnavailable: nothing can listen there.
base::Result<std::unique_ptr<HttpServer>> listen_http(HttpOptions options, HttpHandler handler);

}  // namespace baseline::op
