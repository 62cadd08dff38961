// A run on a cluster that behaves, and on one whose nodes do not.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::Cluster;
using ::testing::Contains;
using testing::Fate;
using ::testing::Pair;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using testing::yaml;

constexpr const char* kOnce = "profileRef: {name: base}";

TEST(ScanRun, TwoNodesToCompleted) {
  Cluster c;
  c.add_node("n1");
  c.add_node("n2", "bad");
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_EQ(c.status()["progress"].as_string(), "2/2");
  EXPECT_EQ(c.condition("Ready")["status"].as_string(), "True");
  EXPECT_EQ(c.condition("Reconciling"), base::Value());
  EXPECT_FALSE(c.status().contains("run"));
  const base::Value report = c.report();
  EXPECT_EQ(report["scan"].as_string(), "nightly");
  EXPECT_EQ(report["nodeGroups"].items().size(), 2U);
  EXPECT_EQ(report["results"].items().at(0)["status"].as_string(), "Pass");
  EXPECT_EQ(report["results"].items().at(1)["status"].as_string(), "Fail");
  EXPECT_FALSE(report["finished"].is_null());
  EXPECT_EQ(report.at("cluster.version").as_string(), "1.36.1");
  EXPECT_EQ(c.jobs(), 0U);
  EXPECT_EQ(c.jobs_created, (std::map<std::string, int>{{"n1", 1}, {"n2", 1}}));
  EXPECT_THAT(c.told.lines, Contains("completed nightly"));
}

TEST(ScanRun, WritesNothingWhenNothingChanged) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest());
  c.events->flush();
  const std::size_t before = c.server.seen().size();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(c.reconcile().has_value());
    c.clock.move(std::chrono::seconds(100));
  }
  EXPECT_EQ(c.server.seen().size(), before);
  c.restart();
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_EQ(c.server.seen().size(), before);
}

TEST(ScanRun, WavesRespectTheParallelism) {
  Cluster c;
  for (int i = 0; i < 7; ++i) c.add_node(fmt::format("n{}", i));
  c.set_scan("nightly", "{profileRef: {name: base}, parallelism: 2}");
  for (int i = 0; i < 200 && c.phase() != "Completed"; ++i) {
    std::size_t running = 0;  // Jobs whose node is not folded in yet
    ASSERT_TRUE(c.reconcile().has_value());
    for (const auto& [node, count] : c.jobs_created) running += static_cast<std::size_t>(count);
    ASSERT_LE(running, 2U * static_cast<std::size_t>(i + 1));
    c.clock.move(std::chrono::seconds(3));
  }
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_LE(c.most_jobs, 4U);  // two that run, two that are folded in and wait to be saved
  EXPECT_EQ(c.jobs_created.size(), 7U);
}

TEST(ScanRun, NamesEveryNodeThatDidNotReportAndEnds) {
  Cluster c;
  for (const char* name :
       {"good", "cordoned", "notready", "deleted", "pending", "nopod", "fails", "wrong", "nodigest"})
    c.add_node(name);
  c.change_node("cordoned", [](base::Value& n) { n.find("spec")->set("unschedulable", true); });
  c.change_node("notready", [](base::Value& n) {
    n.find("status")->set("conditions", yaml("[{type: Ready, status: Unknown, reason: NodeStatusUnknown}]"));
  });
  c.fates = {{"pending", Fate::kPending}, {"deleted", Fate::kPending},   {"nopod", Fate::kNoPod},
             {"fails", Fate::kFails},     {"wrong", Fate::kWrongDigest}, {"nodigest", Fate::kNoDigest}};
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.reconcile().has_value());
  c.server.erase(kube::kNode, "", "deleted");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_EQ(c.status()["progress"].as_string(), "1/9");
  EXPECT_EQ(c.condition("Ready")["reason"].as_string(), "CompletedWithMissingNodes");
  EXPECT_THAT(c.missing(),
              UnorderedElementsAre(
                  Pair("cordoned", StartsWith("the node is cordoned")),
                  Pair("notready", StartsWith("the node is not Ready (NodeStatusUnknown)")),
                  Pair("deleted", StartsWith("the node was deleted")),
                  Pair("pending", StartsWith("no report within 5m0s: ImagePullBackOff")),
                  Pair("nopod", StartsWith("no report within 5m0s: its Job has no pod")),
                  Pair("fails", StartsWith("its node-runner failed: Error (exit status 3): no /proc")),
                  Pair("wrong", StartsWith("what its node-runner sent is refused")),
                  Pair("nodigest", StartsWith("its node-runner left no digest"))));
  EXPECT_EQ(c.jobs(), 0U);
  for (const char* name : {"cordoned", "notready", "deleted", "pending", "fails"})
    EXPECT_THAT(c.told.lines, Contains(std::string("missing nightly ") + name));
}

