// 5.7.3.4 to .7 and 5.7.4.5: what roles and bindings alone tell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/cluster/access_evidence.h"
#include "baseline/cluster/checks/rbac_index.h"
#include "world.h"

namespace baseline::test {
namespace {

using namespace cluster;
using testing::HasSubstr;
using testing::Not;

const PolicyRule kSecrets = rule({"get"}, {""}, {"secrets"});
const PolicyRule kBind = rule({"bind"}, {"rbac.authorization.k8s.io"}, {"clusterroles"});

World usual() {
  World world;
  world.add(bootstrapped(role("", "cluster-admin", {rule({"*"}, {"*"}, {"*"})})));
  world.add(
      bootstrapped(binding("", "cluster-admin", "ClusterRole:cluster-admin", {"Group:system:masters"})));
  return world;
}

TEST(AccessRights, ACleanClusterPasses) {
  for (const char* id : {"5.7.3.4", "5.7.3.5", "5.7.3.6", "5.7.3.7", "5.7.4.5"})
    expect(usual(), id, Status::kPass);
}

TEST(AccessRights, MastersInAnyOtherBindingFail) {
  expect(usual().add(binding("shop", "x", "Role:r", {"Group:system:masters"})), "5.7.3.4", Status::kFail,
         "RoleBinding shop/x");
  // The name alone and the label alone are anybody's to write.
  World named;
  named.add(binding("", "cluster-admin", "ClusterRole:cluster-admin", {"Group:system:masters"}));
  expect(named, "5.7.3.4", Status::kFail);
  World labelled;
  labelled.add(bootstrapped(binding("", "mine", "ClusterRole:cluster-admin", {"Group:system:masters"})));
  expect(labelled, "5.7.3.4", Status::kFail);
}

TEST(AccessRights, CertificateRequestsForMastersFailUnlessDenied) {
  CertificateSigningRequest request;
  request.metadata.name = "alice";
  request.common_name = "alice";
  request.organizations = {"system:masters"};
  expect(usual().add(request), "5.7.3.4", Status::kFail, "alice");
  request.denied = true;
  expect(usual().add(request), "5.7.3.4", Status::kPass);
  request.denied = false;
  request.readable = false;
  expect(usual().add(request), "5.7.3.4", Status::kManual);
}

TEST(AccessRights, EscalatingVerbsCountWhereTheyHaveEffect) {
  const auto with = [](const PolicyRule& one) {
    return usual().add(role("", "r", {one})).add(binding("", "b", "ClusterRole:r", {"User:alice"}));
  };
  expect(with(kBind), "5.7.3.5", Status::kFail, "User alice");
  expect(with(rule({"escalate"}, {"*"}, {"roles"})), "5.7.3.5", Status::kFail);
  expect(with(rule({"impersonate"}, {""}, {"users"})), "5.7.3.5", Status::kFail);
  expect(with(rule({"impersonate"}, {"authentication.k8s.io"}, {"userextras/scopes"})), "5.7.3.5",
         Status::kFail);
  expect(with(rule({"*"}, {"*"}, {"*"})), "5.7.3.5", Status::kFail);
  expect(with(rule({"*"}, {""}, {"pods"})), "5.7.3.5", Status::kPass);
  PolicyRule narrow = kBind;
  narrow.resource_names = {"view"};
  expect(with(narrow), "5.7.3.5", Status::kManual);
  narrow.resource_names = {"cluster-admin"};
  expect(with(narrow), "5.7.3.5", Status::kFail);
}

TEST(AccessRights, TheRoleEditOfANamespaceIsForAPersonToJudge) {
  World world = usual();
  world.add(bootstrapped(role("", "edit", {rule({"impersonate"}, {""}, {"serviceaccounts"})})));
  world.add(binding("shop", "b", "ClusterRole:edit", {"User:alice"}));
  expect(world, "5.7.3.5", Status::kManual);
  world.add(binding("kube-system", "b", "ClusterRole:edit", {"User:bob"}));
  expect(world, "5.7.3.5", Status::kFail, "bob");
}

TEST(AccessRights, AggregatedRolesAreFollowedToTheirSourcesAndCirclesEnd) {
  World world = usual();
  Role a = role("", "a", {});
  a.aggregated = true;
  a.metadata.labels = {{"to", "b"}};
  a.aggregation = {{{{"to", "a"}}, {}, false}};
  Role b = role("", "b", {});
  b.aggregated = true;
  b.metadata.labels = {{"to", "a"}};
  b.aggregation = {{{{"to", "b"}}, {}, false}, {{{"to", "c"}}, {}, false}};
  Role c = role("", "c", {kBind});
  c.metadata.labels = {{"to", "c"}};
  world.add(a).add(b).add(c).add(binding("", "x", "ClusterRole:a", {"shop/cart"}));
  expect(world, "5.7.3.5", Status::kFail, "aggregated ClusterRole c");
}

TEST(AccessRights, ClusterAdminIsShownWithItsBinding) {
  expect(usual().add(binding("", "helm", "ClusterRole:cluster-admin", {"kube-system/tiller"})), "5.7.3.6",
         Status::kFail, "ServiceAccount kube-system/tiller");
  expect(usual().add(binding("", "kubeadm:cluster-admins", "ClusterRole:cluster-admin",
                             {"Group:kubeadm:cluster-admins"})),
         "5.7.3.6", Status::kManual);
  // A subject that was added to the built-in binding is no part of Kubernetes.
  World added;
  added.add(bootstrapped(
      binding("", "cluster-admin", "ClusterRole:cluster-admin", {"Group:system:masters", "User:eve"})));
  expect(added, "5.7.3.6", Status::kFail, "eve");
  // A Role of that name is another one.
  expect(usual().add(binding("shop", "x", "Role:cluster-admin", {"User:alice"})), "5.7.3.6", Status::kPass);
}

TEST(AccessRights, WildcardsInOwnRolesFailWhoeverIsBound) {
  expect(usual().add(role("shop", "r", {rule({"get"}, {""}, {"*"})})), "5.7.3.7", Status::kFail,
         "Role shop/r");
  expect(usual().add(role("", "r", {rule({"get"}, {"apps"}, {"*/scale"})})), "5.7.3.7", Status::kFail);
  expect(usual().add(role("", "system:mine", {rule({"*"}, {""}, {"pods"})})), "5.7.3.7", Status::kFail);
  expect(usual().add(bootstrapped(role("", "mine", {rule({"*"}, {""}, {"pods"})}))), "5.7.3.7",
         Status::kFail);
  Role borrowed = role("", "borrowed", {});
  borrowed.aggregated = true;
  borrowed.aggregation = {{{{"kubernetes.io/bootstrapping", "rbac-defaults"}}, {}, false}};
  expect(usual().add(borrowed), "5.7.3.7", Status::kFail, "aggregated from ClusterRole cluster-admin");
}

TEST(AccessRights, ReadersOfSecretsAreForAPersonUnlessAnybodyMay) {
  const auto to = [](const std::string& subject) {
    return usual().add(role("", "r", {kSecrets})).add(binding("", "b", "ClusterRole:r", {subject}));
  };
  expect(to("shop/cart"), "5.7.4.5", Status::kManual, "ClusterRoleBinding b → ClusterRole r");
  for (const char* anybody :
       {"Group:system:authenticated", "Group:system:serviceaccounts:shop", "shop/default",
        "User:system:serviceaccount:shop:default", "User:system:anonymous"}) {
    expect(to(anybody), "5.7.4.5", Status::kFail);
  }
  expect(usual()
             .add(role("shop", "r", {rule({"create"}, {""}, {"secrets"})}))
             .add(binding("shop", "b", "Role:r", {"shop/cart"})),
         "5.7.4.5", Status::kPass);
}

TEST(AccessRights, ARoleThatIsNotThereGrantsNothingInAClusterAndIsUnknownInFiles) {
  const RoleBinding dangling = binding("shop", "b", "ClusterRole:gone", {"shop/cart"});
  expect(usual().add(dangling), "5.7.4.5", Status::kPass);
  expect(files().add(dangling), "5.7.4.5", Status::kManual, "was not given");
  expect(files().add(binding("shop", "b", "ClusterRole:admin", {"shop/cart"})), "5.7.4.5", Status::kManual,
         "ClusterRole admin");
  expect(files().add(role("", "r", {})), "5.7.4.5", Status::kNotChecked);
}

TEST(AccessRights, AKindThatCouldNotBeReadIsAnError) {
  for (const char* id : {"5.7.3.1", "5.7.3.2", "5.7.3.3", "5.7.3.4", "5.7.3.5", "5.7.3.6", "5.7.4.5"}) {
    World world = usual();
    world.unreadable = {Kind::kClusterRoleBinding};
    expect(world, id, Status::kError);
  }
}

TEST(AccessRights, TwentyThousandBindingsAreCountedInFull) {
  World world = usual();
  world.add(role("", "r", {kSecrets}));
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = std::to_string(i);
    world.add(binding("ns-" + name, "b", "ClusterRole:r", {"ns-" + name + "/a"}));
  }
  const ObjectResult result = world.judge("5.7.4.5");
  EXPECT_EQ(result.status, Status::kManual);
  EXPECT_THAT(text(result), HasSubstr("20000 grants"));
  EXPECT_EQ(result.findings.size() + result.more.size(), 20'000U);
}

TEST(AccessRights, NamesThatAreEmptyOrOfNoKindMatchNobody) {
  World world = usual();
  RoleBinding odd = binding("", "b", "ClusterRole:cluster-admin", {});
  odd.subjects = {{"", "", "x"}, {"User", "", ""}, {"ServiceAccount", "", "a"}, {"Robot", "", "r"}};
  expect(world.add(odd), "5.7.3.6", Status::kPass);
}

TEST(AccessEvidence, AnonymousGrantsAreThoseBeyondDiscovery) {
  ClusterFacts facts;
  facts.roles = {bootstrapped(role("", "system:public-info-viewer", {rule({"get"}, {""}, {"x"})})),
                 role("kube-public", "info", {rule({"get"}, {""}, {"configmaps"}, {"cluster-info"})}),
                 role("", "r", {kSecrets})};
  facts.bindings = {
      binding("", "system:public-info-viewer", "ClusterRole:system:public-info-viewer",
              {"Group:system:unauthenticated"}),
      binding("kube-public", "kubeadm:bootstrap-signer-clusterinfo", "Role:info", {"User:system:anonymous"})};
  EXPECT_TRUE(anonymous_grants(facts).empty());
  facts.bindings.push_back(binding("", "open", "ClusterRole:r", {"Group:system:unauthenticated"}));
  const auto found = anonymous_grants(facts);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].status, Status::kFail);
  EXPECT_THAT(render(found[0].actual, Language::kEnglish), HasSubstr("ClusterRoleBinding open"));
}

