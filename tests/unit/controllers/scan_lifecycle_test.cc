// What starts a run and what a scan does between runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::at;
using testing::Cluster;
using ::testing::ElementsAre;
using testing::Fate;
using ::testing::HasSubstr;

std::vector<std::string> texts(const base::Value& list) {
  std::vector<std::string> all;
  for (const base::Value& each : list.items()) all.push_back(each.as_string());
  return all;
}

TEST(ScanLifecycle, AWrongProfileStallsTheScanAndAMendedOneRunsIt) {
  Cluster c;
  c.add_node("n1");
  c.set_profile("base", "{standard: tiny, requirements: {include: ['9.9']}}");
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_EQ(c.phase(), "Pending");
  EXPECT_EQ(c.condition("Stalled")["reason"].as_string(), "ProfileNotReady");
  EXPECT_THAT(c.condition("Stalled")["message"].as_string(), HasSubstr("9.9"));
  EXPECT_TRUE(c.jobs_created.empty());
  c.set_profile("base", "standard: tiny");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
}

TEST(ScanLifecycle, AMissingProfileIsNamed) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "profileRef: {name: nobody}");
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_THAT(c.condition("Ready")["message"].as_string(),
              HasSubstr("there is no BaselineProfile \"nobody\""));
}

TEST(ScanLifecycle, AProfileThatBreaksBetweenRunsIsSeenAndForgiven) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.run_to_rest());
  c.set_profile("base", "standard: none");
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_EQ(c.condition("Ready")["status"].as_string(), "False");
  c.set_profile("base", "standard: tiny");
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_EQ(c.condition("Ready")["status"].as_string(), "True");
  EXPECT_EQ(c.condition("Stalled"), base::Value());
  EXPECT_EQ(c.jobs_created["n1"], 1);
}

TEST(ScanLifecycle, AProfileThatChangesMidRunChangesNothingUntilTheNext) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.reconcile().has_value());
  c.set_profile("base", "{standard: tiny, requirements: {exclude: ['2.1']}}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.report()["results"].items().size(), 3U);
  EXPECT_EQ(c.condition("ProfileChanged")["status"].as_string(), "True");
  c.annotate("nightly", "again");
  c.clock.move(std::chrono::seconds(10));
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.report()["results"].items().size(), 2U);
  EXPECT_EQ(c.condition("ProfileChanged")["status"].as_string(), "False");
}

TEST(ScanLifecycle, AProfileThatBreaksMidRunDoesNotStopTheRun) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.reconcile().has_value());
  c.set_profile("base", "standard: none");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "1/1");
  EXPECT_FALSE(c.status()["lastReport"].as_string().empty());
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_EQ(c.condition("Stalled")["reason"].as_string(), "ProfileNotReady");
}

TEST(ScanLifecycle, ANewRescanValueRunsAgainAndShowsWhatChanged) {
  Cluster c;
  c.add_node("n1", "bad");
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.run_to_rest());
  const std::string first = c.status()["lastReport"].as_string();
  const std::string since = c.report()["results"].items().at(2)["since"].as_string();
  c.clock.move(std::chrono::hours(1));
  c.os_ids["n1"] = "worse";
  c.annotate("nightly", "2");
  ASSERT_TRUE(c.run_to_rest());
  base::Value report = c.report();
  EXPECT_EQ(report.at("changes.previous").as_string(), first);
  EXPECT_THAT(texts(report.at("changes.newlyFailing")), ElementsAre("1.1"));
  EXPECT_TRUE(report.at("changes.fixed").items().empty());
  EXPECT_EQ(report["results"].items().at(2)["since"].as_string(), since);
  EXPECT_NE(report["results"].items().at(0)["since"].as_string(), since);
  c.clock.move(std::chrono::hours(1));
  c.os_ids["n1"] = "good";
  c.annotate("nightly", "3");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(texts(c.report().at("changes.fixed")), ElementsAre("1.1", "1.2"));
  EXPECT_EQ(c.jobs_created["n1"], 3);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.jobs_created["n1"], 3);  // the same value asks for nothing more
}

TEST(ScanLifecycle, RescansWithinOneSecondAreRunsOfTheirOwn) {
  Cluster c;
  c.add_node("n1");
  c.change_node("n1", [](base::Value& n) { n.find("spec")->set("unschedulable", true); });
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.run_to_rest());
  for (const char* value : {"a", "b"}) {
    c.annotate("nightly", value);
    ASSERT_TRUE(c.run_to_rest());
    EXPECT_EQ(c.status()["handledRescan"].as_string(), value);
  }
  EXPECT_EQ(c.reports(), 3U);
}

