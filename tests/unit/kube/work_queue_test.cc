#include "kube/work_queue.h"

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kube/fake_clock.h"

namespace baseline::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::FakeClock;

class WorkQueueTest : public ::testing::Test {
 protected:
  FakeClock clock;
  WorkQueue queue{clock, QueueBackoff{milliseconds(100), milliseconds(1000)}};
};

TEST_F(WorkQueueTest, AKeyThatWaitsIsThereOnce) {
  queue.add("a");
  queue.add("b");
  queue.add("a");
  EXPECT_EQ(queue.depth(), 2U);
  EXPECT_EQ(queue.try_get(), "a");
  EXPECT_EQ(queue.try_get(), "b");
  EXPECT_EQ(queue.try_get(), std::nullopt);
  EXPECT_EQ(queue.processing(), 2U);
}

TEST_F(WorkQueueTest, AKeyAddedWhileWithAWorkerComesBackAfterDone) {
  queue.add("a");
  ASSERT_EQ(queue.try_get(), "a");
  queue.add("a");
  queue.add("a");
  EXPECT_EQ(queue.try_get(), std::nullopt) << "no two workers may have the same key";
  queue.done("a");
  EXPECT_EQ(queue.try_get(), "a");
  queue.done("a");
  EXPECT_EQ(queue.try_get(), std::nullopt);
  EXPECT_EQ(queue.processing(), 0U);
}

TEST_F(WorkQueueTest, DelayedAddsComeWhenTheyAreDueAndTheSoonestCounts) {
  queue.add_after("a", seconds(10));
  queue.add_after("a", seconds(5));
  queue.add_after("a", seconds(20));
  EXPECT_EQ(queue.delayed(), 1U);
  clock.advance(milliseconds(4999));
  EXPECT_EQ(queue.try_get(), std::nullopt);
  clock.advance(milliseconds(1));
  EXPECT_EQ(queue.try_get(), "a");
  queue.done("a");
  clock.advance(seconds(100));
  EXPECT_EQ(queue.try_get(), std::nullopt) << "the later ones were the same wish";
}

TEST_F(WorkQueueTest, NoDelayIsNow) {
  queue.add_after("a", milliseconds(0));
  EXPECT_EQ(queue.depth(), 1U);
}

TEST_F(WorkQueueTest, FailuresOfAKeyWaitLongerEachTimeUntilForgotten) {
  for (const int delay : {100, 200, 400, 800, 1000, 1000}) {
    queue.add_rate_limited("a");
    clock.advance(milliseconds(delay - 1));
    EXPECT_EQ(queue.try_get(), std::nullopt) << delay;
    clock.advance(milliseconds(1));
    EXPECT_EQ(queue.try_get(), "a") << delay;
    queue.done("a");
  }
  EXPECT_EQ(queue.failures("a"), 6);
  EXPECT_EQ(queue.failures("b"), 0) << "another key has its own count";
  queue.forget("a");
  EXPECT_EQ(queue.failures("a"), 0);
  queue.add_rate_limited("a");
  clock.advance(milliseconds(100));
  EXPECT_EQ(queue.try_get(), "a");
}

TEST_F(WorkQueueTest, ShutdownWakesWorkersAndDropsTheRest) {
  std::vector<std::jthread> workers;
  std::atomic<int> ended = 0;
  for (int i = 0; i < 3; ++i) {
    workers.emplace_back([&] {
      while (auto key = queue.get()) queue.done(*key);
      ++ended;
    });
  }
  queue.shutdown();
  workers.clear();
  EXPECT_EQ(ended, 3);
  queue.add("a");
  queue.add_after("b", seconds(1));
  EXPECT_EQ(queue.depth(), 0U);
  EXPECT_EQ(queue.delayed(), 0U);
  EXPECT_EQ(queue.get(), std::nullopt);
}

TEST_F(WorkQueueTest, ABlockedWorkerGetsAKeyThatComesDueWhenWoken) {
  std::optional<std::string> got;
  queue.add_after("a", seconds(3600));
  std::jthread worker([&] { got = queue.get(); });
  clock.advance(seconds(3600));
  queue.wake();
  worker.join();
  EXPECT_EQ(got, "a");
}

// Many producers and workers: never two workers on one key, and the last add of each key is worked on.
TEST(WorkQueueConcurrencyTest, NoKeyIsWorkedOnTwiceAtOnceAndNoChangeIsMissed) {
  constexpr int kKeys = 7;
  constexpr int kAdds = 2000;
  const base::SystemClock clock;
  WorkQueue queue(clock);
  std::array<std::atomic<int>, kKeys> wanted{};
  std::array<std::atomic<int>, kKeys> seen{};
  std::array<std::atomic<int>, kKeys> busy{};
  std::atomic<bool> overlapped = false;
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < 4; ++i) {
      workers.emplace_back([&] {
        while (const auto key = queue.get()) {
          const auto at = static_cast<std::size_t>(std::stoi(*key));
          if (busy[at].fetch_add(1) != 0) overlapped = true;
          seen[at] = wanted[at].load();
          busy[at].fetch_sub(1);
          queue.done(*key);
        }
      });
    }
    {
      std::vector<std::jthread> producers;
      for (int p = 0; p < 3; ++p) {
        producers.emplace_back([&, p] {
          for (int i = 0; i < kAdds; ++i) {
            const auto at = static_cast<std::size_t>((i * 3 + p) % kKeys);
            wanted[at].fetch_add(1);
            if (i % 5 == 0) {
              queue.add_after(std::to_string(at), milliseconds(1));
            } else {
              queue.add(std::to_string(at));
            }
          }
        });
      }
    }
    // Ends only when the last add of every key has been seen; a missed one runs into the test's time limit.
    for (std::size_t at = 0; at < kKeys; ++at) {
      while (seen[at] != wanted[at]) std::this_thread::yield();
    }
    queue.shutdown();
  }
  EXPECT_FALSE(overlapped);
  for (std::size_t at = 0; at < kKeys; ++at) EXPECT_EQ(seen[at], wanted[at]) << at;
}

}  // namespace
}  // namespace baseline::kube
