// The operator is killed at every step: the next one ends with the same report.
#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::Cluster;
using testing::Fate;

void add_cluster(Cluster& c) {
  c.add_node("n1");
  c.add_node("n2", "bad");
  c.add_node("n3", "worse");
  c.add_node("n4");
  c.change_node("n4", [](base::Value& n) { n.find("spec")->set("unschedulable", true); });
  c.fates["n3"] = Fate::kFails;
  c.set_scan("nightly", "{profileRef: {name: base}, parallelism: 2}");
}

base::Value without_metadata(base::Value report) {
  report.erase("metadata");
  // A run that took longer finished later; nothing else may differ.
  report.erase("finished");
  for (base::Value result : report["results"].items()) EXPECT_TRUE(result.contains("since"));
  return report;
}

base::Value expected_report() {
  Cluster c;
  add_cluster(c);
  EXPECT_TRUE(c.run_to_rest());
  base::Value report = without_metadata(c.report());
  return report;
}

std::vector<std::string> verdicts(const base::Value& report) {
  std::vector<std::string> all;
  for (const base::Value& result : report["results"].items())
    all.push_back(result["id"].as_string() + " " + result["status"].as_string() + " " +
                  result["message"].as_string() + " " + std::to_string(result["findings"].items().size()));
  return all;
}

class KilledAfter : public ::testing::TestWithParam<std::tuple<int, bool>> {};

// Each life of the operator does a number of writes; in some, the last one is done without its reply being
// heard.
TEST_P(KilledAfter, SoManyWritesEndsWithTheSameReport) {
  const auto [writes, lose_reply] = GetParam();
  Cluster c;
  add_cluster(c);
  int lives = 0;
  for (; lives < 100 && c.phase() != "Completed"; ++lives) {
    c.restart();
    c.gate.allow(writes, lose_reply);
    for (int i = 0; i < 20 && !c.gate.closed() && c.phase() != "Completed"; ++i) {
      const auto next = c.reconcile();
      if (next && *next && !c.gate.closed() && **next <= c.clock.now() + std::chrono::seconds(5))
        c.clock.move_to(**next);
    }
  }
  c.gate.open();
  c.restart();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  const base::Value expected = expected_report(), report = without_metadata(c.report());
  EXPECT_EQ(verdicts(report), verdicts(expected));
  EXPECT_EQ(report["coverage"], expected["coverage"]);
  EXPECT_EQ(report["nodeGroups"], expected["nodeGroups"]);
  EXPECT_EQ(report["summary"], expected["summary"]);
  EXPECT_EQ(c.jobs_created, (std::map<std::string, int>{{"n1", 1}, {"n2", 1}, {"n3", 1}}));
  EXPECT_EQ(c.reports(), 1U);
  EXPECT_EQ(c.jobs(), 0U);
}

INSTANTIATE_TEST_SUITE_P(EveryStep, KilledAfter,
                         ::testing::Combine(::testing::Range(1, 14), ::testing::Bool()));

TEST(Restart, AFinishedReportWhoseStatusWasNotWrittenIsTakenAsItIs) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "profileRef: {name: base}");
  // status, report, status, Job; then evaluating, report: killed before the last status.
  c.gate.allow(6);
  for (int i = 0; i < 10 && !c.gate.closed(); ++i) static_cast<void>(c.reconcile());
  ASSERT_TRUE(c.gate.closed());
  const std::string name = c.status().at("run.report").as_string();
  const base::Value finished = c.server.find(kReports, "", name).value();
  ASSERT_FALSE(finished["finished"].is_null());
  c.gate.open();
  c.clock.move(std::chrono::seconds(60));
  c.set_profile("base", "standard: none");  // not even the profile is needed any more
  c.restart();
  static_cast<void>(c.run_to_rest());
  EXPECT_EQ(c.status()["lastReport"].as_string(), name);
  EXPECT_EQ(c.report(), finished);
  EXPECT_EQ(c.jobs_created["n1"], 1);
}

TEST(Restart, BetweenGivingUpAndSavingGivesUpAgain) {
  Cluster c;
  c.settings.checkpoint_interval = std::chrono::hours(1);
  c.restart();
  c.add_node("n1");
  c.add_node("n2");
  c.fates = {{"n1", Fate::kFails}, {"n2", Fate::kPending}};
  c.set_scan("nightly", "profileRef: {name: base}");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(c.reconcile().has_value());
  ASSERT_EQ(c.told.lines.back(), "missing nightly n1");
  EXPECT_EQ(c.jobs(), 2U);  // the failed Job stays until what it told is saved
  c.settings.checkpoint_interval = std::chrono::seconds(3);
  c.restart();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.missing().size(), 2U);
  EXPECT_EQ(c.jobs_created["n1"], 1);
}

TEST(Restart, WithAnotherProfileTheRunStartsAnew) {
  Cluster c;
  c.add_node("n1", "bad");
  c.add_node("n2");
  c.fates["n2"] = Fate::kPending;
  c.set_scan("nightly", "profileRef: {name: base}");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(c.reconcile().has_value());
    c.clock.move(std::chrono::seconds(3));
  }
  c.set_profile("base", "{standard: tiny, requirements: {exclude: ['1.2']}}");
  c.restart();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.report()["results"].items().size(), 2U);
  EXPECT_EQ(c.condition("ProfileChanged")["status"].as_string(), "False");
}

TEST(Restart, WithABrokenProfileTheRunIsAbandonedAndCleanedUp) {
  Cluster c;
  c.add_node("n1");
  c.fates["n1"] = Fate::kPending;
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.reconcile().has_value());
  c.set_profile("base", "standard: none");
  c.restart();
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_EQ(c.condition("Stalled")["reason"].as_string(), "ProfileNotReady");
  EXPECT_FALSE(c.status().contains("run"));
  EXPECT_EQ(c.jobs(), 0U);
  EXPECT_EQ(c.reports(), 0U);
  c.set_profile("base", "standard: tiny");
  c.fates.clear();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
}

TEST(Restart, TellsWhatTheLastReportFound) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.run_to_rest());
  c.told.lines.clear();
  c.restart();
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_EQ(c.told.lines, std::vector<std::string>{"known nightly"});
}

}  // namespace
}  // namespace baseline::controllers
