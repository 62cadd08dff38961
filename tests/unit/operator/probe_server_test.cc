#include "operator/probe_server.h"

#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http_get.h"

namespace baseline::op {
namespace {

using ::testing::HasSubstr;
using testing::http;
using ::testing::StartsWith;

TEST(ProbeServer, AnswersProbesAndNothingElse) {
  std::atomic<bool> ready = false;
  const std::uint16_t port = testing::free_port();
  const auto server = start_probe_server(
      "127.0.0.1", port,
      {.unhealthy = [] { return std::string(); },
       .not_ready = [&] { return ready ? std::string() : std::string("waiting for CRDs"); }});
  ASSERT_TRUE(server.has_value()) << server.error().text();
  EXPECT_THAT(http(port, "GET", "/healthz"), StartsWith("HTTP/1.1 200"));
  const std::string waiting = http(port, "GET", "/readyz");
  EXPECT_THAT(waiting, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(waiting, HasSubstr("waiting for CRDs"));
  ready = true;
  EXPECT_THAT(http(port, "GET", "/readyz?verbose"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(http(port, "GET", "/metrics"), HasSubstr("a port of their own"));
  EXPECT_THAT(http(port, "GET", "/"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(http(port, "GET", "/healthz/../etc/passwd"), StartsWith("HTTP/1.1 404"));
  const std::string posted = http(port, "POST", "/healthz");
  EXPECT_THAT(posted, StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(posted, HasSubstr("Allow: GET"));
}

TEST(ProbeServer, UnhealthyIsToldWithItsReasonAndInBounds) {
  const std::uint16_t port = testing::free_port();
  const auto server = start_probe_server("127.0.0.1", port,
                                         {.unhealthy = [] { return "hangs " + std::string(1U << 20, 'x'); },
                                          .not_ready = [] { return std::string(); }});
  ASSERT_TRUE(server.has_value()) << server.error().text();
  const std::string got = http(port, "GET", "/healthz");
  EXPECT_THAT(got, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(got, HasSubstr("hangs x"));
  EXPECT_LT(got.size(), 8192U);
}

TEST(ProbeServer, APortInUseIsNamedWithWhatToDo) {
  const std::uint16_t port = testing::free_port();
  const Probes probes{[] { return std::string(); }, [] { return std::string(); }};
  const auto first = start_probe_server("127.0.0.1", port, probes);
  ASSERT_TRUE(first.has_value());
  const auto second = start_probe_server("127.0.0.1", port, probes);
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error().text(), HasSubstr("--probe-port"));
}

TEST(ProbeServer, StopsListening) {
  const std::uint16_t port = testing::free_port();
  const Probes probes{[] { return std::string(); }, [] { return std::string(); }};
  {
    const auto server = start_probe_server("127.0.0.1", port, probes);
  }
  EXPECT_EQ(http(port, "GET", "/healthz"), "");
  EXPECT_TRUE(start_probe_server("127.0.0.1", port, probes).has_value());
}

}  // namespace
}  // namespace baseline::op
