#include "kube/events.h"

#include <string>

#include <gtest/gtest.h>

#include "hidden_texts.h"
#include "kube/fake_api_server.h"
#include "kube/fake_clock.h"
#include "objects.h"

namespace baseline::kube {
namespace {

using base::Value;
using testing::FakeApiServer;
using testing::FakeClock;

EventNote note(std::string reason, std::string message = "m") {
  return {{"example.io/v1alpha1", "Widget", "", "w", "uid-1"},
          EventType::kNormal,
          std::move(reason),
          std::move(message)};
}

class EventsTest : public ::testing::Test {
 protected:
  Value only() const {
    const auto all = server.all(kEvent);
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Value() : all.front();
  }

  FakeApiServer server;
  FakeClock clock;
  Client client{server, testing::impatient()};
};

TEST_F(EventsTest, WritesWhatHappened) {
  EventRecorder recorder(client, clock, {.instance = "pod-1"});
  EventNote warning = note("ScanFailed", "node n1 did not answer");
  warning.type = EventType::kWarning;
  recorder.record(warning);
  recorder.flush();
  const Value event = only();
  EXPECT_EQ(event["metadata"]["namespace"].as_string(), "default");
  EXPECT_EQ(event["metadata"]["name"].as_string(), event_name(warning, "baseline-operator"));
  EXPECT_EQ(event["involvedObject"]["kind"].as_string(), "Widget");
  EXPECT_EQ(event["involvedObject"]["uid"].as_string(), "uid-1");
  EXPECT_EQ(event["type"].as_string(), "Warning");
  EXPECT_EQ(event["reason"].as_string(), "ScanFailed");
  EXPECT_EQ(event["message"].as_string(), "node n1 did not answer");
  EXPECT_EQ(event["count"].as_int(), 1);
  EXPECT_EQ(event["firstTimestamp"].as_string(), "2026-01-31T00:00:00Z");
  EXPECT_EQ(event["reportingInstance"].as_string(), "pod-1");
}

TEST_F(EventsTest, NothingHiddenIsWritten) {
  EventRecorder recorder(client, clock, {});
  recorder.record(note("R", baseline::testing::kHiddenText));
  recorder.flush();
  const std::string message = only()["message"].as_string();
  EXPECT_FALSE(baseline::testing::shows_hidden(message)) << message;
  EXPECT_TRUE(message.ends_with("\\r\\nlast")) << message;
}

TEST_F(EventsTest, ARepetitionRaisesTheCountAndReplacesTheMessage) {
  EventRecorder recorder(client, clock, {});
  recorder.record(note("R", "first"));
  recorder.flush();
  clock.advance(std::chrono::minutes(1));
  recorder.record(note("R", "second"));
  recorder.flush();
  const Value event = only();
  EXPECT_EQ(event["count"].as_int(), 2);
  EXPECT_EQ(event["message"].as_string(), "second");
  EXPECT_EQ(event["firstTimestamp"].as_string(), "2026-01-31T00:00:00Z");
  EXPECT_EQ(event["lastTimestamp"].as_string(), "2026-01-31T00:01:00Z");
  EXPECT_EQ(server.requests("POST", "/events"), 1U);
  EXPECT_EQ(server.requests("PATCH", "/events"), 1U);
}

TEST_F(EventsTest, AnotherReasonTypeOrObjectIsAnotherEvent) {
  EventRecorder recorder(client, clock, {});
  EventNote other = note("R");
  other.about.uid = "uid-2";
  EventNote warning = note("R");
  warning.type = EventType::kWarning;
  for (const EventNote& each : {note("R"), note("S"), other, warning}) recorder.record(each);
  recorder.flush();
  EXPECT_EQ(server.all(kEvent).size(), 4U);
}

TEST_F(EventsTest, GoesOnCountingAnEventOfItsLastLife) {
  {
    EventRecorder first(client, clock, {});
    for (int i = 0; i < 3; ++i) {
      first.record(note("R"));
      first.flush();
    }
  }
  EventRecorder second(client, clock, {});
  second.record(note("R"));
  second.flush();
  EXPECT_EQ(only()["count"].as_int(), 4);
  EXPECT_EQ(second.dropped(), 0U);
}

TEST_F(EventsTest, AnExpiredEventBeginsAnew) {
  EventRecorder recorder(client, clock, {});
  recorder.record(note("R"));
  recorder.flush();
  server.erase(kEvent, "default", only()["metadata"]["name"].as_string());
  recorder.record(note("R"));
  recorder.flush();
  EXPECT_EQ(only()["count"].as_int(), 1);
}

TEST_F(EventsTest, AServerThatRefusesNeverFailsTheCaller) {
  server.refuse_connections(true);
  {
    EventRecorder recorder(client, clock, {.max_pending = 4});
    for (int i = 0; i < 100; ++i) recorder.record(note("R" + std::to_string(i)));
    recorder.flush();
    EXPECT_EQ(recorder.dropped(), 100U);
  }
  server.refuse_connections(false);
  EXPECT_TRUE(server.all(kEvent).empty());
}

TEST_F(EventsTest, WhatIsPendingIsWrittenBeforeTheEnd) {
  {
    EventRecorder recorder(client, clock, {});
    for (int i = 0; i < 5; ++i) recorder.record(note("R" + std::to_string(i)));
  }
  EXPECT_EQ(server.all(kEvent).size(), 5U);
}

TEST_F(EventsTest, NamesAreValidAndMessagesBounded) {
  EventNote longest = note("R", std::string(1023, 'x') + "\xc3\xa9");
  longest.about.name = std::string(199, 'n') + ".tail" + std::string(40, 'n');
  longest.about.ns = "team";
  EventRecorder recorder(client, clock, {});
  recorder.record(longest);
  recorder.flush();
  const Value event = only();
  EXPECT_EQ(event["metadata"]["namespace"].as_string(), "team");
  EXPECT_LE(event["metadata"]["name"].as_string().size(), 253U);
  EXPECT_EQ(event["message"].as_string(), std::string(1023, 'x')) << "no half character";
}

}  // namespace
}  // namespace baseline::kube
