// The server against peers that do what no client does.
#include "operator/http_server.h"

#include <future>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http_get.h"

namespace baseline::op {
namespace {

using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::http;
using ::testing::Not;
using testing::Peer;
using ::testing::StartsWith;

constexpr std::string_view kRequest = "GET /here HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::chrono::milliseconds kLong{600'000};  // no test waits for it

HttpReply echo(const HttpRequest& request) {
  return {.text = request.method + " " + request.path + " [" + request.token + "]\n"};
}

class HttpServerTest : public ::testing::Test {
 protected:
  void serve(HttpLimits limits, HttpHandler handler = echo, bool slow = false) {
    auto server = listen_http({.address = "127.0.0.1", .port = port_, .limits = limits, .slow_handler = slow},
                              std::move(handler));
    ASSERT_TRUE(server.has_value()) << server.error().text();
    server_ = *std::move(server);
  }
  // Polls with a generous limit.
  template <typename Condition>
  static bool eventually(const Condition& condition) {
    for (int i = 0; i < 6000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  bool still_serves() const { return http(port_, "GET", "/still").starts_with("HTTP/1.1 200"); }

  const std::uint16_t port_ = testing::free_port();
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersOneRequestAndCloses) {
  serve({.deadline = kLong});
  const std::string got = http(port_, "GET", "/here?a=b");
  EXPECT_THAT(got, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(got, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(got, EndsWith("\r\n\r\nGET /here []\n"));
  const std::string head = http(port_, "HEAD", "/here");
  EXPECT_THAT(head, HasSubstr("Content-Length: 14\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

TEST_F(HttpServerTest, ServesHttp10AndPeersThatEndSendingAndWhatIsPipelinedOnce) {
  serve({.deadline = kLong});
  const Peer old(port_), half(port_), greedy(port_);
  old.send("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.rest().value_or(""), EndsWith("GET /old []\n"));
  half.send(kRequest);
  half.end_sending();
  EXPECT_THAT(half.rest().value_or(""), EndsWith("GET /here []\n"));
  greedy.send(std::string(kRequest) + "GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string got = greedy.rest().value_or("");
  EXPECT_THAT(got, EndsWith("GET /here []\n"));
  EXPECT_THAT(got, Not(HasSubstr("/second")));
}

TEST_F(HttpServerTest, ATokenInTheOpenIsNotTaken) {
  serve({.deadline = kLong});
  const Peer peer(port_);
  peer.send("GET /here HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n\r\n");
  EXPECT_THAT(peer.rest().value_or(""), EndsWith("GET /here []\n"));
}

TEST_F(HttpServerTest, OnlyGetAndHeadWithoutABodyReachTheHandler) {
  serve({.deadline = kLong});
  const std::string posted = http(port_, "POST", "/here");
  EXPECT_THAT(posted, StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(posted, HasSubstr("Allow: GET, HEAD"));
  for (const char* header :
       {"Content-Length: 1", "Content-Length: 99999999999", "Transfer-Encoding: chunked"}) {
    const Peer peer(port_);
    peer.send(fmt::format("GET /here HTTP/1.1\r\nHost: x\r\n{}\r\n\r\n", header));
    EXPECT_THAT(peer.rest().value_or(""), StartsWith("HTTP/1.1 413")) << header;
  }
}

TEST_F(HttpServerTest, AHeadHas8KiBAndNotAByteMoreIsKept) {
  serve({.deadline = kLong});
  const auto head = [](std::size_t padding) {
    return "GET /here HTTP/1.1\r\nHost: x\r\nX: " + std::string(padding, 'x') + "\r\n\r\n";
  };
  const Peer large(port_), too_large(port_), endless_line(port_), endless_headers(port_);
  large.send(head(kLargestHead - 64));
  EXPECT_THAT(large.rest().value_or(""), StartsWith("HTTP/1.1 200"));
  too_large.send(head(kLargestHead));
  EXPECT_THAT(too_large.rest().value_or(""), StartsWith("HTTP/1.1 431"));

  const std::string block(1U << 16, 'a');
  constexpr std::size_t kMost = 100U << 20;
  std::size_t sent = 0;
  while (sent < kMost && endless_line.send(block)) sent += block.size();
  EXPECT_LT(sent, kMost);
  std::string headers;
  for (int i = 0; i < 2000; ++i) headers += fmt::format("X-{}: y\r\n", i);
  endless_headers.send("GET / HTTP/1.1\r\n");
  for (sent = 0; sent < kMost && endless_headers.send(headers);) sent += headers.size();
  EXPECT_LT(sent, kMost);
  EXPECT_TRUE(still_serves());
}

TEST_F(HttpServerTest, WhatIsNoHttpIsRefused) {
  serve({.deadline = kLong});
  using namespace std::string_view_literals;
  for (const std::string_view bytes :
       {"GET /here\r\n\r\n"sv, "\r\n\r\n\r\n"sv, "GET  HTTP/1.1\r\n\r\n"sv, "GET /here HTTP/9.9\r\n\r\n"sv,
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello"sv, "\0\0\0\0\0\0\0\0"sv,
        "GET /he\0re HTTP/1.1\r\n\r\n"sv, "GET /here HTTP/1.1\r\nno colon\r\n\r\n"sv,
        "GET /here HTTP/1.1\r\nContent-Length: -1\r\n\r\n"sv,
        "GET /here HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"sv,
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"sv}) {
    const Peer peer(port_);
    peer.send(bytes);
    peer.end_sending();
    EXPECT_THAT(peer.rest().value_or("not closed"), AnyOf("", StartsWith("HTTP/1.1 4"))) << bytes;
  }
  EXPECT_TRUE(still_serves());
}

TEST_F(HttpServerTest, OneDeadlineEndsTheSilentTheSlowAndThoseWhoDoNotRead) {
  serve({.deadline = std::chrono::milliseconds(300)},
        [](const HttpRequest&) { return HttpReply{.text = std::string(64U << 20, 'x')}; });
  const Peer silent(port_), slow(port_), deaf(port_);
  deaf.send(kRequest);
  EXPECT_TRUE(silent.is_closed_in_time());
  // A byte now and then does not move the deadline.
  EXPECT_TRUE(eventually([&] { return !slow.send("x") || slow.is_closed(); }));
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

TEST_F(HttpServerTest, ASourceHoldsSoManyAndItsOldestGoesFirst) {
  serve({.connections = 100, .per_source = 4, .deadline = kLong});
  std::vector<Peer> peers;
  for (int i = 0; i < 20; ++i) peers.emplace_back(port_);
  const Peer other(port_, "127.0.0.9");
  ASSERT_TRUE(other.connected());
  for (std::size_t i = 0; i < 16; ++i) EXPECT_TRUE(peers[i].is_closed_in_time()) << i;
  EXPECT_TRUE(eventually([&] { return server_->connections() == 5; }));
  for (const Peer* one : {&std::as_const(peers[16]), &std::as_const(peers[19]), &other}) {
    EXPECT_FALSE(one->is_closed());
    one->send(kRequest);
    EXPECT_THAT(one->rest().value_or(""), StartsWith("HTTP/1.1 200"));
  }
}

TEST_F(HttpServerTest, AllTogetherHoldSoManyAndANewcomerIsServed) {
  serve({.connections = 8, .per_source = 4, .deadline = kLong});
  std::vector<Peer> peers;
  for (int i = 0; i < 200; ++i) {
    peers.emplace_back(port_, fmt::format("127.1.{}.1", i));
    ASSERT_TRUE(peers.back().connected());
  }
  EXPECT_TRUE(still_serves());
  EXPECT_LE(server_->connections(), 8U);
  for (int i = 0; i < 190; ++i) EXPECT_TRUE(peers[static_cast<std::size_t>(i)].is_closed_in_time()) << i;
}

TEST_F(HttpServerTest, WhoHasAskedIsNotPushedOutByWhoHasNot) {
  std::promise<void> called, go_on;
  const std::shared_future<void> may_go_on = go_on.get_future().share();
  serve(
      {.connections = 8, .per_source = 8, .deadline = kLong},
      [may_go_on, &called](const HttpRequest& request) {
        called.set_value();
        may_go_on.wait();
        return echo(request);
      },
      /*slow=*/true);
  const Peer asked(port_);
  asked.send(kRequest);
  called.get_future().wait();
  std::vector<Peer> peers;
  for (int i = 0; i < 100; ++i) peers.emplace_back(port_);
  for (std::size_t i = 0; i < 90; ++i) EXPECT_TRUE(peers[i].is_closed_in_time()) << i;
  go_on.set_value();
  EXPECT_THAT(asked.rest().value_or(""), EndsWith("GET /here []\n"));
}

TEST_F(HttpServerTest, AFloodOfResetsLeavesNothing) {
  serve({.deadline = kLong});
  for (int i = 0; i < 500; ++i) {
    Peer peer(port_);
    ASSERT_TRUE(peer.connected());
    if (i % 2 == 0) peer.send(kRequest);
    peer.reset();
  }
  EXPECT_TRUE(still_serves());
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

TEST_F(HttpServerTest, EndsWithConnectionsOpenAndAHandlerUnderWay) {
  std::promise<void> called;
  serve(
      {.deadline = kLong},
      [&called](const HttpRequest&) {
        called.set_value();
        return HttpReply{};
      },
      /*slow=*/true);
  const Peer silent(port_), asked(port_);
  asked.send(kRequest);
  called.get_future().wait();
  server_.reset();
  EXPECT_TRUE(silent.is_closed_in_time());
  EXPECT_FALSE(Peer(port_).connected());
}

TEST_F(HttpServerTest, OnlyANumericAddressIsListenedOn) {
  const auto listen = [&](const std::string& address) {
    return listen_http({.address = address, .port = port_}, echo);
  };
  EXPECT_EQ(listen("example.com").error().code, base::ErrorCode::kInvalid);
  EXPECT_EQ(listen("192.0.2.1").error().code, base::ErrorCode::kUnavailable);
  for (const char* address : {"127.0.0.1", "::1", "[::1]", "0.0.0.0", "::"}) {
    const auto server = listen(address);
    // A machine without IPv6 says so.
    EXPECT_TRUE(server.has_value() || server.error().code == base::ErrorCode::kUnavailable) << address;
  }
}

}  // namespace
}  // namespace baseline::op
