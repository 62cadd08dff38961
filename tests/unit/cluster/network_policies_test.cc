// 5.8.2.2, 5.8.2.3, 5.7.5.5, and the selectors they rest on; 5.7.5.3 and .4.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/cluster/checks/label_selector.h"
#include "world.h"

namespace baseline::test {
namespace {

using namespace cluster;
using Operator = LabelSelector::Operator;

NetworkPolicy policy(const std::string& ns, const std::string& name, const Labels& selector) {
  NetworkPolicy out;
  out.metadata.ns = ns;
  out.metadata.name = name;
  out.pods.match_labels = selector;
  out.ingress = true;
  return out;
}

Pod on_host(Pod pod) {
  pod.host_network = true;
  return pod;
}

Service service(const std::string& type, const Labels& selector) {
  Service out;
  out.metadata.ns = "shop";
  out.metadata.name = "front";
  out.type = type;
  out.selector = selector;
  out.node_ports = {30080};
  return out;
}

TEST(Selectors, MatchAsTheApiServerDoes) {
  const Labels labels{{"app", "cart"}, {"tier", ""}};
  const auto one = [](const char* key, Operator op, std::set<std::string, std::less<>> values) {
    LabelSelector selector;
    selector.expressions = {{key, op, std::move(values)}};
    return selector;
  };
  EXPECT_TRUE(matches({}, labels));
  EXPECT_TRUE(matches({}, {}));
  EXPECT_TRUE(matches(one("app", Operator::kIn, {"x", "cart"}), labels));
  EXPECT_FALSE(matches(one("gone", Operator::kIn, {""}), labels));
  EXPECT_TRUE(matches(one("gone", Operator::kNotIn, {"x"}), labels));
  EXPECT_FALSE(matches(one("app", Operator::kNotIn, {"cart"}), labels));
  EXPECT_TRUE(matches(one("tier", Operator::kExists, {}), labels));
  EXPECT_TRUE(matches(one("gone", Operator::kDoesNotExist, {}), labels));
  EXPECT_FALSE(matches(one("tier", Operator::kDoesNotExist, {}), labels));
  LabelSelector invalid;
  invalid.invalid = true;
  EXPECT_FALSE(matches(invalid, labels));
}

TEST(UsedPolicies, EachSelectsAPodOfItsNamespace) {
  World world;
  world.add(policy("shop", "p", {{"app", "cart"}})).add(pod("shop", "cart", {{"app", "cart"}}));
  expect(world, "5.8.2.2", Status::kPass);
  expect(World(world).add(policy("other", "q", {{"app", "cart"}})), "5.8.2.2", Status::kFail, "other/q");
  expect(World(world).add(policy("shop", "q", {{"app", "crat"}})), "5.8.2.2", Status::kFail);
  expect(World().add(pod("shop", "cart")), "5.8.2.2", Status::kNotApplicable);
  expect(files().add(pod("shop", "cart")), "5.8.2.2", Status::kNotChecked);
  expect(files().add(policy("shop", "p", {})), "5.8.2.2", Status::kNotChecked);
}

TEST(UsedPolicies, OtherKindsCountAsWell) {
  NetworkPolicy whole = policy("", "g", {{"app", "cart"}});
  whole.kind = Kind::kCalicoGlobalNetworkPolicy;
  expect(World().add(whole).add(pod("any", "cart", {{"app", "cart"}})), "5.8.2.2", Status::kPass);
  World part;
  part.context.include_namespaces = {"any"};
  expect(part.add(whole).add(pod("any", "web")), "5.8.2.2", Status::kManual);
  NetworkPolicy odd = policy("shop", "c", {});
  odd.kind = Kind::kCalicoNetworkPolicy;
  odd.unsupported = "a == 'b' || c";
  expect(World().add(odd).add(pod("shop", "cart")), "5.8.2.2", Status::kManual, "a == 'b' || c");
}

TEST(UsedPolicies, InvalidSelectorsSelectNothingAndHostPodsDoNotCount) {
  NetworkPolicy broken = policy("shop", "p", {});
  broken.pods.invalid = true;
  expect(World().add(broken).add(pod("shop", "cart")), "5.8.2.2", Status::kFail, "invalid");
  expect(World().add(policy("shop", "p", {})).add(on_host(pod("shop", "cart"))), "5.8.2.2", Status::kManual,
         "host's network");
}

TEST(CoveredNamespaces, EveryNamespaceThatRunsPodsHasAPolicy) {
  World world;
  world.add(policy("shop", "p", {{"app", "cart"}}));
  world.add(pod("shop", "cart", {{"app", "cart"}})).add(pod("shop", "web")).add(pod("kube-system", "dns"));
  expect(world, "5.8.2.3", Status::kPass, "ingress 1, egress 0 of 2 pods");
  expect(World(world).add(pod("blog", "web")), "5.8.2.3", Status::kFail, "Namespace blog");
  World idle;
  idle.add(policy("shop", "p", {{"app", "cart"}})).add(pod("shop", "web"));
  expect(idle, "5.8.2.3", Status::kPass, "none of which is known to select");  // 5.8.2.2 fails for it
  expect(idle, "5.8.2.2", Status::kFail);
  expect(World().add(policy("blog", "p", {})).add(on_host(pod("shop", "web"))), "5.8.2.3", Status::kManual);
  expect(World().add(pod("kube-system", "dns")), "5.8.2.3", Status::kNotApplicable);
  expect(files().add(pod("shop", "web")), "5.8.2.3", Status::kNotChecked);
  World unread = world;
  unread.unreadable = {Kind::kCiliumNetworkPolicy};
  expect(unread, "5.8.2.3", Status::kError);
}

TEST(CoveredNamespaces, ManyPodsAndPoliciesAreTakenTogether) {
  World world;
  for (int i = 0; i < 500; ++i)
    world.add(policy("shop", "p" + std::to_string(i), {{"app", std::to_string(i)}}));
  for (int i = 0; i < 5000; ++i) {
    world.add(
        pod("shop", "w" + std::to_string(i), {{"app", std::to_string(i % 500)}, {"uid", std::to_string(i)}}));
  }
  expect(world, "5.8.2.3", Status::kPass, "ingress 5000, egress 0 of 5000");
  expect(world, "5.8.2.2", Status::kPass);
}

TEST(NodePorts, LeadToCoveredPodsOnly) {
  const Pod cart = pod("shop", "cart", {{"app", "cart"}});
  World world;
  world.add(service("NodePort", {{"app", "cart"}})).add(cart);
  expect(world, "5.7.5.5", Status::kFail, "node ports 30080; 1 of 1");
  expect(World(world).add(policy("shop", "p", {})), "5.7.5.5", Status::kPass);
  NetworkPolicy out = policy("shop", "p", {});
  out.ingress = false;
  out.egress = true;
  expect(World(world).add(out), "5.7.5.5", Status::kFail);
  expect(World().add(service("ClusterIP", {})).add(cart), "5.7.5.5", Status::kPass);
  expect(World().add(service("NodePort", {})).add(cart), "5.7.5.5", Status::kManual);
  expect(World().add(service("LoadBalancer", {{"app", "cart"}})).add(cart), "5.7.5.5", Status::kManual);
  expect(World().add(service("NodePort", {{"app", "x"}})).add(cart), "5.7.5.5", Status::kManual);
  expect(World().add(service("NodePort", {{"app", "cart"}})).add(policy("shop", "p", {})).add(on_host(cart)),
         "5.7.5.5", Status::kFail, "host's network");
  expect(files().add(cart), "5.7.5.5", Status::kNotChecked);
}

TEST(NetworkQuotas, EachNamespaceHasAQuotaAndARange) {
  ResourceQuota quota;
  quota.metadata.ns = "shop";
  quota.hard = {"pods"};
  LimitRange range;
  range.metadata.ns = "shop";
  range.types = {"Container"};
  World world;
  world.add(name_space("shop")).add(name_space("kube-system")).add(quota).add(range);
  for (const char* id : {"5.7.5.3", "5.7.5.4"}) {
    expect(world, id, Status::kPass);
    expect(World(world).add(name_space("blog")), id, Status::kFail, "Namespace blog");
    Namespace going = name_space("gone");
    going.phase = "Terminating";
    expect(World(world).add(going), id, Status::kPass);
    expect(World().add(name_space("kube-system")), id, Status::kNotApplicable);
    expect(files().add(name_space("shop")), id, Status::kNotChecked);
  }
  quota.hard.clear();
  expect(World().add(name_space("shop")).add(quota), "5.7.5.3", Status::kFail, "limits nothing");
}

TEST(RefusedObjects, ANamespaceOfARefusedPolicyIsNotBlamedAndTheOthersAreJudged) {
  World world;
  world.refuse(Kind::kNetworkPolicy, "tenant", "big")
      .add(policy("shop", "p", {{"app", "cart"}}))
      .add(pod("shop", "cart", {{"app", "cart"}}))
      .add(pod("tenant", "web"));
  expect(world, "5.8.2.2", Status::kError, "tenant/big");
  expect(world, "5.8.2.3", Status::kError, "tenant/big");
  for (const ObjectFinding& one : world.judge("5.8.2.3").findings) EXPECT_NE(one.status, Status::kFail);
  // What is wrong elsewhere is wrong all the same.
  world.add(pod("bare", "web"));
  expect(world, "5.8.2.3", Status::kFail, "bare");
  world.context.exclude_namespaces = {"tenant"};
  world.objects.pop_back();
  expect(world, "5.8.2.3", Status::kPass);
}

TEST(RefusedObjects, AQuotaThatCannotBeReadIsNeitherThereNorMissing) {
  World world;
  world.add(name_space("tenant")).refuse(Kind::kResourceQuota, "tenant", "big");
  expect(world, "5.7.5.3", Status::kError, "tenant/big");
  EXPECT_EQ(world.judge("5.7.5.3").findings.size(), 1U);
  world.add(name_space("bare"));
  expect(world, "5.7.5.3", Status::kFail, "bare");
}

// 3,000 pods and 3,000 policies that all differ: nobody waits for the nine million.
TEST(Namespaces, WithMoreToMatchThanTheirShareAreUnknownAndTheOthersAreNot) {
  World world;
  world.add(policy("shop", "p", {{"app", "cart"}})).add(pod("shop", "cart", {{"app", "cart"}}));
  for (int i = 0; i < 3'000; ++i) {
    const std::string n = std::to_string(i);
    world.add(policy("tenant", "p" + n, {{"app", "none"}, {"n", n}})).add(pod("tenant", "w" + n, {{"n", n}}));
  }
  const ObjectResult result = world.judge("5.8.2.3");
  EXPECT_EQ(result.status, Status::kError);
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].object, "Namespace/tenant");
  EXPECT_THAT(text(result), testing::HasSubstr("more different pods and selectors"));
  expect(world, "5.8.2.2", Status::kFail, "tenant/p0");
}

TEST(Namespaces, WithMoreGroupsThanAreHeldAreUnknown) {
  World world;
  LabelSelector any_name;
  any_name.expressions = {{"name", Operator::kDoesNotExist, {}}};
  NetworkPolicy odd = policy("tenant", "p", {});
  odd.pods = any_name;
  world.add(odd).add(policy("shop", "p", {})).add(pod("shop", "cart"));
  for (int i = 0; i < 10'000; ++i) {
    world.add(pod("tenant", "w" + std::to_string(i), {{"name", std::string(50, 'x') + std::to_string(i)}}));
  }
  expect(world, "5.8.2.3", Status::kError, "tenant");
  expect(world, "5.8.2.2", Status::kError, "tenant/p");
}

}  // namespace
}  // namespace baseline::test
