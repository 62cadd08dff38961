#include "kube/lease.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kube/fake_api_server.h"
#include "kube/fake_clock.h"
#include "objects.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using TimePoint = std::chrono::steady_clock::time_point;
using testing::FakeApiServer;
using testing::FakeClock;

TimePoint at(int second) {
  return TimePoint(seconds(1000 + second));
}

LeaseRecord held_by(std::string holder, std::string renewed) {
  LeaseRecord record;
  record.holder = std::move(holder);
  record.renew_time = std::move(renewed);
  record.duration = seconds(15);
  return record;
}

TEST(DecideLeaseTest, CreatesWhereThereIsNone) {
  LeaseMemory memory;
  EXPECT_EQ(decide_lease(std::nullopt, memory, "me", at(0)), LeaseStep::kCreate);
}

TEST(DecideLeaseTest, TakesAReleasedOneAtOnce) {
  LeaseMemory memory;
  EXPECT_EQ(decide_lease(held_by("", "t0"), memory, "me", at(0)), LeaseStep::kTake);
}

TEST(DecideLeaseTest, RenewsItsOwn) {
  LeaseMemory memory;
  EXPECT_EQ(decide_lease(held_by("me", "t0"), memory, "me", at(0)), LeaseStep::kRenew);
}

TEST(DecideLeaseTest, WaitsTheWholeDurationFromWhenItSawTheLastRenewal) {
  LeaseMemory memory;
  // The holder's clock says long ago: that does not count.
  EXPECT_EQ(decide_lease(held_by("other", "1999-01-01T00:00:00.000000Z"), memory, "me", at(0)),
            LeaseStep::kWait);
  EXPECT_EQ(decide_lease(held_by("other", "1999-01-01T00:00:00.000000Z"), memory, "me", at(14)),
            LeaseStep::kWait);
  // It was renewed: the time begins anew, whatever the text says.
  EXPECT_EQ(decide_lease(held_by("other", "1998-01-01T00:00:00.000000Z"), memory, "me", at(14)),
            LeaseStep::kWait);
  EXPECT_EQ(decide_lease(held_by("other", "1998-01-01T00:00:00.000000Z"), memory, "me", at(28)),
            LeaseStep::kWait);
  EXPECT_EQ(decide_lease(held_by("other", "1998-01-01T00:00:00.000000Z"), memory, "me", at(29)),
            LeaseStep::kTake);
}

TEST(DecideLeaseTest, AWriteToOtherFieldsIsNoRenewal) {
  LeaseMemory memory;
  LeaseRecord record = held_by("other", "t0");
  record.resource_version = "1";
  EXPECT_EQ(decide_lease(record, memory, "me", at(0)), LeaseStep::kWait);
  record.resource_version = "2";
  EXPECT_EQ(decide_lease(record, memory, "me", at(15)), LeaseStep::kTake);
}

TEST(DecideLeaseTest, AnAbsurdDurationIsNotBelieved) {
  LeaseMemory memory;
  LeaseRecord record = held_by("other", "t0");
  record.duration = seconds(1'000'000);
  EXPECT_EQ(decide_lease(record, memory, "me", at(0)), LeaseStep::kWait);
  EXPECT_EQ(decide_lease(record, memory, "me", at(15)), LeaseStep::kTake);
}

TEST(LeaseLostTest, AfterTheRenewDeadlineAndNotBefore) {
  LeaseMemory memory;
  EXPECT_FALSE(lease_lost(memory, at(100), {}));
  memory.renewed = at(0);
  EXPECT_FALSE(lease_lost(memory, at(9), {}));
  EXPECT_TRUE(lease_lost(memory, at(10), {}));
}

TEST(LeaseRecordTest, IsReadBackAsItWasWritten) {
  LeaseRecord record = held_by("me", "2026-01-31T00:00:00.000001Z");
  record.acquire_time = "2026-01-30T00:00:00.000001Z";
  record.transitions = 7;
  base::Value lease =
      testing::json(R"({"metadata":{"name":"l","labels":{"a":"b"}},"spec":{"strategy":"x"}})");
  write_lease(record, lease);
  EXPECT_EQ(read_lease(lease), record);
  EXPECT_EQ(lease["spec"]["strategy"].as_string(), "x");
  EXPECT_EQ(lease["metadata"]["labels"]["a"].as_string(), "b");
}

// Runs electors step by step: each sleep moves the clock and asks the script what to do.
class ElectorTest : public ::testing::Test {
 protected:
  LeaderOptions options(const std::string& identity) {
    LeaderOptions out;
    out.ns = "system";
    out.name = "operator";
    out.identity = identity;
    out.on_started = [this] { ++started; };
    out.on_lost = [this] { ++lost; };
    out.on_error = [this](const base::Error& error) { errors.push_back(error); };
    out.sleep = [this](milliseconds delay, const std::stop_token& /*stop*/) {
      clock.advance(delay);
      if (on_sleep) on_sleep(++sleeps);
      if (sleeps > 200) stop.request_stop();  // a script that does not end is a failure, not a hang
    };
    return out;
  }
  std::optional<LeaseRecord> lease() const {
    const auto object = server.find(kLease, "system", "operator");
    return object ? std::optional(read_lease(*object)) : std::nullopt;
  }
  void put_lease(const std::string& holder, const std::string& renewed) {
    base::Value object = testing::object("system", "operator");
    object.erase("spec");
    LeaseRecord record = held_by(holder, renewed);
    record.transitions = 3;
    write_lease(record, object);
    server.put(kLease, object);
  }