TEST(ScanLifecycle, ARescanAskedForWhileRunningFollows) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.reconcile().has_value());
  c.annotate("nightly", "now");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.reports(), 2U);
  EXPECT_EQ(c.jobs_created["n1"], 2);
  EXPECT_EQ(c.status()["handledRescan"].as_string(), "now");
}

TEST(ScanLifecycle, AChangeOfTheSpecRunsAgain) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.run_to_rest());
  c.clock.move(std::chrono::seconds(10));
  c.set_scan("nightly", "{profileRef: {name: base}, parallelism: 3}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.reports(), 2U);
  EXPECT_EQ(c.status()["observedGeneration"].as_int(), 2);
}

TEST(ScanLifecycle, AScheduleRunsAtItsMomentsAndCatchesUpOnce) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "{profileRef: {name: base}, schedule: '0 2 * * *', timeZone: Asia/Shanghai}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Pending");
  EXPECT_EQ(c.status()["nextRun"].as_string(), "2026-01-01T18:00:00Z");
  const auto next = c.reconcile();
  EXPECT_EQ(next.value(), at("2026-01-01T18:00:00Z"));
  c.clock.move_to(at("2026-01-01T18:00:00Z"));
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_EQ(c.status()["nextRun"].as_string(), "2026-01-02T18:00:00Z");
  c.clock.move_to(at("2026-01-05T00:00:00Z"));  // nobody ran for three days
  c.restart();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.reports(), 2U);
  EXPECT_EQ(c.status()["nextRun"].as_string(), "2026-01-05T18:00:00Z");
}

TEST(ScanLifecycle, AWrongScheduleStallsUntilItIsMended) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "{profileRef: {name: base}, schedule: 'often'}");
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_EQ(c.phase(), "Failed");
  EXPECT_EQ(c.condition("Stalled")["reason"].as_string(), "InvalidSchedule");
  c.set_scan("nightly", "{profileRef: {name: base}, schedule: '0 2 * * *'}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Pending");
  EXPECT_EQ(c.condition("Stalled"), base::Value());
}

TEST(ScanLifecycle, ASpecThatCannotBeReadSaysSoAndKeepsTheHistory) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "{profileRef: {name: base}, history: 7}");
  for (const char* value : {"1", "2", "3", "4", "5", "6"}) {
    c.annotate("nightly", value);
    c.clock.move(std::chrono::seconds(10));
    ASSERT_TRUE(c.run_to_rest());
  }
  c.set_scan("nightly", "{profileRef: {name: base}, timeout: soon}");
  EXPECT_EQ(c.reconcile().value(), std::nullopt);
  EXPECT_EQ(c.phase(), "Failed");
  EXPECT_EQ(c.condition("Stalled")["reason"].as_string(), "InvalidSpec");
  EXPECT_THAT(c.condition("Stalled")["message"].as_string(), HasSubstr("spec.timeout"));
  EXPECT_EQ(c.reports(), 6U);
}

TEST(ScanLifecycle, SuspendStartsNothingButLetsARunEnd) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "{profileRef: {name: base}, suspend: true}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Pending");
  EXPECT_EQ(c.condition("Ready")["reason"].as_string(), "Suspended");
  EXPECT_TRUE(c.jobs_created.empty());
  c.set_scan("nightly", "{profileRef: {name: base}, suspend: false}");
  ASSERT_TRUE(c.reconcile().has_value());
  c.set_scan("nightly", "{profileRef: {name: base}, suspend: true}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  c.annotate("nightly", "x");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.reports(), 1U);
}

TEST(ScanLifecycle, HistoryKeepsTheNewestReports) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "{profileRef: {name: base}, history: 2}");
  std::vector<std::string> names;
  for (const char* value : {"1", "2", "3", "4"}) {
    c.annotate("nightly", value);
    c.clock.move(std::chrono::seconds(10));
    ASSERT_TRUE(c.run_to_rest());
    names.push_back(c.status()["lastReport"].as_string());
  }
  ASSERT_EQ(c.reports(), 2U);
  EXPECT_TRUE(c.server.find(kReports, "", names[2]).has_value());
  EXPECT_TRUE(c.server.find(kReports, "", names[3]).has_value());
}

TEST(ScanLifecycle, TwoScansDoNotTouchEachOther) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("one", "{profileRef: {name: base}, history: 1}");
  c.set_scan("two", "{profileRef: {name: base}, history: 1}");
  ASSERT_TRUE(c.reconcile("one").has_value());
  ASSERT_TRUE(c.run_to_rest("two"));
  ASSERT_TRUE(c.run_to_rest("one"));
  EXPECT_EQ(c.reports(), 2U);
  EXPECT_EQ(c.jobs_created["n1"], 2);
}

}  // namespace
}  // namespace baseline::controllers
