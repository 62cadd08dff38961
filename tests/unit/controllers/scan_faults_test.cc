// Faults on the way: logs, pods, quotas, caches, objects of others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::Cluster;
using testing::Fate;
using ::testing::HasSubstr;
using testing::yaml;

constexpr const char* kOnce = "profileRef: {name: base}";

TEST(ScanFaults, ALogThatFailsOnceIsReadAgain) {
  Cluster c;
  c.add_node("n1");
  c.server.fail_next("GET", "/log", 500);
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "1/1");
  EXPECT_EQ(c.server.requests("GET", "/log"), 2U);
  EXPECT_EQ(c.jobs_created["n1"], 1);
}

TEST(ScanFaults, ALogThatStaysUnreadableEndsWithTheNodesTime) {
  Cluster c;
  c.add_node("n1");
  for (int i = 0; i < 400; ++i) c.server.fail_next("GET", "/log", 502);
  c.set_scan("nightly", "{profileRef: {name: base}, timeout: 60s}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(c.missing()["n1"], HasSubstr("could not be read"));
  EXPECT_LE(c.server.requests("GET", "/log"), 32U);  // every two seconds
}

TEST(ScanFaults, APodRemovedBeforeItWasReadIsFollowedByOneMore) {
  Cluster c;
  c.add_node("n1");
  c.add_node("n2");
  c.fates = {{"n1", Fate::kRemovedOnce}, {"n2", Fate::kPodRemoved}};
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "1/2");
  EXPECT_EQ(c.jobs_created, (std::map<std::string, int>{{"n1", 2}, {"n2", 2}}));
  EXPECT_THAT(c.missing()["n2"], HasSubstr("removed twice"));
  EXPECT_EQ(c.jobs(), 0U);
}

TEST(ScanFaults, APodRemovedWhileItsLogIsReadIsFollowedByOneMore) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.reconcile().has_value());
  c.pods.freeze();  // the cache still shows the pod
  for (const base::Value& pod : c.server.all(kube::kPod))
    c.server.erase(kube::kPod, testing::kNs, pod.at("metadata.name").as_string());
  const auto next = c.reconcile();
  ASSERT_TRUE(next && *next);
  EXPECT_LE(**next, c.clock.now() + std::chrono::seconds(2));
  c.pods.thaw();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "1/1");
  EXPECT_EQ(c.jobs_created["n1"], 2);
}

TEST(ScanFaults, AQuotaWithoutRoomIsWaitedFor) {
  Cluster c;
  c.add_node("n1");
  c.add_node("n2");
  c.gate.refuse_jobs(7);
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "2/2");
  EXPECT_EQ(c.jobs_created, (std::map<std::string, int>{{"n1", 1}, {"n2", 1}}));
}

TEST(ScanFaults, AQuotaThatNeverHasRoomEndsTheRun) {
  Cluster c;
  c.add_node("n1");
  c.add_node("n2");
  c.gate.refuse_jobs(100'000);
  c.set_scan("nightly", "{profileRef: {name: base}, timeout: 60s}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "0/2");
  EXPECT_THAT(c.missing()["n1"], HasSubstr("exceeded quota"));
  EXPECT_THAT(c.missing()["n2"], HasSubstr("exceeded quota"));
}

TEST(ScanFaults, AJobThatSomebodyRemovedIsSentAgain) {
  Cluster c;
  c.add_node("n1");
  c.fates["n1"] = Fate::kPending;
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.reconcile().has_value());
  ASSERT_TRUE(c.reconcile().has_value());  // the cache has shown it
  c.fates.clear();
  c.server.erase(kube::kJob, testing::kNs, c.server.all(kube::kJob)[0].at("metadata.name").as_string());
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "1/1");
  EXPECT_EQ(c.jobs_created["n1"], 2);
}