  FakeApiServer server;
  FakeClock clock;
  Client client{server, testing::impatient()};
  std::stop_source stop;
  std::function<void(int)> on_sleep;
  int sleeps = 0;
  int started = 0;
  int lost = 0;
  std::vector<base::Error> errors;
};

TEST_F(ElectorTest, CreatesRenewsAndReleases) {
  LeaderElector elector(client, clock, options("me"));
  std::vector<std::string> renewals;
  on_sleep = [&](int n) {
    EXPECT_TRUE(elector.leading());
    EXPECT_EQ(elector.holder(), "me");
    EXPECT_EQ(lease()->holder, "me");
    renewals.push_back(lease()->renew_time);
    if (n == 3) stop.request_stop();
  };
  EXPECT_TRUE(elector.run(stop.get_token()));
  EXPECT_EQ(started, 1);
  EXPECT_EQ(lost, 0);
  ASSERT_EQ(renewals.size(), 3U);
  EXPECT_NE(renewals[0], renewals[1]);
  EXPECT_NE(renewals[1], renewals[2]);
  EXPECT_EQ(renewals[0].size(), std::string("2026-01-31T00:00:00.000000Z").size());
  EXPECT_FALSE(elector.leading());
  EXPECT_EQ(lease()->holder, "") << "released: the next need not wait";
  EXPECT_EQ(server.requests("GET", "/leases"), 1U) << "a leader writes by what it knows";
}

TEST_F(ElectorTest, TakesOverWhenTheHolderStopsRenewing) {
  put_lease("other", "t0");
  LeaderElector elector(client, clock, options("me"));
  const TimePoint begin = clock.steady();
  TimePoint taken{};
  on_sleep = [&](int) {
    if (elector.leading()) {
      taken = clock.steady();
      stop.request_stop();
    } else {
      EXPECT_EQ(elector.holder(), "other");
    }
  };
  EXPECT_TRUE(elector.run(stop.get_token()));
  EXPECT_EQ(started, 1);
  EXPECT_GE(taken - begin, seconds(15));
  EXPECT_EQ(lease()->transitions, 4);
}

TEST_F(ElectorTest, NeverTakesOverFromAHolderThatRenews) {
  put_lease("other", "t0");
  LeaderElector elector(client, clock, options("me"));
  on_sleep = [&](int n) {
    EXPECT_FALSE(elector.leading());
    put_lease("other", "t" + std::to_string(n));
    if (n == 50) stop.request_stop();
  };
  EXPECT_TRUE(elector.run(stop.get_token()));
  EXPECT_EQ(started, 0);
  EXPECT_EQ(lease()->holder, "other");
}

TEST_F(ElectorTest, TakesAReleasedLeaseAtOnce) {
  put_lease("", "t0");
  LeaderElector elector(client, clock, options("me"));
  on_sleep = [&](int) { stop.request_stop(); };
  EXPECT_TRUE(elector.run(stop.get_token()));
  EXPECT_EQ(started, 1);
}

TEST_F(ElectorTest, GivesUpWhenItCannotRenewInTime) {
  LeaderElector elector(client, clock, options("me"));
  TimePoint cut{};
  on_sleep = [&](int n) {
    if (n == 2) {
      server.refuse_connections(true);
      cut = clock.steady();
    }
  };
  EXPECT_FALSE(elector.run(stop.get_token()));
  EXPECT_EQ(lost, 1);
  EXPECT_FALSE(elector.leading());
  EXPECT_LE(clock.steady() - cut, seconds(12));
  EXPECT_FALSE(errors.empty());
}

TEST_F(ElectorTest, SurvivesFaultsThatEndBeforeTheDeadline) {
  LeaderElector elector(client, clock, options("me"));
  on_sleep = [&](int n) {
    server.refuse_connections(n == 2);
    if (n == 3) server.fail_next("", "/leases", 503);
    if (n == 7) server.lose_reply_next("PUT", "/leases");  // done, but we do not know
    if (n == 12) stop.request_stop();
  };
  EXPECT_TRUE(elector.run(stop.get_token()));
  EXPECT_EQ(started, 1);
  EXPECT_EQ(lost, 0);
}

TEST_F(ElectorTest, IsLostWhenAnotherTookIt) {
  LeaderElector elector(client, clock, options("me"));
  on_sleep = [&](int n) {
    if (n == 2) put_lease("other", "t9");
  };
  EXPECT_FALSE(elector.run(stop.get_token()));
  EXPECT_EQ(lost, 1);
  EXPECT_EQ(lease()->holder, "other") << "what another holds is not overwritten";
}

TEST_F(ElectorTest, MakesADeletedLeaseAnew) {
  LeaderElector elector(client, clock, options("me"));
  on_sleep = [&](int n) {
    if (n == 2) server.erase(kLease, "system", "operator");
    if (n == 6) stop.request_stop();
  };
  EXPECT_TRUE(elector.run(stop.get_token()));
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(started, 1);
}

TEST_F(ElectorTest, LeadingEndsByTheClockEvenIfTheLoopIsStuck) {
  LeaderElector elector(client, clock, options("me"));
  on_sleep = [&](int) {
    EXPECT_TRUE(elector.leading());
    clock.advance(seconds(20));
    EXPECT_FALSE(elector.leading());
    stop.request_stop();
  };
  elector.run(stop.get_token());
}

TEST_F(ElectorTest, NamesTheRightItLacks) {
  server.fail_next("GET", "/leases", 403);
  LeaderElector elector(client, clock, options("me"));
  on_sleep = [&](int) { stop.request_stop(); };
  EXPECT_TRUE(elector.run(stop.get_token()));
  EXPECT_EQ(started, 0);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].code, ErrorCode::kForbidden);
}

}  // namespace
}  // namespace baseline::kube