TEST(AccessEvidence, CertificateRequestsOfPeopleAreThoseWithoutASystemName) {
  ClusterFacts facts;
  facts.certificate_requests.resize(3);
  for (auto& one : facts.certificate_requests) one.signer = "kubernetes.io/kube-apiserver-client";
  facts.certificate_requests[0].common_name = "alice";
  facts.certificate_requests[1].common_name = "system:node:n1";
  facts.certificate_requests[2].common_name = "bob";
  facts.certificate_requests[2].signer = "kubernetes.io/kubelet-serving";
  const auto found = human_certificate_requests(facts);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(render(found[0].actual, Language::kEnglish), HasSubstr("alice"));
}

TEST(RbacIndex, AggregationIsGivenUpRatherThanFollowedForEver) {
  ClusterFacts facts;
  for (int i = 0; i < 1500; ++i) {
    Role one = role("", "r" + std::to_string(i), {});
    one.aggregated = true;
    one.metadata.labels = {{"a", "b"}};
    one.aggregation = {{{{"a", "b"}}, {}, false}};
    facts.roles.push_back(one);
  }
  RbacIndex index(facts, true);
  index.rules(facts.roles[0]);
  EXPECT_TRUE(index.gave_up());
}

TEST(RbacIndex, RulesThatAreAggregatedCountAsWell) {
  ClusterFacts facts;
  Role sum = role("", "sum", {});
  sum.aggregated = true;
  sum.aggregation = {{{{"a", "b"}}, {}, false}};
  facts.roles.push_back(sum);
  for (int i = 0; i < 300; ++i) {
    Role one = role("", "r" + std::to_string(i), std::vector(5'000, rule({"get"}, {""}, {"pods"})));
    one.metadata.labels = {{"a", "b"}};
    facts.roles.push_back(one);
  }
  RbacIndex index(facts, true);
  EXPECT_LE(index.rules(facts.roles[0]).size(), 1'000'000U);
  EXPECT_TRUE(index.gave_up());
}

// 5,000 narrow rules in front of a wide one, for 5,000 subjects: the wide one is what is told.
TEST(AccessRights, TheWorstRuleOfManyIsTold) {
  std::vector<PolicyRule> rules(4'999, rule({"bind"}, {"rbac.authorization.k8s.io"}, {"roles"}, {"one"}));
  rules.push_back(rule({"bind"}, {"rbac.authorization.k8s.io"}, {"roles"}));
  std::vector<std::string> subjects;
  for (int i = 0; i < 5'000; ++i) subjects.push_back("User:u" + std::to_string(i));
  World world;
  world.add(role("tenant", "r", rules)).add(binding("tenant", "b", "Role:r", subjects));
  const ObjectResult result = world.judge("5.7.3.5");
  EXPECT_EQ(result.status, Status::kFail);
  EXPECT_THAT(text(result), HasSubstr("5000"));
}

TEST(AccessRights, ALongWordIsCut) {
  World world;
  world.add(role("tenant", "r", {rule({"*"}, {""}, {std::string(400'000, 'x')})}));
  const ObjectResult result = world.judge("5.7.3.7");
  EXPECT_EQ(result.status, Status::kFail);
  EXPECT_LT(text(result).size(), 5'000U);
}

TEST(AccessEvidence, AnonymousGrantsAreBounded) {
  ClusterFacts facts;
  facts.roles.push_back(role("tenant", "r", {}));
  for (int i = 0; i < 5'000; ++i)
    facts.roles[0].rules.push_back(rule({"get"}, {""}, {"x" + std::to_string(i)}));
  for (int i = 0; i < 100; ++i)
    facts.bindings.push_back(binding("tenant", "b" + std::to_string(i), "Role:r", {"User:system:anonymous"}));
  EXPECT_EQ(anonymous_grants(facts).size(), 2'000U);
}

}  // namespace
}  // namespace baseline::test
