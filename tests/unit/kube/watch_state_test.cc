#include "kube/watch_state.h"

#include <gtest/gtest.h>

namespace baseline::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = WatchAction::Kind;
using Phase = WatchState::Phase;

const WatchAction kListFromStart{.kind = Kind::kListFromStart, .token = "", .delay = {}};
WatchAction watch_from(std::string version) {
  return {.kind = Kind::kWatch, .token = std::move(version), .delay = {}};
}
WatchAction wait_for(milliseconds delay) {
  return {.kind = Kind::kWait, .token = "", .delay = delay};
}

class WatchStateTest : public testing::Test {
 protected:
  // Brings the state to a watch from version 10.
  void start_watching() {
    ASSERT_EQ(state.begin(), kListFromStart);
    ASSERT_EQ(state.step(PageReceived{"10", ""}), watch_from("10"));
    ASSERT_EQ(state.phase(), Phase::kWatching);
  }

  WatchState state{WatchBackoff{milliseconds(100), milliseconds(1000)}};
};

TEST_F(WatchStateTest, ListsPageAfterPageThenWatchesFromTheListsVersion) {
  EXPECT_EQ(state.begin(), kListFromStart);
  EXPECT_EQ(state.phase(), Phase::kListing);
  EXPECT_EQ(state.step(PageReceived{"10", "next"}), (WatchAction{Kind::kListPage, "next", {}}));
  EXPECT_EQ(state.phase(), Phase::kListing);
  EXPECT_EQ(state.resource_version(), "") << "a list that is not whole must not be watched from";
  EXPECT_EQ(state.step(PageReceived{"10", ""}), watch_from("10"));
  EXPECT_EQ(state.phase(), Phase::kWatching);
}

TEST_F(WatchStateTest, EventsAndBookmarksMoveTheVersionOn) {
  start_watching();
  EXPECT_EQ(state.step(EventReceived{"11"}).kind, Kind::kKeepReading);
  EXPECT_EQ(state.step(BookmarkReceived{"15"}).kind, Kind::kKeepReading);
  EXPECT_EQ(state.step(StreamEnded{}), watch_from("15"));
}

TEST_F(WatchStateTest, AnEventWithoutVersionKeepsTheOldOne) {
  start_watching();
  state.step(BookmarkReceived{""});
  EXPECT_EQ(state.resource_version(), "10");
}

TEST_F(WatchStateTest, GoneAsHttpStatusOfTheWatchListsAgain) {
  start_watching();
  EXPECT_EQ(state.step(WatchFailed{410, {}}), kListFromStart);
}

TEST_F(WatchStateTest, GoneAsErrorEventListsAgain) {
  start_watching();
  state.step(EventReceived{"11"});
  EXPECT_EQ(state.step(ErrorEventReceived{410}), kListFromStart);
  EXPECT_EQ(state.phase(), Phase::kListing);
}

TEST_F(WatchStateTest, GoneAgainWithoutProgressWaitsBeforeTheList) {
  start_watching();
  EXPECT_EQ(state.step(ErrorEventReceived{410}), kListFromStart);
  EXPECT_EQ(state.step(PageReceived{"20", ""}), watch_from("20"));
  EXPECT_EQ(state.step(ErrorEventReceived{410}), wait_for(milliseconds(100)));
  EXPECT_EQ(state.step(WaitOver{}), kListFromStart);
  EXPECT_EQ(state.step(PageReceived{"30", ""}), watch_from("30"));
  EXPECT_EQ(state.step(WatchFailed{410, {}}), wait_for(milliseconds(200)));
  EXPECT_EQ(state.step(WaitOver{}), kListFromStart);
  EXPECT_EQ(state.step(PageReceived{"40", ""}), watch_from("40"));
  state.step(EventReceived{"41"});
  EXPECT_EQ(state.step(ErrorEventReceived{410}), kListFromStart) << "an event is progress";
}

TEST_F(WatchStateTest, GoneOnAPageBeginsTheListAgain) {
  state.begin();
  state.step(PageReceived{"10", "next"});
  EXPECT_EQ(state.step(ListFailed{410, {}}), kListFromStart);
  EXPECT_EQ(state.step(PageReceived{"12", ""}), watch_from("12"));
}

TEST_F(WatchStateTest, TooManyRequestsWaitsAsToldAndWatchesAgainWithoutAList) {
  start_watching();
  state.step(EventReceived{"11"});
  EXPECT_EQ(state.step(WatchFailed{429, seconds(7)}), wait_for(seconds(7)));
  EXPECT_EQ(state.phase(), Phase::kBackingOff);
  EXPECT_EQ(state.step(WaitOver{}), watch_from("11"));
}

TEST_F(WatchStateTest, RefusedConnectionsWaitLongerEachTimeAndNeverList) {
  start_watching();
  for (const int delay : {100, 200, 400, 800, 1000, 1000}) {
    EXPECT_EQ(state.step(WatchFailed{0, {}}), wait_for(milliseconds(delay)));
    EXPECT_EQ(state.step(WaitOver{}), watch_from("10"));
  }
  state.step(EventReceived{"11"});
  EXPECT_EQ(state.step(WatchFailed{0, {}}), wait_for(milliseconds(100))) << "progress resets the delay";
}

