#include "operator/rehearsal.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <unistd.h>

#include "limited_process.h"

namespace baseline::op {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;

TEST(Rehearsal, WhatEndsWellLeavesNothing) {
  int changed = 0;
  EXPECT_TRUE(rehearse([&] { changed = 1; }).has_value());
  EXPECT_EQ(changed, 0);
}

TEST(Rehearsal, ASignalEndsTheCopyAlone) {
  const auto ended = rehearse([] {
    std::signal(SIGABRT, SIG_DFL);
    std::abort();
  });
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code, ErrorCode::kInternal);
  EXPECT_THAT(ended.error().message, HasSubstr("signal 6"));
}

TEST(Rehearsal, MemoryHasAnEnd) {
  if (!test::takes_memory_limits()) GTEST_SKIP() << "a sanitizer's allocator takes no limit";
  const auto ended = rehearse(
      [] {
        std::vector<std::vector<char>> all;
        for (int i = 0; i < 1024; ++i) all.emplace_back(std::size_t{1} << 20, 'x');
      },
      {.memory = std::size_t{32} << 20});
  ASSERT_FALSE(ended.has_value());
  EXPECT_THAT(ended.error().message, HasSubstr("more than 32 MiB"));
}

TEST(Rehearsal, SomeMemoryIsThere) {
  EXPECT_TRUE(rehearse(
                  [] {
                    const std::vector<char> some(std::size_t{16} << 20, 'x');
                    if (some.back() != 'x') _exit(1);
                  },
                  {.memory = std::size_t{64} << 20})
                  .has_value());
}

TEST(Rehearsal, WhatComputesWithoutEndIsEnded) {
  const auto ended = rehearse(
      [] {
        volatile int i = 0;
        while (i == 0) {
        }
      },
      {.cpu = std::chrono::seconds(1), .time = std::chrono::seconds(300)});
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code, ErrorCode::kLimit);
}

TEST(Rehearsal, WhatHangsIsEnded) {
  const auto ended = rehearse(
      [] {
        while (true) pause();
      },
      {.time = std::chrono::seconds(1)});
  ASSERT_FALSE(ended.has_value());
  EXPECT_THAT(ended.error().message, HasSubstr("does not end"));
}

TEST(Rehearsal, OtherThreadsGoOnMeanwhile) {
  std::atomic<bool> stop = false;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (!stop) std::vector<char>(std::size_t{1} << 12).swap(*std::make_unique<std::vector<char>>());
    });
  }
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(rehearse([] { std::vector<std::string> words(1000, std::string(100, 'w')); }).has_value());
  }
  stop = true;
}

}  // namespace
}  // namespace baseline::op
