// How far a ValidatingAdmissionPolicy and its bindings reach (5.7.6.3, 5.7.1.16).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.h"

namespace baseline::test {
namespace {

using namespace cluster;
using testing::HasSubstr;

const std::string kRules =
    "resourceRules: [{operations: [CREATE, UPDATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]";
const std::string kPrefix =
    "validations: [{expression: \"object.spec.containers.all(c, c.image.startsWith('r.example/')) && "
    "object.spec.initContainers.all(c, c.image.startsWith('r.example/'))\"}]";

struct Policy {
  std::string match = kRules;  // of matchConstraints
  std::string spec;            // besides: ", failurePolicy: Ignore"
  std::string resources;       // of the binding's matchResources
  std::string binding;         // besides
  std::string actions = "Deny";
};

World& add(World& world, const Policy& policy, const std::string& name = "p") {
  world.add(other(Kind::kValidatingAdmissionPolicy, name,
                  "{spec: {matchConstraints: {" + policy.match + "}, " + kPrefix + policy.spec + "}}"));
  return world.add(other(Kind::kValidatingAdmissionPolicyBinding, name + "-b",
                         "{spec: {policyName: " + name + ", validationActions: [" + policy.actions +
                             "], matchResources: {" + policy.resources + "}" + policy.binding + "}}"));
}

World cluster_of_three() {
  World world;
  world.add(name_space("kube-system")).add(name_space("shop", {{"team", "a"}, {"tier", "web"}}));
  return world.add(name_space("blog", {{"team", "b"}})).add(pod("shop", "cart")).add(pod("blog", "web"));
}

void expect_both(const Policy& policy, Status status, const std::string& words = "") {
  World world = cluster_of_three();
  add(world, policy);
  for (const char* row : {"5.7.6.3", "5.7.1.16"}) {
    const ObjectResult result = world.judge(row);
    EXPECT_EQ(to_string(result.status), to_string(status)) << row << " " << text(result);
    EXPECT_THAT(text(result), HasSubstr(words)) << row;
  }
}

TEST(AdmissionPolicy, WithoutNarrowingItCoversEverything) {
  expect_both({}, Status::kPass, "namespaces 3/3");
  Policy equal;
  equal.match += ", matchPolicy: Exact";  // pods have one version
  expect_both(equal, Status::kPass);
  Policy others_left_out;
  others_left_out.match += ", excludeResourceRules: [{operations: ['*'], resources: [services]}]";
  expect_both(others_left_out, Status::kPass);
}

TEST(AdmissionPolicy, WhatNarrowsItInUnknownWaysMakesItNoCover) {
  const auto with = [](auto set) {
    Policy policy;
    set(policy);
    return policy;
  };
  expect_both(with([](Policy& p) { p.match += ", objectSelector: {matchLabels: {a: b}}"; }), Status::kManual,
              "because of objectSelector");
  expect_both(with([](Policy& p) {
                p.match +=
                    ", excludeResourceRules: [{operations: ['*'], resources: ['*'], "
                    "resourceNames: [x]}]";
              }),
              Status::kManual, "excludeResourceRules");
  expect_both(with([](Policy& p) { p.spec = ", failurePolicy: Ignore"; }), Status::kManual,
              "failurePolicy: Ignore");
  expect_both(with([](Policy& p) { p.spec = ", matchConditions: [{name: 'n', expression: 'true'}]"; }),
              Status::kManual, "matchConditions");
  expect_both(with([](Policy& p) { p.spec = ", paramKind: {apiVersion: v1, kind: ConfigMap}"; }),
              Status::kManual, "paramKind");
  expect_both(with([](Policy& p) { p.binding = ", paramRef: {name: 'n'}"; }), Status::kManual, "paramRef");
  expect_both(with([](Policy& p) { p.resources = "objectSelector: {matchLabels: {a: b}}"; }), Status::kManual,
              "matchResources.objectSelector");
  expect_both(with([](Policy& p) {
                p.resources =
                    "resourceRules: [{operations: [CREATE], apiGroups: [apps], "
                    "apiVersions: [v1], resources: [deployments]}]";
              }),
              Status::kManual, "matchResources.resourceRules");
}

TEST(AdmissionPolicy, ItMustTakeInEveryPodAndDeny) {
  const auto with = [](const std::string& rule) {
    Policy policy;
    policy.match = "resourceRules: [{" + rule + "}]";
    return policy;
  };
  expect_both(with("operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']"),
              Status::kPass);
  expect_both(with("operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [pods], "
                   "resourceNames: [a]"),
              Status::kManual, "because of resourceRules");
  expect_both(
      with("operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [pods], scope: Cluster"),
      Status::kManual, "because of resourceRules");
  expect_both(with("operations: [UPDATE], apiGroups: [''], apiVersions: [v1], resources: [pods]"),
              Status::kManual, "because of resourceRules");
  expect_both(with("operations: ['*'], apiGroups: [x.example], apiVersions: [v1], resources: [pods]"),
              Status::kManual, "because of resourceRules");
  for (const char* actions : {"Warn", "Audit", "'Warn', 'Audit'"}) {
    Policy policy;
    policy.actions = actions;
    expect_both(policy, Status::kManual, "because of validationActions");
  }
}

TEST(AdmissionPolicy, ImagesCanBeChangedLater) {
  Policy policy;
  policy.match =
      "resourceRules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]";
  World world = cluster_of_three();
  add(world, policy);
  EXPECT_EQ(world.judge("5.7.6.3").status, Status::kPass);
  EXPECT_EQ(world.judge("5.7.1.16").status, Status::kManual);
}

TEST(AdmissionPolicy, NamespacesMustHoldBothSelectors) {
  Policy but_system;
  but_system.match +=
      ", namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: "
      "[kube-system]}]}";
  expect_both(but_system, Status::kPass, "namespaces 2/3");

  // Each selects one namespace, together they select none.
  Policy apart;
  apart.match += ", namespaceSelector: {matchLabels: {team: a}}";
  apart.resources = "namespaceSelector: {matchLabels: {team: b}}";
  expect_both(apart, Status::kManual, "namespaceSelector: 0");

  Policy one;
  one.match += ", namespaceSelector: {matchLabels: {team: a}}";
  expect_both(one, Status::kManual, "1/3");

  // Two policies that cover one each.
  World world = cluster_of_three();
  add(world, one);
  Policy rest;
  rest.resources = "namespaceSelector: {matchLabels: {team: b}}";
  add(world, rest, "q");
  EXPECT_EQ(world.judge("5.7.6.3").status, Status::kPass);
  EXPECT_EQ(world.judge("5.7.1.16").status, Status::kPass);
}

}  // namespace
}  // namespace baseline::test
