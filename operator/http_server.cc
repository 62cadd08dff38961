#include "operator/http_server.h"

#include <algorithm>
#include <atomic>
#include <list>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

#include "operator/http_connection.h"
#include "operator/tls_files.h"

namespace baseline::op {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr int kBacklog = 1024;
constexpr std::chrono::milliseconds kAcceptPause{100};  // after an accept that failed for want of something
constexpr std::chrono::seconds kCertificateCheck{10};

// Descriptors are needed for the API server too: at most a quarter of them is given to peers.
std::size_t descriptors_for_peers() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
  return std::max<std::size_t>(limit.rlim_cur / 4, 1);
}

class Server final : public HttpServer {
 public:
  Server(HttpOptions options, HttpHandler handler)
      : options_(std::move(options)), handler_(std::move(handler)), tls_(options_.tls) {
    options_.limits.connections = std::min(options_.limits.connections, descriptors_for_peers());
    if (options_.slow_handler) handlers_.emplace(1);
    host_.answer = [this](HttpRequest request, std::function<void(HttpReply)> reply) {
      answer(std::move(request), std::move(reply));
    };
    host_.closed = [this](HttpConnection* connection) { forget(connection); };
    host_.deadline = options_.limits.deadline;
  }
  ~Server() override {
    if (handlers_) {  // before the context, which handlers under way post their replies to
      handlers_->stop();
      handlers_->join();
    }
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::size_t connections() const override { return count_; }

  base::Result<void> open() {
    if (is_tls()) {
      if (auto read = tls_.refresh(); !read) return read;
    }
    std::string text = options_.address;
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    error_code error;
    const auto address = asio::ip::make_address(text, error);
    if (error)
      return base::fail(base::ErrorCode::kInvalid,
                        fmt::format("\"{:.100}\" is no address; write it like 0.0.0.0 or ::", text));
    const tcp::endpoint here(address, options_.port);
    if (acceptor_.open(here.protocol(), error) ||
        acceptor_.set_option(tcp::acceptor::reuse_address(true), error) || acceptor_.bind(here, error) ||
        acceptor_.listen(kBacklog, error))
      return base::fail(base::ErrorCode::kUnavailable, error.message());
    accept();
    thread_ = std::jthread([this] { run(); });
    return {};
  }

 private:
  using Connections = std::list<std::shared_ptr<HttpConnection>>;  // oldest first

  bool is_tls() const { return !options_.tls.certificate.empty(); }

  // What a handler throws (no memory) ends what it was about, not the server.
  void run() {
    for (;;) {
      try {
        context_.run();
        return;
      } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the next connection is served
      }
    }
  }

  void accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) {
        admit(std::move(socket));
        return accept();
      }
      if (error == asio::error::connection_aborted) return accept();
      // Out of descriptors or memory: the oldest connection gives its own back.
      if (!connections_.empty()) evict([](const HttpConnection&) { return true; });
      pause_.expires_after(kAcceptPause);
      pause_.async_wait([this](const error_code& ended) {
        if (!ended) accept();
      });
    });
  }

  void admit(tcp::socket socket) {
    const auto connection = make_http_connection(std::move(socket), identity(), host_);
    const auto of_source = [&](const HttpConnection& one) { return one.source == connection->source; };
    const auto same = std::ranges::count_if(connections_, [&](const auto& one) { return of_source(*one); });
    if (static_cast<std::size_t>(same) >= options_.limits.per_source) {
      evict(of_source);
    } else if (connections_.size() >= options_.limits.connections) {
      evict([](const HttpConnection&) { return true; });
    }
    connections_.push_back(connection);
    count_ = connections_.size();
    connection->start();
  }

  // Closes the oldest connection of those that has asked nothing yet, else the oldest: a newcomer that asks
  // at once is always served.
  template <typename Which>
  void evict(const Which& which) {
    auto found =
        std::ranges::find_if(connections_, [&](const auto& one) { return which(*one) && !one->asked; });
    if (found == connections_.end())
      found = std::ranges::find_if(connections_, [&](const auto& one) { return which(*one); });
    if (found == connections_.end()) return;
    const auto oldest = *found;  // forget() erases the entry
    oldest->close();
  }

  void forget(const HttpConnection* connection) {
    std::erase_if(connections_, [&](const auto& one) { return one.get() == connection; });
    count_ = connections_.size();
  }

  void answer(HttpRequest request, std::function<void(HttpReply)> reply) {
    if (!handlers_) return reply(handler_(request));
    asio::post(*handlers_, [this, request = std::move(request), reply = std::move(reply)]() mutable {
      asio::post(context_,
                 [reply = std::move(reply), said = handler_(request)]() mutable { reply(std::move(said)); });
    });
  }

  std::shared_ptr<asio::ssl::context> identity() {
    if (!is_tls()) return nullptr;
    if (const auto now = steady_clock::now(); now >= next_check_) {
      next_check_ = now + kCertificateCheck;
      const auto read = tls_.refresh();
      std::string trouble = read ? std::string() : read.error().text();
      if (trouble != trouble_ && !trouble.empty() && options_.on_trouble) options_.on_trouble(trouble);
      trouble_ = std::move(trouble);
    }
    return tls_.context();
  }

  HttpOptions options_;
  const HttpHandler handler_;
  TlsIdentity tls_;
  steady_clock::time_point next_check_ = steady_clock::now() + kCertificateCheck;
  std::string trouble_;
  HttpHost host_;
  std::atomic<std::size_t> count_ = 0;
  asio::io_context context_{1};
  Connections connections_;  // their sockets belong to the context
  tcp::acceptor acceptor_{context_};
  asio::steady_timer pause_{context_};
  std::optional<asio::thread_pool> handlers_;  // one thread, for a handler that is slow
  std::jthread thread_;
};

}  // namespace

base::Result<std::unique_ptr<HttpServer>> listen_http(HttpOptions options, HttpHandler handler) {
  auto server = std::make_unique<Server>(std::move(options), std::move(handler));
  if (auto opened = server->open(); !opened) return std::unexpected(opened.error());
  return server;
}

}  // namespace baseline::op
