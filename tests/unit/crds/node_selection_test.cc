#include "crds/node_selection.h"

#include <gtest/gtest.h>

#include "base/yaml.h"

namespace baseline::crds {
namespace {

LabelSelector selector(std::string_view yaml) {
  return label_selector_from(base::parse_yaml(yaml, "test").value(), "selector").value();
}

TEST(LabelSelector, EverythingInItMustHold) {
  const Labels labels{{"pool", "edge"}, {"zone", "a"}};
  EXPECT_TRUE(matches({}, labels));
  EXPECT_TRUE(matches({}, {}));
  EXPECT_TRUE(matches(selector("matchLabels: {pool: edge}"), labels));
  EXPECT_FALSE(matches(selector("matchLabels: {pool: edge, zone: b}"), labels));
  EXPECT_FALSE(
      matches(selector("matchLabels: {pool: edge}\nmatchExpressions: [{key: zone, operator: DoesNotExist}]"),
              labels));
}

TEST(LabelSelector, OperatorsAreTheApis) {
  const auto expression = [](const char* text, const Labels& labels) {
    return matches(selector(std::string("matchExpressions: [") + text + "]"), labels);
  };
  const Labels edge{{"pool", "edge"}};
  EXPECT_TRUE(expression("{key: pool, operator: In, values: [core, edge]}", edge));
  EXPECT_FALSE(expression("{key: pool, operator: In, values: [core]}", edge));
  EXPECT_FALSE(expression("{key: pool, operator: In, values: [core]}", {}));
  EXPECT_FALSE(expression("{key: pool, operator: NotIn, values: [edge]}", edge));
  EXPECT_TRUE(expression("{key: pool, operator: NotIn, values: [edge]}", {}));  // a missing key is not in it
  EXPECT_TRUE(expression("{key: pool, operator: Exists}", edge));
  EXPECT_FALSE(expression("{key: pool, operator: Exists}", {}));
  EXPECT_TRUE(expression("{key: pool, operator: DoesNotExist}", {}));
}

TEST(LabelSelector, MistakesAreNamed) {
  const auto where = [](std::string_view yaml) {
    return label_selector_from(base::parse_yaml(yaml, "test").value(), "spec.nodes.selector").error().where;
  };
  EXPECT_EQ(where("matchExpressions: [{key: a, operator: Is}]"),
            "spec.nodes.selector.matchExpressions[0].operator");
  EXPECT_EQ(where("matchExpressions: [{key: a, operator: In}]"),
            "spec.nodes.selector.matchExpressions[0].values");
  EXPECT_EQ(where("matchExpressions: [{key: a, operator: Exists, values: [b]}]"),
            "spec.nodes.selector.matchExpressions[0].values");
  EXPECT_EQ(where("matchLabels: {a: 1}"), "spec.nodes.selector.matchLabels.a");
}

TEST(Toleration, IsTheSchedulers) {
  const Taint taint{"dedicated", "db", "NoSchedule"};
  EXPECT_TRUE(tolerates({"dedicated", "Equal", "db", "NoSchedule", {}}, taint));
  EXPECT_TRUE(tolerates({"dedicated", "", "db", "", {}}, taint));
  EXPECT_TRUE(tolerates({"dedicated", "Exists", "", "", {}}, taint));
  EXPECT_TRUE(tolerates({"", "Exists", "", "", {}}, taint));
  EXPECT_FALSE(tolerates({"", "Exists", "", "NoExecute", {}}, taint));
  EXPECT_FALSE(tolerates({"dedicated", "Equal", "web", "", {}}, taint));
  EXPECT_FALSE(tolerates({"other", "Exists", "", "", {}}, taint));
  EXPECT_FALSE(tolerates({"", "", "", "", {}}, {"", "", "NoSchedule"}));
}

TEST(Toleration, WhatOnlyPrefersKeepsNobodyAway) {
  EXPECT_TRUE(tolerates_all({}, {{"a", "", "PreferNoSchedule"}}));
  EXPECT_FALSE(tolerates_all({}, {{"a", "", "NoSchedule"}}));
  EXPECT_FALSE(
      tolerates_all({{"a", "Exists", "", "", {}}}, {{"a", "", "NoSchedule"}, {"b", "", "NoExecute"}}));
}

}  // namespace
}  // namespace baseline::crds
