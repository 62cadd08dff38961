// Who is a component of a node, and that what is only named like one changes nothing.
#include <algorithm>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/yaml.h"
#include "baseline/evaluate.h"
#include "baseline/facts/schema.h"
#include "evaluate_support.h"
#include "facts_dsl.h"

namespace baseline::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kWorker = R"(
host: worker-1
run:
  kubelet: "--kubeconfig=/etc/kubernetes/kubelet.conf"
  kube-proxy: {flags: "--kubeconfig=/k.conf", pod: kube-system/kube-proxy-x, root: own, pid: 50}
  containerd: ""
files: {/etc/kubernetes/kubelet.conf: "0644 root:root", "50:/k.conf": "0644 root:root"}
cni: {folder: /etc/cni/net.d, networks: [{path: /etc/cni/net.d/10.conflist, name: cbr0, plugins: flannel}]}
)";
constexpr std::string_view kControlPlane = R"(
host: cp-1
run:
  kubelet: "--read-only-port=0"
  kube-apiserver: {flags: "--authorization-mode=RBAC --anonymous-auth=true", manifest: /etc/kubernetes/manifests/kube-apiserver.yaml}
  kube-controller-manager: {flags: "--profiling=true", manifest: /etc/kubernetes/manifests/kube-controller-manager.yaml}
  kube-scheduler: {flags: "", manifest: /etc/kubernetes/manifests/kube-scheduler.yaml}
  etcd: {flags: "--initial-cluster=a=https://a,b=https://b", manifest: /etc/kubernetes/manifests/etcd.yaml}
files: {/etc/kubernetes/manifests/etcd.yaml: "0644 root:root"}
)";
constexpr std::string_view kEmpty = "{host: nothing-1, run: {}}";

// Processes of a tenant's pod that claim to be everything, with flags that would mend and spoil any verdict.
void add_tenant(facts::NodeFacts& facts, std::string_view pod = "evil-1") {
  for (const char* component : {"kubelet", "kube-apiserver", "kube-controller-manager", "kube-scheduler",
                                "etcd", "kube-proxy", "containerd", "crio", "dockerd"}) {
    for (const char* flags : {"--anonymous-auth=false", "--anonymous-auth=true"}) {
      facts::Process& process = *facts.add_processes();
      process.set_component(component);
      process.set_pid(4000 + facts.processes_size());
      process.set_own_root(true);
      for (const char* word : {component, flags, "--read-only-port=10255", "--profiling=false",
                               "--authorization-mode=AlwaysAllow", "--initial-cluster=a=x,b=y,c=z",
                               "--kubeconfig=/evil", "--config=/evil"})
        process.add_argv(word);
      process.set_version("1.20.0");
      process.set_manifest("/evil.yaml");
      process.set_bundle(component == std::string_view("kube-apiserver") ? "k3s" : "");
      process.set_origin(facts::ORIGIN_POD);
      process.set_pod_namespace("shop");
      process.set_pod_name(std::string(pod));
      process.set_pod_uid("uid-of-" + std::string(pod));
    }
  }
}

NodeOutcome judge(const facts::NodeFacts& facts, const NodeContext& context = {}) {
  return evaluate_node(*whole_profile(), facts, context, {});
}

class Origin : public testing::TestWithParam<std::string_view> {};

TEST_P(Origin, WhatRunsInATenantsPodChangesNothingOfANode) {
  const facts::NodeFacts clean = facts_of(GetParam());
  facts::NodeFacts visited = clean;
  add_tenant(visited);
  const NodeOutcome before = judge(clean);
  const NodeOutcome after = judge(visited);
  ASSERT_EQ(after.results.size(), before.results.size());
  for (std::size_t i = 0; i < before.results.size(); ++i)
    EXPECT_EQ(describe(after.results[i]), describe(before.results[i]));
  EXPECT_EQ(after.components, before.components);
  EXPECT_EQ(after.signals, before.signals);
  EXPECT_EQ(after.etcd_members, before.etcd_members);
  EXPECT_EQ(after.hash, before.hash);
  EXPECT_THAT(before.lookalikes, IsEmpty());
  EXPECT_EQ(after.lookalikes_total, 18);
}

