#include "controllers/scan_decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using std::chrono::seconds;
using testing::at;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const base::Time kNow = at("2026-01-01T00:10:00Z");

NodeState node(const std::string& name) {
  NodeState state;
  state.name = name;
  state.ready = true;
  return state;
}

RunnerState runner(const std::string& on, int attempt = 1) {
  RunnerState state;
  state.job = "job-" + on + "-" + std::to_string(attempt);
  state.node = on;
  state.run = "r";
  state.attempt = attempt;
  state.created = kNow - seconds(5);
  return state;
}

RunnerState succeeded(const std::string& on) {
  RunnerState state = runner(on);
  state.pod = "pod-" + on;
  state.pod_succeeded = true;
  state.sha256 = "abc";
  return state;
}

// A run over nodes a and b, with timeout 300 s and parallelism 10, unless a test says otherwise.
struct World {
  crds::BaselineScan scan;
  std::vector<NodeState> nodes{node("a"), node("b")};
  std::vector<RunnerState> runners;
  std::vector<std::string> awaited{"a", "b"};
  std::vector<std::string> unsaved;
  std::map<std::string, Launched> launched;
  base::Time now = kNow;

  World() { scan.status.run = testing::run_of("r", "rep"); }
  RunDecision decide() const {
    return decide_run({&scan, &nodes, &runners, &awaited, &unsaved, &launched, now});
  }
};

std::vector<std::string> launches(const RunDecision& d) {
  std::vector<std::string> all;
  for (const auto& [on, attempt] : d.launch) all.push_back(on + "/" + std::to_string(attempt));
  return all;
}

std::vector<std::string> given_up(const RunDecision& d) {
  std::vector<std::string> all;
  for (const auto& [on, reason] : d.give_up) all.push_back(on + " " + reason.key);
  return all;
}

TEST(DecideRun, SendsARunnerToEachNodeUpToTheParallelism) {
  World w;
  EXPECT_THAT(launches(w.decide()), ElementsAre("a/1", "b/1"));
  w.scan.spec.parallelism = 1;
  EXPECT_THAT(launches(w.decide()), ElementsAre("a/1"));
  w.runners = {runner("a")};
  EXPECT_THAT(launches(w.decide()), IsEmpty());
  w.runners = {succeeded("a")};  // holds its place until it is folded in
  EXPECT_THAT(launches(w.decide()), IsEmpty());
  w.awaited = {"b"};
  EXPECT_THAT(launches(w.decide()), ElementsAre("b/1"));
}

TEST(DecideRun, WaitsForARunningJobUntilItsTimeIsUp) {
  World w;
  w.runners = {runner("a"), runner("b")};
  const RunDecision d = w.decide();
  EXPECT_THAT(given_up(d), IsEmpty());
  EXPECT_EQ(d.wake_at, kNow - seconds(5) + seconds(300));
  w.now = *d.wake_at;
  EXPECT_THAT(given_up(w.decide()), ElementsAre("a runner-timeout-no-pod", "b runner-timeout-no-pod"));
}

TEST(DecideRun, CollectsWhatSucceeded) {
  World w;
  w.runners = {succeeded("a"), runner("b")};
  w.now = kNow + seconds(1000);  // late, but the facts are there
  const RunDecision d = w.decide();
  ASSERT_EQ(d.collect.size(), 1U);
  EXPECT_EQ(d.collect[0].pod, "pod-a");
  EXPECT_EQ(d.collect[0].sha256, "abc");
  EXPECT_EQ(d.collect[0].since, kNow - seconds(5));
  EXPECT_THAT(given_up(d), ElementsAre("b runner-timeout-no-pod"));
}

TEST(DecideRun, NamesEachReasonForATimeout) {
  World w;
  w.awaited = {"a"};
  w.now = kNow + seconds(1000);
  RunnerState state = runner("a");
  state.pod = "p";
  w.runners = {state};
  EXPECT_EQ(w.decide().give_up.at(0).reason, (Phrase{"runner-timeout-running", {"5m0s"}}));
  w.runners[0].pod_problem = "ErrImagePull";
  EXPECT_EQ(w.decide().give_up.at(0).reason, (Phrase{"runner-timeout", {"5m0s", "ErrImagePull"}}));
  w.nodes[0].ready = false;
  w.nodes[0].not_ready_reason = "NodeStatusUnknown";
  EXPECT_EQ(w.decide().give_up.at(0).reason,
            (Phrase{"runner-timeout-not-ready", {"5m0s", "NodeStatusUnknown"}}));
}

TEST(DecideRun, GivesUpNodesThatCannotTakeARunner) {
  World w;
  w.nodes[0].cordoned = true;
  w.nodes.erase(w.nodes.begin() + 1);
  EXPECT_THAT(given_up(w.decide()), ElementsAre("a node-cordoned", "b node-deleted"));
  // Once it has a Job, a node that is cordoned may still report; one that is gone will not.
  w.runners = {runner("a"), runner("b")};
  EXPECT_THAT(given_up(w.decide()), ElementsAre("b node-deleted"));
}