TEST(ScanFaults, CachesThatAreBehindMakeNoSecondJob) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", kOnce);
  c.scans.freeze();
  c.job_store.freeze();
  c.pods.freeze();
  c.reports_store.freeze();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(c.reconcile().has_value());
    c.clock.move(std::chrono::seconds(2));
  }
  EXPECT_EQ(c.server.requests("POST", "/jobs"), 1U);
  EXPECT_EQ(c.reports(), 1U);
  for (testing::ServerStore* store : {&c.scans, &c.job_store, &c.pods, &c.reports_store}) store->thaw();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.reports(), 1U);
  EXPECT_EQ(c.jobs_created["n1"], 1);
}

TEST(ScanFaults, AReportOfSomebodyElseIsNotTouched) {
  Cluster c;
  c.add_node("n1");
  base::Value foreign = yaml(
      "{metadata: {name: nightly-20260101-000000}, scan: mine, finished: '2026-01-01T00:00:00Z', "
      "started: '2026-01-01T00:00:00Z'}");
  c.server.put(kReports, foreign);
  const base::Value before = c.server.find(kReports, "", "nightly-20260101-000000").value();
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_EQ(c.server.find(kReports, "", "nightly-20260101-000000").value(), before);
  EXPECT_THAT(c.status()["lastReport"].as_string(), ::testing::StartsWith("nightly-20260101-000000-"));
  EXPECT_EQ(c.jobs_created["n1"], 1);
}

TEST(ScanFaults, AReportInProgressThatWasDeletedIsWrittenAgain) {
  Cluster c;
  c.add_node("n1");
  c.add_node("n2");
  c.fates["n2"] = Fate::kPending;
  c.set_scan("nightly", kOnce);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(c.reconcile().has_value());
    c.clock.move(std::chrono::seconds(3));
  }
  ASSERT_EQ(c.status()["progress"].as_string(), "1/2");
  c.server.erase(kReports, "", c.status().at("run.report").as_string());
  ASSERT_TRUE(c.reconcile().has_value());
  c.clock.move(std::chrono::seconds(3));
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_EQ(c.reports(), 1U);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "1/2");
  EXPECT_EQ(c.jobs_created["n1"], 1);
}

TEST(ScanFaults, AScanDeletedMidRunLeavesNothingBehind) {
  Cluster c;
  c.add_node("n1");
  c.fates["n1"] = Fate::kPending;
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.reconcile().has_value());
  ASSERT_EQ(c.jobs(), 1U);
  c.server.erase(kScans, "", "nightly");
  EXPECT_EQ(c.reconcile().value(), std::nullopt);
  EXPECT_EQ(c.jobs(), 0U);
  EXPECT_EQ(c.reports(), 0U);
  EXPECT_EQ(c.told.lines.back(), "gone nightly");
}

TEST(ScanFaults, AScanMadeAnewUnderItsNameBeginsAnew) {
  Cluster c;
  c.add_node("n1");
  c.fates["n1"] = Fate::kPending;
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.reconcile().has_value());
  c.scans.freeze();
  c.server.erase(kScans, "", "nightly");
  c.fates.clear();
  c.set_scan("nightly", kOnce);
  c.clock.move(std::chrono::seconds(400));
  EXPECT_FALSE(c.reconcile().has_value());  // the status of the new one is refused
  EXPECT_FALSE(c.scan().contains("status"));
  c.scans.thaw();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "1/1");
}

TEST(ScanFaults, ATroubleThatStaysIsSeenOnTheScan) {
  Cluster c;
  c.add_node("n1");
  c.server.fail_next("POST", "/baselinereports", 403);
  c.set_scan("nightly", kOnce);
  EXPECT_FALSE(c.reconcile().has_value());
  EXPECT_EQ(c.condition("Reconciling")["reason"].as_string(), "Retrying");
  EXPECT_THAT(c.condition("Reconciling")["message"].as_string(), HasSubstr("baselinereports"));
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
}

}  // namespace
}  // namespace baseline::controllers
