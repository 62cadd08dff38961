#include "operator/heartbeat.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/fake_clock.h"

namespace baseline::op {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr seconds kLimit{120};

class HeartbeatTest : public ::testing::Test {
 protected:
  kube::testing::FakeClock clock_;
  Heartbeat heartbeat_{clock_};
};

TEST_F(HeartbeatTest, IdleIsNoTrouble) {
  clock_.advance(std::chrono::hours(1000));
  EXPECT_EQ(heartbeat_.stalled(kLimit), "");
  heartbeat_.begin("reconciling a scan");
  heartbeat_.end();
  clock_.advance(std::chrono::hours(1000));
  EXPECT_EQ(heartbeat_.stalled(kLimit), "");
}

TEST_F(HeartbeatTest, WorkThatBeatsMayTakeAsLongAsItLikes) {
  heartbeat_.begin("reconciling a scan");
  for (int i = 0; i < 1000; ++i) {
    clock_.advance(kLimit);
    EXPECT_EQ(heartbeat_.stalled(kLimit), "");
    heartbeat_.beat();
  }
}

TEST_F(HeartbeatTest, WorkWithoutABeatIsNamedUntilItMoves) {
  heartbeat_.begin("reconciling a scan");
  clock_.advance(kLimit + seconds(1));
  EXPECT_EQ(heartbeat_.stalled(kLimit), "reconciling a scan: no progress for 121 s");
  heartbeat_.beat();
  EXPECT_EQ(heartbeat_.stalled(kLimit), "");
}

// The lease is renewed every few seconds, and watches go on, whatever a worker does.
TEST_F(HeartbeatTest, BeatsOfOtherThreadsHideNothing) {
  heartbeat_.begin("reconciling a scan");
  clock_.advance(kLimit + seconds(1));
  std::thread([this] {
    heartbeat_.beat();
    heartbeat_.begin("reconciling a profile");
    heartbeat_.beat();
    EXPECT_THAT(heartbeat_.stalled(kLimit), HasSubstr("scan"));
    heartbeat_.end();
  }).join();
  EXPECT_THAT(heartbeat_.stalled(kLimit), HasSubstr("scan"));
}

}  // namespace
}  // namespace baseline::op
