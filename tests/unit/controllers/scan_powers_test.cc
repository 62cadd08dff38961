// What whoever may write a BaselineScan asks for and does not get.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::Cluster;
using ::testing::HasSubstr;

std::string priority_of(const base::Value& job) {
  return job.at("spec.template.spec.priorityClassName").as_string();
}

std::string image_of(const base::Value& job) {
  return job.at("spec.template.spec.containers").items().at(0)["image"].as_string();
}

TEST(ScanPowers, AnImageOfItsOwnIsIgnoredAndToldUntilItIsTakenOut) {
  Cluster c;
  c.add_node("n1");
  c.settings.jobs.image = "operator/node-runner:1";
  c.restart();
  c.set_scan("nightly", "{profileRef: {name: base}, runner: {image: attacker/root:1}}");
  ASSERT_TRUE(c.reconcile());
  ASSERT_EQ(c.jobs(), 1U);
  EXPECT_EQ(image_of(c.server.all(kube::kJob).front()), "operator/node-runner:1");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  const base::Value told = c.condition("FieldsIgnored");
  EXPECT_EQ(told["status"].as_string(), "True");
  EXPECT_THAT(told["message"].as_string(), HasSubstr("spec.runner.image"));
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_TRUE(c.condition("FieldsIgnored").is_null());
}

TEST(ScanPowers, APriorityClassThatIsNotAllowedRunsNothing) {
  Cluster c;
  c.add_node("n1");
  c.settings.jobs.priority_classes = {"low"};
  c.restart();
  c.set_scan("nightly", "{profileRef: {name: base}, runner: {priorityClassName: system-node-critical}}");
  ASSERT_TRUE(c.reconcile());
  EXPECT_EQ(c.jobs(), 0U);
  EXPECT_EQ(c.phase(), "Failed");
  EXPECT_EQ(c.condition("Stalled")["reason"].as_string(), "PriorityClassNotAllowed");
  EXPECT_THAT(c.condition("Ready")["message"].as_string(),
              ::testing::AllOf(HasSubstr("system-node-critical"), HasSubstr("allowed are low")));
  c.set_scan("nightly", "{profileRef: {name: base}, runner: {priorityClassName: low}}");
  ASSERT_TRUE(c.reconcile());
  ASSERT_EQ(c.jobs(), 1U);
  EXPECT_EQ(priority_of(c.server.all(kube::kJob).front()), "low");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_TRUE(c.condition("Stalled").is_null());
}

TEST(ScanPowers, APriorityClassThatIsChangedDuringARunSendsNoMoreJobs) {
  Cluster c;
  c.add_node("n1");
  c.add_node("n2");
  c.fates = {{"n1", testing::Fate::kPending}};
  c.set_scan("nightly", "{profileRef: {name: base}, parallelism: 1}");
  ASSERT_TRUE(c.reconcile());
  ASSERT_EQ(c.jobs(), 1U);
  c.set_scan("nightly", "{profileRef: {name: base}, runner: {priorityClassName: high}}");
  ASSERT_TRUE(c.reconcile());
  EXPECT_EQ(c.jobs_created, (std::map<std::string, int>{{"n1", 1}}));
  EXPECT_EQ(c.condition("Stalled")["reason"].as_string(), "PriorityClassNotAllowed");
}

TEST(ScanPowers, ResourcesOutOfBoundsRunNothing) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", "{profileRef: {name: base}, runner: {resources: {requests: {memory: 64Gi}}}}");
  ASSERT_TRUE(c.reconcile());
  EXPECT_EQ(c.jobs(), 0U);
  EXPECT_EQ(c.condition("Stalled")["reason"].as_string(), "InvalidSpec");
  EXPECT_THAT(c.condition("Stalled")["message"].as_string(), HasSubstr("64Gi is out of bounds"));
}

// A Job of another scan that is under way on the node; its name.
std::string put_job(Cluster& c, const std::string& scan, const std::string& node) {
  const std::string name = runner_job_name(scan, "run", node, 1);
  base::Value job = testing::yaml("{metadata: {annotations: {}, labels: {}}, spec: {}}");
  base::Value& metadata = *job.find("metadata");
  metadata.set("name", name);
  metadata.set("namespace", testing::kNs);
  metadata.find("annotations")->set(kNodeAnnotation, node);
  metadata.find("labels")->set(kScanUidLabel, scan);
  metadata.find("labels")->set(kRunLabel, "run");
  base::Value owner = testing::yaml("{kind: BaselineScan, controller: true}");
  owner.set("uid", scan);
  metadata.set("ownerReferences", base::Value::List{std::move(owner)});
  c.server.put(kube::kJob, std::move(job));
  return name;
}

TEST(ScanPowers, ManyScansWaitForRoomOnANode) {
  Cluster c;
  c.add_node("n1");
  c.add_node("n2");
  std::string last;
  for (std::size_t i = 0; i < kMostRunnersOfNode; ++i) last = put_job(c, "other-" + std::to_string(i), "n1");
  c.set_scan("nightly", "profileRef: {name: base}");
  const auto next = c.reconcile();
  ASSERT_TRUE(next && *next);
  EXPECT_LE(**next, c.clock.now() + std::chrono::seconds(5));
  EXPECT_EQ(c.jobs_created, (std::map<std::string, int>{{"n2", 1}}));
  c.server.erase(kube::kJob, testing::kNs, last);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "2/2");
}

TEST(ScanPowers, AllScansTogetherSendNoMoreThanSoManyJobs) {
  Cluster c;
  c.add_node("n1");
  std::string last;
  for (std::size_t i = 0; i < kMostRunners; ++i)
    last = put_job(c, "other-" + std::to_string(i), "node-" + std::to_string(i));
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.reconcile());
  EXPECT_TRUE(c.jobs_created.empty());
  c.server.erase(kube::kJob, testing::kNs, last);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.status()["progress"].as_string(), "1/1");
}

}  // namespace
}  // namespace baseline::controllers
