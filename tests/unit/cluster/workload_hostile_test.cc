// Pods that no sane person writes, and what is counted in them.
#include <gtest/gtest.h>

#include "../baseline/evaluate_support.h"
#include "baseline/cluster/evaluator.h"
#include "baseline/cluster/pod_security.h"

namespace baseline::cluster {
namespace {

constexpr const char* kPrivileged = "5.7.2.4";

Pod pod_of(std::size_t containers) {
  Pod pod;
  pod.metadata.ns = "shop";
  pod.metadata.name = "cart-1";
  pod.metadata.controller_kind = "StatefulSet";
  pod.metadata.controller_name = "cart";
  pod.phase = "Running";
  pod.containers.resize(containers);
  return pod;
}

ObjectResult judge(const std::string& row, const std::vector<Pod>& pods) {
  ClusterEvaluator evaluator(test::profile_of(row), {}, base::Time{});
  for (const Pod& pod : pods) evaluator.add(pod);
  for (const KindInfo& kind : kinds()) evaluator.read(kind.kind);
  return std::move(evaluator).finish().results.at(0);
}

TEST(HostilePods, NamelessContainersAreJudgedLikeOthers) {
  Pod pod = pod_of(1);
  pod.metadata = {};
  pod.containers[0].security.privileged = true;
  EXPECT_EQ(judge(kPrivileged, {pod}).status, Status::kFail);
}

TEST(HostilePods, FiveThousandContainersAreFiveThousandFindingsAtMost) {
  Pod pod = pod_of(5000);
  for (std::size_t i = 0; i < pod.containers.size(); ++i) {
    pod.containers[i].name = "c" + std::to_string(i);
    pod.containers[i].security.privileged = true;
  }
  const ObjectResult result = judge(kPrivileged, {pod, pod});
  EXPECT_EQ(result.status, Status::kFail);
  EXPECT_EQ(result.findings.size() + result.more.size(), 5000U);
  EXPECT_EQ(result.findings.front().pods, 2);
}

TEST(HostilePods, EveryRowSurvivesAllOfThemAtOnce) {
  Pod pod = pod_of(5000);
  pod.host_network = true;
  pod.volumes.resize(5000);
  for (std::size_t i = 0; i < pod.volumes.size(); ++i) {
    pod.volumes[i].is_host_path = true;
    pod.volumes[i].host_path = std::string(i, '/') + "../..";
  }
  for (Container& container : pod.containers) {
    container.mounts.resize(1);
    container.ports.push_back({-1, 99999, ""});
    container.security.run_as_user = -5;
    container.security.capabilities_add = {"", "CAP_", std::string(1000, 'x')};
    container.env.push_back({std::string(300, 'P'), std::string(300, '-'), ""});
    container.devices.emplace_back();
  }
  ClusterEvaluator evaluator(test::whole_profile(), {}, base::Time{});
  for (const KindInfo& kind : kinds()) evaluator.read(kind.kind);
  evaluator.add(pod);
  for (const ObjectResult& result : std::move(evaluator).finish().results) {
    EXPECT_FALSE(result.message.empty()) << result.id;
    for (const ObjectFinding& finding : result.findings) {
      for (const std::string& arg : finding.actual.args) EXPECT_LT(arg.size(), 300U) << result.id;
    }
  }
}

TEST(HostilePods, WhatWasNotReadOfAPodIsUnknownUnlessSomethingIsWrong) {
  Pod pod = pod_of(1);
  pod.truncated = true;
  EXPECT_EQ(judge(kPrivileged, {pod}).status, Status::kError);
  EXPECT_EQ(judge("5.7.2.9", {pod}).status, Status::kPass) << "containers do not matter there";
  pod.containers[0].security.privileged = true;
  EXPECT_EQ(judge(kPrivileged, {pod}).status, Status::kFail);
}

TEST(HostilePods, PodsOfOneWorkloadAreOneFinding) {
  Pod pod = pod_of(1);
  pod.containers[0].name = "web";
  pod.containers[0].security.privileged = true;
  const ObjectResult result = judge(kPrivileged, std::vector<Pod>(12, pod));
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].pods, 12);
  EXPECT_EQ(result.findings[0].object, "shop/StatefulSet/cart");
  EXPECT_EQ(render(result.findings[0].subject, Language::kEnglish), "StatefulSet shop/cart, container web");
}

