#include "operator/http_connection.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace baseline::op {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// What a peer may still send once it has its reply, before the connection is cut: a close with unread bytes
// is a reset, which can take the reply from the peer.
constexpr std::size_t kMostDiscarded = 64U << 10;
constexpr std::string_view kBearer = "Bearer ";

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

HttpReply with_body() {
  return {.status = 413, .text = "a request with a body is not answered\n"};
}

// What is wrong with a head that could not be read; nothing where there is nobody to tell.
std::optional<HttpReply> refusal(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow ||
      error == asio::error::no_buffer_space)
    return HttpReply{.status = 431, .text = "the head of the request is larger than 8 KiB\n"};
  if (error == http::error::body_limit) return with_body();
  if (error.category() == http::make_error_code(http::error::end_of_stream).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message)
    return HttpReply{.status = 400, .text = "this is no HTTP/1.1 request\n"};
  return std::nullopt;
}

template <typename Stream>
class Connection final : public HttpConnection, public std::enable_shared_from_this<Connection<Stream>> {
  static constexpr bool kTls = !std::is_same_v<Stream, tcp::socket>;

 public:
  // `context` must live as long as a stream that was made with it.
  template <typename... StreamArguments>
  Connection(const HttpHost& host, std::shared_ptr<asio::ssl::context> context,
             StreamArguments&&... arguments)
      : host_(host),
        context_(std::move(context)),
        stream_(std::forward<StreamArguments>(arguments)...),
        deadline_(stream_.get_executor()) {
    parser_.header_limit(kLargestHead);
    parser_.body_limit(0);
  }

  void start() override {
    deadline_.expires_after(host_.deadline);
    deadline_.async_wait([self = this->shared_from_this()](const error_code& error) {
      if (!error) self->close();
    });
    if constexpr (kTls) {
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](const error_code& error) {
                                if (error) return self->close();
                                self->read_head();
                              });
    } else {
      read_head();
    }
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    deadline_.cancel();
    error_code ignored;
    socket().close(ignored);
    host_.closed(this);
  }

 private:
  tcp::socket& socket() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void read_head() {
    http::async_read_header(
        stream_, buffer_, parser_,
        [self = this->shared_from_this()](const error_code& error, std::size_t) { self->head_read(error); });
  }

  void head_read(const error_code& error) {
    if (closed_) return;
    if (error) {
      if (auto reply = refusal(error)) return write(*std::move(reply));
      return close();
    }
    this->asked = true;
    const auto& head = parser_.get();
    head_only_ = head.method() == http::verb::head;
    if (head.method() != http::verb::get && !head_only_)
      return write({.status = 405, .text = "only GET and HEAD are answered\n"});
    if (parser_.chunked() || parser_.content_length().value_or(0) > 0) return write(with_body());
    const std::string_view target = view(head.target());
    HttpRequest request{.method = std::string(view(head.method_string())),
                        .path = std::string(target.substr(0, target.find_first_of("?#"))),
                        .token = {}};
    if constexpr (kTls) {
      const std::string_view given = view(head[http::field::authorization]);
      if (given.starts_with(kBearer)) request.token = given.substr(kBearer.size());
    }
    host_.answer(std::move(request), [self = this->shared_from_this()](HttpReply reply) {
      if (!self->closed_) self->write(std::move(reply));
    });
  }

  void write(HttpReply reply) {
    text_ = std::move(reply.text);
    response_.result(static_cast<unsigned>(reply.status));
    response_.set(http::field::content_type, reply.type);
    response_.set(http::field::connection, "close");
    if (reply.status == 405) response_.set(http::field::allow, "GET, HEAD");
    if (!reply.challenge.empty()) response_.set(http::field::www_authenticate, reply.challenge);
    response_.content_length(text_.size());
    response_.body() = {text_.data(), text_.size()};
    const auto written = [self = this->shared_from_this()](const error_code& error, std::size_t) {
      if (error) return self->close();
      self->finish();
    };
    if (head_only_) {
      http::async_write_header(stream_, serializer_, written);
    } else {
      http::async_write(stream_, serializer_, written);
    }
  }

  // Nothing more comes from here. The peer is read out and closes first, within the deadline.
  void finish() {
    error_code ignored;
    if constexpr (kTls) {
      // close_notify goes out with it; waiting for the peer's is what async_shutdown does.
      stream_.async_shutdown(
          [self = this->shared_from_this()](const error_code& /*error*/) { self->close(); });
      this->asked = false;  // it has its reply: the first to go
      return;
    }
    socket().shutdown(tcp::socket::shutdown_send, ignored);
    this->asked = false;
    discard();
  }

  void discard() {
    socket().async_read_some(asio::buffer(discarded_),
                             [self = this->shared_from_this()](const error_code& error, std::size_t n) {
                               self->left_to_discard_ -= std::min(n, self->left_to_discard_);
                               if (error || self->left_to_discard_ == 0) return self->close();
                               self->discard();
                             });
  }

  const HttpHost& host_;
  const std::shared_ptr<asio::ssl::context> context_;
  Stream stream_;
  asio::steady_timer deadline_;
  beast::flat_static_buffer<kLargestHead> buffer_;
  http::request_parser<http::empty_body> parser_;
  std::string text_;
  http::response<http::span_body<const char>> response_;
  http::response_serializer<http::span_body<const char>> serializer_{response_};
  std::array<char, 1024> discarded_{};
  std::size_t left_to_discard_ = kMostDiscarded;
  bool head_only_ = false;
  bool closed_ = false;
};

}  // namespace

std::shared_ptr<HttpConnection> make_http_connection(tcp::socket socket,
                                                     std::shared_ptr<asio::ssl::context> tls,
                                                     const HttpHost& host) {
  error_code error;
  const auto source = socket.remote_endpoint(error).address();
  std::shared_ptr<HttpConnection> made;
  if (tls) {
    asio::ssl::context& context = *tls;
    made = std::make_shared<Connection<asio::ssl::stream<tcp::socket>>>(host, std::move(tls),
                                                                        std::move(socket), context);
  } else {
    made = std::make_shared<Connection<tcp::socket>>(host, nullptr, std::move(socket));
  }
  made->source = source;
  return made;
}

}  // namespace baseline::op
