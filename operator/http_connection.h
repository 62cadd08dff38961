#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "operator/http_server.h"

namespace baseline::op {

// One connection from accept to close. Everything happens on the thread of its io_context; it keeps itself
// alive until all it waits for has ended.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  virtual void start() = 0;
  virtual void close() = 0;  // at once; may be called again

  boost::asio::ip::address source;
  bool asked = false;  // its request has come whole
};

// What a connection needs of its server, which outlives it.
struct HttpHost {
  // Calls the handler, here or on another thread, and `reply` with what it says on the io_context's thread.
  std::function<void(HttpRequest request, std::function<void(HttpReply)> reply)> answer;
  std::function<void(HttpConnection*)> closed;  // once for each connection that was started
  std::chrono::milliseconds deadline{};
};

// Without `tls`: plain HTTP.
std::shared_ptr<HttpConnection> make_http_connection(boost::asio::ip::tcp::socket socket,
                                                     std::shared_ptr<boost::asio::ssl::context> tls,
                                                     const HttpHost& host);

}  // namespace baseline::op