// Verdicts that tools in use get wrong.
TEST(PeerDefects, UnsetAllowPrivilegeEscalationIsNoPass) {
  EXPECT_EQ(judge("5.7.2.16", {pod_of(1)}).status, Status::kFail);
}

TEST(PeerDefects, InitSidecarAndEphemeralContainersCount) {
  for (const auto list : {Container::List::kInit, Container::List::kSidecar, Container::List::kEphemeral}) {
    Pod pod = pod_of(2);
    pod.containers[1].list = list;
    pod.containers[1].security.privileged = true;
    EXPECT_EQ(judge(kPrivileged, {pod}).status, Status::kFail);
  }
}

TEST(PeerDefects, ARefusedRightIsNoPass) {
  ClusterEvaluator evaluator(test::whole_profile(), {}, base::Time{});
  for (const KindInfo& kind : kinds()) {
    evaluator.unreadable(kind.kind, phrase("object.not-read", resource_name(kind.kind)));
  }
  for (const ObjectResult& result : std::move(evaluator).finish().results) {
    EXPECT_NE(result.status, Status::kPass) << result.id;
  }
}

TEST(PeerDefects, AClusterWithoutPodsPassesNothingAboutPods) {
  ClusterEvaluator evaluator(test::whole_profile(), {}, base::Time{});
  for (const KindInfo& kind : kinds()) evaluator.read(kind.kind);
  for (const ObjectResult& result : std::move(evaluator).finish().results) {
    if (!result.id.starts_with("5.7.2.")) continue;
    EXPECT_EQ(result.status, Status::kNotApplicable) << result.id;
  }
}

TEST(PodSecurity, CapabilitiesAreReadInAnyForm) {
  EXPECT_TRUE(names_capability("cap_net_raw", "NET_RAW"));
  EXPECT_TRUE(names_capability("Net_Raw", "NET_RAW"));
  EXPECT_FALSE(names_capability("NET_RAWX", "NET_RAW"));
  EXPECT_FALSE(names_capability("CAP_", "NET_RAW"));
  Container container;
  EXPECT_TRUE(holds_capability(container, "NET_RAW"));
  EXPECT_FALSE(holds_capability(container, "SYS_ADMIN"));
  container.security.capabilities_drop = {"all"};
  EXPECT_FALSE(holds_capability(container, "NET_RAW"));
  container.security.capabilities_add = {"CAP_SYS_ADMIN"};
  EXPECT_TRUE(holds_capability(container, "SYS_ADMIN"));
  EXPECT_TRUE(effective_security({}, container).allow_privilege_escalation);
  container = {};
  container.security.privileged = true;
  EXPECT_TRUE(holds_capability(container, "SYS_ADMIN"));
}

TEST(PodSecurity, TheContainerWinsOverItsPod) {
  Pod pod;
  pod.security.run_as_user = 7;
  pod.security.run_as_non_root = true;
  pod.security.seccomp.type = "RuntimeDefault";
  pod.security.selinux = true;
  pod.security.selinux_type = "spc_t";
  Container container;
  EffectiveSecurity is = effective_security(pod, container);
  EXPECT_EQ(is.run_as_user, 7);
  EXPECT_TRUE(is.run_as_non_root);
  EXPECT_EQ(is.seccomp.type, "RuntimeDefault");
  EXPECT_EQ(is.selinux_type, "spc_t");
  container.security.run_as_user = 0;
  container.security.run_as_non_root = false;
  container.security.seccomp.type = "Unconfined";
  container.security.selinux = true;
  is = effective_security(pod, container);
  EXPECT_EQ(is.run_as_user, 0);
  EXPECT_FALSE(is.run_as_non_root);
  EXPECT_EQ(is.seccomp.type, "Unconfined");
  EXPECT_EQ(is.selinux_type, "");
}

}  // namespace
}  // namespace baseline::cluster
