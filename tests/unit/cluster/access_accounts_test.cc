// 5.7.3.1 to .3: the accounts that pods run as.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.h"

namespace baseline::test {
namespace {

using namespace cluster;

const PolicyRule kPods = rule({"get"}, {""}, {"pods"});

World bound() {
  World world;
  world.add(role("shop", "r", {kPods})).add(binding("shop", "b", "Role:r", {"shop/cart"}));
  return world;
}

Pod as_default(Pod pod) {
  pod.service_account = "default";
  return pod;
}

TEST(DefaultAccounts, PodsWithAccountsOfTheirOwnPass) {
  expect(bound().add(pod("shop", "cart")), "5.7.3.1", Status::kPass, "1 pods");
  Pod mirror = as_default(pod("kube-system", "etcd"));
  mirror.metadata.annotations["kubernetes.io/config.mirror"] = "x";
  expect(bound().add(mirror), "5.7.3.1", Status::kPass);
}

TEST(DefaultAccounts, PodsThatRunAsDefaultFailOncePerWorkload) {
  World world = bound();
  for (const char* name : {"cart-1", "cart-2"}) {
    Pod one = as_default(pod("shop", name));
    one.metadata.controller_kind = "StatefulSet";
    one.metadata.controller_name = "cart";
    world.add(one);
  }
  const ObjectResult result = world.judge("5.7.3.1");
  EXPECT_EQ(result.status, Status::kFail);
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].pods, 2);
}

TEST(DefaultAccounts, BindingsThatReachThemFail) {
  for (const char* subject :
       {"shop/default", "Group:system:serviceaccounts", "Group:system:serviceaccounts:shop",
        "User:system:serviceaccount:shop:default"}) {
    expect(bound().add(binding("shop", "c", "Role:r", {subject})), "5.7.3.1", Status::kFail, "Role shop/r");
  }
  World nothing = bound();
  nothing.add(role("shop", "empty", {})).add(binding("shop", "c", "Role:empty", {"shop/default"}));
  expect(nothing, "5.7.3.1", Status::kPass);
}

TEST(UnneededTokens, AMountedTokenNeedsAnAccountWithRights) {
  expect(bound().add(pod("shop", "cart")), "5.7.3.2", Status::kPass, "1 of 1");
  expect(bound().add(pod("shop", "web")), "5.7.3.2", Status::kFail, "shop/web");
  Pod off = pod("shop", "web");
  off.automount_token = false;
  expect(bound().add(off), "5.7.3.2", Status::kPass, "0 of 1");
  off.volumes.resize(1);
  off.volumes[0].service_account_token = true;
  expect(bound().add(off), "5.7.3.2", Status::kFail);
}

TEST(UnneededTokens, ThePodsSettingWinsOverItsAccounts) {
  ServiceAccount account;
  account.metadata.ns = "shop";
  account.metadata.name = "web";
  account.automount_token = false;
  expect(bound().add(account).add(pod("shop", "web")), "5.7.3.2", Status::kPass);
  Pod on = pod("shop", "web");
  on.automount_token = true;
  expect(bound().add(account).add(on), "5.7.3.2", Status::kFail);
}

TEST(UnneededTokens, DiscoveryIsNoRightUnlessTheRoleIsForged) {
  const RoleBinding all = binding("", "d", "ClusterRole:system:discovery", {"Group:system:authenticated"});
  expect(bound().add(bootstrapped(role("", "system:discovery", {kPods}))).add(all).add(pod("shop", "web")),
         "5.7.3.2", Status::kFail);
  expect(bound().add(role("", "system:discovery", {kPods})).add(all).add(pod("shop", "web")), "5.7.3.2",
         Status::kPass);
}

TEST(UnneededTokens, FilesAnswerOnlyWhatTheyHold) {
  expect(files().add(pod("shop", "web")), "5.7.3.2", Status::kNotChecked);
  expect(files().add(binding("shop", "b", "ClusterRole:gone", {"shop/web"})).add(pod("shop", "web")),
         "5.7.3.2", Status::kManual);
  expect(files().add(binding("shop", "b", "ClusterRole:view", {"shop/web"})).add(pod("shop", "web")),
         "5.7.3.2", Status::kPass);
}

TEST(AccountRights, AreLaidOutForAPerson) {
  expect(bound().add(pod("shop", "cart")), "5.7.3.3", Status::kManual, "RoleBinding shop/b → Role shop/r");
  expect(bound().add(pod("shop", "web")), "5.7.3.3", Status::kPass);
  expect(bound(), "5.7.3.3", Status::kNotApplicable);
  World system;
  system.add(role("", "r", {kPods}))
      .add(binding("", "b", "ClusterRole:r", {"kube-system/dns", "kube-system/proxy"}));
  system.add(pod("kube-system", "dns")).add(pod("kube-system", "proxy"));
  expect(system, "5.7.3.3", Status::kManual, "2 accounts in use with rights: dns, proxy");
}

}  // namespace
}  // namespace baseline::test