TEST_P(Origin, NeitherDoesAProcessOfUnknownOriginBesideAKnownOne) {
  const facts::NodeFacts clean = facts_of(GetParam());
  facts::NodeFacts visited = clean;
  for (const facts::Process& known : clean.processes()) {
    facts::Process& copy = *visited.add_processes();
    copy = known;
    copy.set_pid(9000 + visited.processes_size());
    copy.set_origin(facts::ORIGIN_UNKNOWN);
    copy.set_origin_error("its control group is gone");
    copy.add_argv("--anonymous-auth=false");
  }
  EXPECT_EQ(judge(visited).hash, judge(clean).hash);
  EXPECT_THAT(judge(visited).lookalikes, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Nodes, Origin, testing::Values(kWorker, kControlPlane, kEmpty));

TEST(Origin, NodesWithDifferentLookalikesAreOneGroup) {
  facts::NodeFacts one = facts_of(kWorker);
  facts::NodeFacts other = one;
  add_tenant(one, "evil-1");
  add_tenant(other, "quite-another");
  EXPECT_EQ(judge(one).hash, judge(other).hash);
  EXPECT_NE(judge(one).lookalikes, judge(other).lookalikes);
}

// A process that may be a component is neither that nor proof that there is none.
TEST(Origin, AProcessOfUnknownOriginIsNoComponentOfTheNode) {
  const NodeOutcome outcome =
      judge(facts_of("{run: {etcd: {flags: '--initial-cluster=a=x,b=y', origin: unknown, why: gone}}}"));
  EXPECT_THAT(outcome.components, IsEmpty());
  EXPECT_EQ(outcome.etcd_members, 0);
  for (const NodeResult& result : outcome.results) EXPECT_NE(result.absent_component, "etcd") << result.id;
}

TEST(Origin, LookalikesAreToldByWorkloadWhereTheApiServerKnowsIt) {
  facts::NodeFacts facts = facts_of(R"(
run:
  kubelet:
    - {flags: ""}
    - {pod: shop/cart-7d9c-a, uid: u-1}
    - {pod: shop/cart-7d9c-b, uid: u-2}
    - {pod: shop/gone, uid: u-3}
    - {uid: u-4}
lookalikes: [{of: k3s, pod: shop/cart-7d9c-a, uid: u-1, processes: 5}]
lookalikes-total: 7
)");
  NodeContext context;
  context.pods.emplace();
  for (const char* pod : {"{is: shop/cart-7d9c-a, uid: u-1, owner: ReplicaSet/cart-7d9c, hash: 7d9c}",
                          "{is: shop/cart-7d9c-b, uid: u-2, owner: ReplicaSet/cart-7d9c, hash: 7d9c}"})
    context.pods->push_back(api_pod(base::parse_yaml(pod, "pod").value()));
  const NodeOutcome outcome = judge(facts, context);
  EXPECT_THAT(outcome.lookalikes, ElementsAre(Lookalike{"Pod/u-4", "kubelet", 1, 1},
                                              Lookalike{"shop/Deployment/cart", "k3s", 5, 1},
                                              Lookalike{"shop/Deployment/cart", "kubelet", 2, 1},
                                              Lookalike{"shop/Pod/gone", "kubelet", 1, 1}));
  EXPECT_EQ(outcome.lookalikes_total, 11);

  EXPECT_THAT(judge(facts).lookalikes, testing::Contains(Lookalike{"shop/Pod/cart-7d9c-a", "kubelet", 1, 1}));
}

TEST(Origin, LookalikesOfANodeAreBoundedWhateverItClaims) {
  facts::NodeFacts facts = facts_of(kEmpty);
  for (int i = 0; i < 500; ++i) {
    facts::Lookalike& one = *facts.add_lookalikes();
    one.set_component(std::string(10'000, 'k'));
    one.set_pod_namespace("ns-" + std::to_string(i) + std::string(10'000, 'x'));
    one.set_processes(4'000'000'000);
  }
  facts.set_lookalikes_total(4'000'000'000);
  const NodeOutcome outcome = judge(facts);
  EXPECT_EQ(outcome.lookalikes.size(), kMaxLookalikes);
  EXPECT_EQ(outcome.lookalikes_total, 1 << 22);
  for (const Lookalike& one : outcome.lookalikes) {
    EXPECT_LE(one.object.size() + one.component.size(), 400U);
    EXPECT_LE(one.processes, 1 << 22);
  }
}

TEST(Origin, FactsOfAnOlderSchemaProveNothing) {
  facts::NodeFacts facts = facts_of(kWorker);
  facts.set_schema_version(1);
  const NodeOutcome outcome = judge(facts);
  for (const NodeResult& result : outcome.results) EXPECT_EQ(result.status, Status::kError) << result.id;
}

}  // namespace
}  // namespace baseline::test