TEST_F(WatchStateTest, ServerErrorsAndRefusedCredentialsWatchAgain) {
  for (const int status : {500, 502, 503, 504, 401, 403}) {
    start_watching();
    EXPECT_EQ(state.step(WatchFailed{status, {}}).kind, Kind::kWait) << status;
    EXPECT_EQ(state.step(WaitOver{}), watch_from("10")) << status;
  }
}

TEST_F(WatchStateTest, OtherRefusalsOfTheWatchListAgainAfterAWait) {
  for (const int status : {400, 404, 405}) {
    start_watching();
    EXPECT_EQ(state.step(WatchFailed{status, {}}).kind, Kind::kWait) << status;
    EXPECT_EQ(state.step(WaitOver{}), kListFromStart) << status;
  }
}

TEST_F(WatchStateTest, JitterHalvesTheDelayAtMost) {
  start_watching();
  EXPECT_EQ(state.step(WatchFailed{0, {}}, 0.0), wait_for(milliseconds(50)));
}

TEST_F(WatchStateTest, AnAbsurdRetryAfterIsNotBelieved) {
  start_watching();
  EXPECT_EQ(state.step(WatchFailed{429, seconds(1'000'000)}), wait_for(seconds(120)));
}

TEST_F(WatchStateTest, ASilentStreamIsDeadAndIsOpenedAgainAtOnce) {
  start_watching();
  state.step(BookmarkReceived{"13"});
  EXPECT_EQ(state.step(StreamSilent{}), watch_from("13"));
}

TEST_F(WatchStateTest, ACutFrameWatchesAgainFromTheLastWholeOne) {
  start_watching();
  state.step(EventReceived{"11"});
  EXPECT_EQ(state.step(StreamCut{}), wait_for(milliseconds(100)));
  EXPECT_EQ(state.step(WaitOver{}), watch_from("11"));
}

TEST_F(WatchStateTest, AnOrderlyEndWatchesAgainAtOnceUnlessItCameAtOnce) {
  start_watching();
  EXPECT_EQ(state.step(StreamEnded{.at_once = false}), watch_from("10"));
  EXPECT_EQ(state.step(StreamEnded{.at_once = true}), wait_for(milliseconds(100)));
  EXPECT_EQ(state.step(WaitOver{}), watch_from("10"));
  EXPECT_EQ(state.step(StreamEnded{.at_once = true}), wait_for(milliseconds(200)));
  EXPECT_EQ(state.step(WaitOver{}), watch_from("10"));
  state.step(EventReceived{"11"});
  EXPECT_EQ(state.step(StreamEnded{.at_once = true}), watch_from("11"));
}

TEST_F(WatchStateTest, OtherErrorEventsWatchAgainAndListAfterThree) {
  start_watching();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(state.step(ErrorEventReceived{500}).kind, Kind::kWait);
    EXPECT_EQ(state.step(WaitOver{}), watch_from("10"));
  }
  EXPECT_EQ(state.step(ErrorEventReceived{500}).kind, Kind::kWait);
  EXPECT_EQ(state.step(WaitOver{}), kListFromStart);
}

TEST_F(WatchStateTest, AnUnreadableFrameListsAgainAfterAWait) {
  start_watching();
  EXPECT_EQ(state.step(FrameUnreadable{}).kind, Kind::kWait);
  EXPECT_EQ(state.step(WaitOver{}), kListFromStart);
}

TEST_F(WatchStateTest, AListThatFailsIsTriedAgainAtTheSamePage) {
  state.begin();
  EXPECT_EQ(state.step(ListFailed{0, {}}), wait_for(milliseconds(100)));
  EXPECT_EQ(state.step(WaitOver{}), kListFromStart);
  state.step(PageReceived{"10", "next"});
  for (const int status : {0, 429, 503, 401, 403}) {
    EXPECT_EQ(state.step(ListFailed{status, {}}).kind, Kind::kWait) << status;
    EXPECT_EQ(state.step(WaitOver{}), (WatchAction{Kind::kListPage, "next", {}})) << status;
  }
}

TEST_F(WatchStateTest, AListThatIsNotServedBeginsAgain) {
  state.begin();
  state.step(PageReceived{"10", "next"});
  EXPECT_EQ(state.step(ListFailed{404, {}}).kind, Kind::kWait);
  EXPECT_EQ(state.step(WaitOver{}), kListFromStart);
}

TEST_F(WatchStateTest, AWholeListResetsTheDelay) {
  state.begin();
  for (int i = 0; i < 5; ++i) {
    state.step(ListFailed{503, {}});
    state.step(WaitOver{});
  }
  EXPECT_EQ(state.failures(), 5);
  state.step(PageReceived{"10", ""});
  EXPECT_EQ(state.failures(), 0);
}

TEST_F(WatchStateTest, BeginForgetsEverything) {
  start_watching();
  state.step(WatchFailed{0, {}});
  EXPECT_EQ(state.begin(), kListFromStart);
  EXPECT_EQ(state.resource_version(), "");
  EXPECT_EQ(state.failures(), 0);
}

}  // namespace
}  // namespace baseline::kube