TEST(ScanRun, EndsWhenNoNodeCanTakeARunner) {
  Cluster c;
  c.add_node("n1");
  c.change_node("n1", [](base::Value& n) { n.find("spec")->set("unschedulable", true); });
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_TRUE(c.jobs_created.empty());
  const base::Value report = c.report();
  for (const base::Value& result : report["results"].items())
    EXPECT_EQ(result["status"].as_string(), "Error");
}

TEST(ScanRun, EndsWhenNoJobMayBeCreated) {
  Cluster c;
  c.add_node("n1");
  c.add_node("n2");
  c.server.fail_next("POST", "/jobs", 403);
  c.server.fail_next("POST", "/jobs", 422);
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_THAT(c.missing(),
              UnorderedElementsAre(Pair("n1", StartsWith("its node-runner Job could not be created")),
                                   Pair("n2", StartsWith("its node-runner Job could not be created"))));
}

TEST(ScanRun, WaitsForANodeToMatch) {
  Cluster c;
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest() || true);
  EXPECT_EQ(c.phase(), "Pending");
  EXPECT_EQ(c.condition("Stalled")["reason"].as_string(), "NoNodes");
  c.add_node("n1");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_EQ(c.condition("Stalled"), base::Value());
}

TEST(ScanRun, ReportsInChineseWhenTheProfileSaysSo) {
  Cluster c;
  c.set_profile("base", "{standard: tiny, language: zh}");
  c.add_node("n1");
  c.add_node("n2");
  c.fates["n2"] = Fate::kNoPod;
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(c.missing(), UnorderedElementsAre(Pair("n2", StartsWith("5m0s 内未上报"))));
}

TEST(ScanRun, SixHundredNodesInBoundedRequests) {
  constexpr int kNodes = 600;
  Cluster c;
  for (int i = 0; i < kNodes; ++i) c.add_node(fmt::format("node-{:03}", i));
  c.set_scan("nightly", "{profileRef: {name: base}, parallelism: 100}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_EQ(c.status()["progress"].as_string(), "600/600");
  EXPECT_EQ(c.report()["nodeGroups"].items().size(), 1U);
  EXPECT_EQ(c.server.requests("POST", "/jobs"), static_cast<std::size_t>(kNodes));
  EXPECT_EQ(c.server.requests("GET", "/log"), static_cast<std::size_t>(kNodes));
  // Six waves: some checkpoints each way, and never one a node.
  EXPECT_LE(c.server.requests("PUT", "/baselinereports"), 10U);
  EXPECT_LE(c.server.requests("PATCH", "/baselinescans"), 14U);
}

TEST(ScanRun, ACheckpointIsWrittenAtMostOnceInTheInterval) {
  Cluster c;
  c.settings.checkpoint_interval = std::chrono::seconds(30);
  c.restart();
  for (int i = 0; i < 20; ++i) c.add_node(fmt::format("n{:02}", i));
  c.fates["n19"] = Fate::kNoPod;
  c.set_scan("nightly", "{profileRef: {name: base}, parallelism: 1}");
  for (int i = 0; i < 60; ++i) {  // half a reconcile a second: thirty seconds
    ASSERT_TRUE(c.reconcile().has_value());
    if (i % 2 == 1) c.clock.move(std::chrono::seconds(1));
  }
  EXPECT_LE(c.server.requests("PUT", "/baselinereports"), 2U);
  EXPECT_EQ(c.jobs_created.size(), 20U);
}

}  // namespace
}  // namespace baseline::controllers
