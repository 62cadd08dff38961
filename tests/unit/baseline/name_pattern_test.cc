#include "baseline/name_pattern.h"

#include <gtest/gtest.h>

#include "baseline/cluster/cluster_facts.h"
#include "baseline/exemption.h"

namespace baseline {
namespace {

TEST(NamePattern, IsAWholeNameOrTheBeginningOfOne) {
  EXPECT_TRUE(matches_pattern("shop", "shop"));
  EXPECT_FALSE(matches_pattern("shop-eu", "shop"));
  EXPECT_FALSE(matches_pattern("sho", "shop"));
  EXPECT_TRUE(matches_pattern("shop-eu", "shop-*"));
  EXPECT_TRUE(matches_pattern("shop-", "shop-*"));
  EXPECT_FALSE(matches_pattern("shop", "shop-*"));
  EXPECT_TRUE(matches_pattern("shop", "*"));
}

TEST(NamePattern, HasAnEndForNothingButAStar) {
  EXPECT_FALSE(matches_pattern("shop-eu", "*-eu")) << "a star at the beginning is a character";
  EXPECT_TRUE(matches_pattern("a*b", "a*b"));
  EXPECT_FALSE(matches_pattern("Shop", "shop")) << "names are case-sensitive";
  EXPECT_FALSE(matches_pattern("shop", ""));
  EXPECT_TRUE(matches_pattern("", ""));
  EXPECT_TRUE(matches_pattern("", "*"));
}

TEST(NamePattern, OfSeveralOneMustMatch) {
  EXPECT_TRUE(matches_any("team-a", {"shop", "team-*"}));
  EXPECT_FALSE(matches_any("bank", {"shop", "team-*"}));
  EXPECT_FALSE(matches_any("bank", {}));
}

TEST(NamePattern, ExcludedNamespacesAreOutEvenWhereTheyAreIncluded) {
  EXPECT_TRUE(selects_namespace("shop", {}, {}));
  EXPECT_TRUE(selects_namespace("shop-eu", {"shop-*"}, {}));
  EXPECT_FALSE(selects_namespace("bank", {"shop-*"}, {}));
  EXPECT_FALSE(selects_namespace("shop-eu", {"shop-*"}, {"shop-eu"}));
  EXPECT_FALSE(selects_namespace("kube-system", {}, {"kube-*"}));
}

TEST(NamePattern, WhatStandsInNoNamespaceIsAlwaysLookedAt) {
  EXPECT_TRUE(selects_namespace("", {"shop"}, {}));
  EXPECT_TRUE(selects_namespace("", {}, {"*"}));
}

TEST(NamePattern, ManyPatternsMatchAsEachOfThemDoes) {
  const std::vector<std::string> patterns{"kube-system", "platform-*", "openshift*", "a**", ""};
  const NamePatterns all(patterns);
  for (const char* name : {"kube-system", "kube-system-2", "platform-", "platform-net", "platform",
                           "openshift", "openshift-etcd", "a", "a*", "a*b", "", "shop"})
    EXPECT_EQ(all.match(name), matches_any(name, patterns)) << name;
  EXPECT_TRUE(NamePatterns({"*"}).match(""));
  EXPECT_FALSE(NamePatterns({}).match(""));
}

// A scan and an exemption read the same pattern in the same way.
TEST(NamePattern, MeansTheSameToAScanAndToAnExemption) {
  for (const char* pattern : {"shop", "shop-*", "*", "sh*p"}) {
    for (const char* name : {"shop", "shop-", "shop-eu", "sh*p", "bank"}) {
      cluster::ClusterContext context;
      context.include_namespaces = {pattern};
      ExemptionScope scope;
      scope.namespaces = {pattern};
      EXPECT_EQ(context.covers(name), covers_object(scope, {"Pod", name, "cart", "web", nullptr, nullptr}))
          << pattern << " " << name;
      EXPECT_EQ(context.covers(name), matches_pattern(name, pattern)) << pattern << " " << name;
    }
  }
}

}  // namespace
}  // namespace baseline
