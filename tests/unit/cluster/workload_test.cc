#include <gtest/gtest.h>

#include "baseline/cluster/object_check.h"

namespace baseline::cluster {
namespace {

Pod pod(std::string name, std::string kind, std::string owner, Labels labels = {}) {
  Pod p;
  p.metadata = {"shop", std::move(name), std::move(labels), {}, std::move(kind), std::move(owner), {}};
  return p;
}

std::string top(const Pod& p) {
  const Workload workload = workload_of(p);
  return workload.kind + " " + workload.ns + "/" + workload.name;
}

TEST(WorkloadOf, ThroughAReplicaSetToItsDeployment) {
  EXPECT_EQ(top(pod("cart-7d9c-abc", "ReplicaSet", "cart-7d9c", {{"pod-template-hash", "7d9c"}})),
            "Deployment shop/cart");
}

TEST(WorkloadOf, AReplicaSetOfItsOwnStaysOne) {
  EXPECT_EQ(top(pod("cart-abc", "ReplicaSet", "cart")), "ReplicaSet shop/cart");
  EXPECT_EQ(top(pod("cart-abc", "ReplicaSet", "cart-1", {{"pod-template-hash", "7d9c"}})),
            "ReplicaSet shop/cart-1");
  EXPECT_EQ(top(pod("x", "ReplicaSet", "-7d9c", {{"pod-template-hash", "7d9c"}})), "ReplicaSet shop/-7d9c");
}

TEST(WorkloadOf, ThroughAJobToItsCronJob) {
  EXPECT_EQ(top(pod("backup-29401020-xyz", "Job", "backup-29401020")), "CronJob shop/backup");
  EXPECT_EQ(top(pod("migrate-xyz", "Job", "migrate")), "Job shop/migrate");
  EXPECT_EQ(top(pod("migrate-1234", "Job", "migrate-1234")), "Job shop/migrate-1234");
}

TEST(WorkloadOf, AStaticPodLosesItsNodesName) {
  Pod mirror = pod("etcd-node-1", "Node", "node-1");
  mirror.node = "node-1";
  EXPECT_EQ(top(mirror), "Pod shop/etcd");
  mirror.metadata.name = "etcd";
  EXPECT_EQ(top(mirror), "Pod shop/etcd");
}

TEST(WorkloadOf, OthersAreWhatTheySay) {
  EXPECT_EQ(top(pod("a-0", "StatefulSet", "a")), "StatefulSet shop/a");
  EXPECT_EQ(top(pod("lonely", "", "")), "Pod shop/lonely");
  EXPECT_EQ(top(pod("half", "DaemonSet", "")), "Pod shop/half");
}

}  // namespace
}  // namespace baseline::cluster
