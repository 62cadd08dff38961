// The real program, while it waits for an API server that is not there, and peers that mean it no good.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http_get.h"
#include "scratch_file.h"

namespace baseline::op {
namespace {

using ::testing::HasSubstr;
using testing::http;
using testing::Peer;
using testing::ScratchFile;
using ::testing::StartsWith;

// What its manifest gives it.
constexpr long kMemoryLimitKiB = 256L << 10;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

class HostilePeers : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  void TearDown() override {
    if (pid_ > 0) stop();
  }

  // descriptors: how many files it may have open. Another test may take the free ports first: then once more.
  void start(rlim_t descriptors = 1024) {
    for (int attempt = 0; attempt < 5 && pid_ < 0; ++attempt) launch(descriptors);
    ASSERT_TRUE(is_healthy()) << log();
  }
  void launch(rlim_t descriptors) {
    port_ = testing::free_port();
    metrics_port_ = testing::free_port();
    kubeconfig_.write(
        fmt::format("apiVersion: v1\nkind: Config\nclusters: [{{name: c, cluster: {{server: "
                    "\"https://127.0.0.1:{}\"}}}}]\n"
                    "users: [{{name: u, user: {{token: t}}}}]\ncontexts: [{{name: x, context: {{cluster: c, "
                    "user: u}}}}]\n"
                    "current-context: x\n",
                    testing::free_port()));
    std::vector<std::string> words{OPERATOR_PROGRAM,      "--kubeconfig",   kubeconfig_.path(),
                                   "--probe-address",     "127.0.0.1",      "--probe-port",
                                   std::to_string(port_), "--metrics-port", std::to_string(metrics_port_)};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      const rlimit limit{descriptors, descriptors};
      setrlimit(RLIMIT_NOFILE, &limit);
      const int log = open(log_.path().c_str(), O_WRONLY | O_TRUNC);
      dup2(log, STDERR_FILENO);
      close(log);
      execv(argv[0], argv.data());
      _exit(127);
    }
    for (int i = 0; i < 1200 && http(port_, "GET", "/healthz").empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      if (waitpid(pid_, nullptr, WNOHANG) != pid_) continue;
      pid_ = -1;
      return;
    }
  }
  bool is_healthy() const { return http(port_, "GET", "/healthz").starts_with("HTTP/1.1 200"); }
  std::string log() const {
    std::ifstream in(log_.path());
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Its exit status, and the peak of its memory by the kernel's account.
  int stop() {
    kill(pid_, SIGTERM);
    int status = -1;
    rusage usage{};
    wait4(pid_, &status, 0, &usage);
    peak_kib_ = usage.ru_maxrss;
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  std::uint16_t port_ = 0, metrics_port_ = 0;
  const ScratchFile kubeconfig_{""}, log_{""};
  pid_t pid_ = -1;
  long peak_kib_ = 0;
};

TEST_F(HostilePeers, AHeadThatNeverEndsCostsNothing) {
  start();
  const std::string block(1U << 16, 'a');
  constexpr std::size_t kMost = 100U << 20;
  for (const std::uint16_t port : {port_, metrics_port_}) {
    const Peer endless(port);
    ASSERT_TRUE(endless.connected());
    endless.send("GET /healthz HTTP/1.1\r\nX: ");
    std::size_t sent = 0;
    while (sent < kMost && endless.send(block)) sent += block.size();
    EXPECT_LT(sent, kMost) << "cut off before the end";
  }
  EXPECT_TRUE(is_healthy());
  EXPECT_EQ(stop(), 0) << log();
  if (!kSanitized) {
    EXPECT_LT(peak_kib_, kMemoryLimitKiB / 4);
  }
}

TEST_F(HostilePeers, AThousandHalfOpenConnectionsDoNotHideIt) {
  start();
  std::vector<Peer> peers;
  for (const bool many_sources : {false, true}) {
    for (int i = 0; i < 1000; ++i) {
      peers.emplace_back(port_,
                         many_sources ? fmt::format("127.2.{}.{}", i / 250, i % 250 + 1) : "127.0.0.1");
      ASSERT_TRUE(peers.back().connected()) << i;
      if (i % 2 == 0) peers.back().send("GET /healthz HTTP/1.1\r\nX-Slow: ");
    }
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(is_healthy());
  }
  EXPECT_THAT(http(metrics_port_, "GET", "/metrics"), HasSubstr("baseline_leader 0"));
  EXPECT_EQ(stop(), 0) << log();
  if (!kSanitized) {
    EXPECT_LT(peak_kib_, kMemoryLimitKiB / 4);
  }
}

TEST_F(HostilePeers, NorWhereFewDescriptorsAreLeft) {
  start(/*descriptors=*/64);
  std::vector<Peer> peers;
  for (int i = 0; i < 300; ++i) {
    peers.emplace_back(port_, fmt::format("127.3.{}.{}", i / 250, i % 250 + 1));
    ASSERT_TRUE(peers.back().connected()) << i;
  }
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(is_healthy());
  EXPECT_EQ(stop(), 0) << log();
}

TEST_F(HostilePeers, AnApiServerThatIsAwayIsNoReasonToBeRestarted) {
  start();
  EXPECT_THAT(http(port_, "GET", "/readyz"), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(http(port_, "GET", "/metrics"), StartsWith("HTTP/1.1 404"));
  EXPECT_TRUE(is_healthy());
  EXPECT_EQ(stop(), 0) << log();
}

}  // namespace
}  // namespace baseline::op