TEST(DecideRun, GivesUpANodeWhoseJobFailed) {
  World w;
  w.runners = {runner("a"), runner("b")};
  for (RunnerState& state : w.runners) state.failed = true;
  w.runners[0].pod_problem = "OOMKilled";
  w.runners[1].job_problem = "DeadlineExceeded";
  const RunDecision d = w.decide();
  EXPECT_EQ(d.give_up.at(0).reason, (Phrase{"runner-failed", {"OOMKilled"}}));
  EXPECT_EQ(d.give_up.at(1).reason, (Phrase{"runner-failed", {"DeadlineExceeded"}}));
}

TEST(DecideRun, TriesOnceMoreWhenThePodWasRemovedUnread) {
  World w;
  w.awaited = {"a"};
  RunnerState state = runner("a");
  state.completed = true;
  state.completed_at = kNow - seconds(1);
  w.runners = {state};
  // The cache of pods may be behind the cache of Jobs.
  RunDecision d = w.decide();
  EXPECT_THAT(launches(d), IsEmpty());
  EXPECT_EQ(d.wake_at, kNow - seconds(1) + kCacheLag);
  w.now = *d.wake_at;
  d = w.decide();
  EXPECT_THAT(launches(d), ElementsAre("a/2"));
  EXPECT_THAT(d.remove, ElementsAre("job-a-1"));
  // Once the second is asked for, the first speaks no more, also while the cache does not show the second.
  w.launched["a"] = {w.now, w.now, 2, false};
  EXPECT_THAT(launches(w.decide()), IsEmpty());
  w.runners.push_back(runner("a", 2));
  w.runners[1].completed = true;
  EXPECT_THAT(given_up(w.decide()), ElementsAre("a runner-pod-removed"));
}

TEST(DecideRun, DoesNotTakeACacheThatIsBehindForALostJob) {
  World w;
  w.awaited = {"a"};
  w.launched["a"] = {kNow - seconds(5), kNow - seconds(5), 1, false};
  RunDecision d = w.decide();
  EXPECT_THAT(launches(d), IsEmpty());
  EXPECT_EQ(d.wake_at, kNow - seconds(5) + kCacheLag);
  w.scan.spec.parallelism = 1;
  w.awaited = {"a", "b"};
  EXPECT_THAT(launches(w.decide()), IsEmpty());  // it holds its place
}

TEST(DecideRun, SendsTheSameJobAgainWhenItWasRemoved) {
  World w;
  w.awaited = {"a"};
  w.launched["a"] = {kNow - seconds(5), kNow - seconds(5), 1, true};  // the cache has shown it
  EXPECT_THAT(launches(w.decide()), ElementsAre("a/1"));
  w.launched["a"] = {kNow - seconds(60), kNow - seconds(60), 2, false};
  EXPECT_THAT(launches(w.decide()), ElementsAre("a/2"));
  w.launched["a"] = {kNow - seconds(301), kNow - seconds(5), 1, true};
  EXPECT_THAT(given_up(w.decide()), ElementsAre("a runner-timeout-no-job"));
}

TEST(DecideRun, RemovesJobsOnlyOnceTheirNodeIsSaved) {
  World w;
  w.runners = {succeeded("a"), runner("b")};
  w.awaited = {"b"};
  w.unsaved = {"a"};
  EXPECT_THAT(w.decide().remove, IsEmpty());
  w.unsaved = {};
  EXPECT_THAT(w.decide().remove, ElementsAre("job-a-1"));
  w.runners[0].deleting = true;
  EXPECT_THAT(w.decide().remove, IsEmpty());
}

TEST(DecideRun, PassesOverOtherRunsAndJobsOnTheirWayOut) {
  World w;
  w.awaited = {"a"};
  RunnerState other = succeeded("a");
  other.run = "older";
  RunnerState leaving = succeeded("a");
  leaving.deleting = true;
  w.runners = {other, leaving};
  const RunDecision d = w.decide();
  EXPECT_TRUE(d.collect.empty());
  EXPECT_THAT(launches(d), ElementsAre("a/1"));
}

TEST(PlanNodes, TakesEveryNodeThatIsSelectedSortedAndWithItsReason) {
  crds::ScanSpec spec;
  spec.node_selector.match_labels = {{"pool", "x"}};
  std::vector<NodeState> nodes{node("c"), node("a"), node("b")};
  nodes[0].labels = nodes[1].labels = {{"pool", "x"}};
  nodes[0].ready = false;
  const auto plan = plan_nodes(spec, nodes);
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[0].node, "a");
  EXPECT_TRUE(plan[0].unavailable.empty());
  EXPECT_EQ(plan[1].node, "c");
  EXPECT_EQ(plan[1].unavailable.key, "node-not-ready");
}

TEST(ReportsToRemove, KeepsTheNewestAndNoUnfinishedOne) {
  const auto known = [](const char* name, bool finished, const char* created) {
    return KnownReport{name, finished, at(created)};
  };
  const std::vector<KnownReport> reports{
      known("s-3", true, "2026-01-03T00:00:00Z"), known("s-1", true, "2026-01-01T00:00:00Z"),
      known("s-4", false, "2026-01-04T00:00:00Z"), known("s-2", true, "2026-01-02T00:00:00Z"),
      known("s-2b", true, "2026-01-02T00:00:00Z")};
  EXPECT_THAT(reports_to_remove(reports, 2), ElementsAre("s-1", "s-2", "s-4"));
  EXPECT_THAT(reports_to_remove(reports, 9), ElementsAre("s-4"));
  EXPECT_THAT(reports_to_remove({}, 1), IsEmpty());
}

}  // namespace
}  // namespace baseline::controllers
