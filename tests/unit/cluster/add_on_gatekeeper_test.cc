// Constraints of Gatekeeper, and Ratify behind it (5.7.1.1, .3, .16 and 5.7.6.3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.h"

namespace baseline::test {
namespace {

using namespace cluster;

const std::string kPrivileged = "K8sPSPPrivilegedContainer";
const std::string kRepos = "K8sAllowedRepos";
const std::string kRatify = "RatifyVerification";
const std::string kRepoList = "parameters: {repos: ['r.example/']}";
const std::string kButSystem = "match: {excludedNamespaces: ['kube-*']}";

OtherObject constraint(const std::string& type, const std::string& spec) {
  OtherObject out = other(Kind::kGatekeeperConstraint, "c", "{spec: {" + spec + "}}");
  out.type = type;
  return out;
}

OtherObject made_by(const std::string& type, const std::string& rego) {
  return other(Kind::kGatekeeperTemplate, type,
               "{spec: {crd: {spec: {names: {kind: " + type + "}}}, targets: [{rego: '" + rego + "'}]}}");
}

OtherObject webhook(const std::string& more = "") {
  return other(Kind::kValidatingWebhook, "gatekeeper-validating-webhook-configuration",
               "{webhooks: [{name: validation.gatekeeper.sh, failurePolicy: Ignore, clientConfig: {service: "
               "{namespace: gatekeeper-system}}, namespaceSelector: {matchExpressions: [{key: "
               "admission.gatekeeper.sh/ignore, operator: DoesNotExist}]}, rules: [{operations: [CREATE, "
               "UPDATE], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}]" +
                   more + "}]}");
}

World engine(const std::string& more = "") {
  World world;
  world.add(name_space("kube-system")).add(name_space("shop")).add(name_space("blog", {{"team", "b"}}));
  world.add(name_space("gatekeeper-system", {{"admission.gatekeeper.sh/ignore", "yes"}}));
  world.add(pod("shop", "cart")).add(pod("blog", "web")).add(pod("gatekeeper-system", "gatekeeper"));
  world.add(webhook(more));
  world.add(made_by(kPrivileged, "violation")).add(made_by(kRepos, "repos containers initContainers"));
  return world.add(made_by(kRatify, "external_data isSuccess initContainers"));
}

TEST(Gatekeeper, AKnownTemplateThatDeniesIsAMechanism) {
  expect(engine(), "5.7.6.3", Status::kManual, "constraints: []");
  expect(engine().add(constraint(kPrivileged, "")), "5.7.6.3", Status::kPass, "failurePolicy: Ignore");
  expect(engine().add(constraint(kPrivileged, kButSystem)), "5.7.6.3", Status::kPass, "namespaces 2/4");
  expect(engine().add(constraint(kPrivileged, "enforcementAction: deny")), "5.7.6.3", Status::kPass);
  expect(engine().add(constraint("OwnRule", "")), "5.7.6.3", Status::kManual, "OwnRule");
  expect(engine().add(constraint("K8sPSPVolumeTypes", "parameters: {volumes: ['*']}")), "5.7.6.3",
         Status::kManual, "K8sPSPVolumeTypes");
  expect(engine().add(constraint(kPrivileged, "parameters: {exemptImages: ['*']}")), "5.7.6.3",
         Status::kManual, "exemptImages");
}

TEST(Gatekeeper, WhatDoesNotRefuseIsNone) {
  for (const char* action : {"dryrun", "warn"}) {
    expect(engine().add(constraint(kPrivileged, std::string("enforcementAction: ") + action)), "5.7.6.3",
           Status::kManual, action);
  }
  const auto scoped = [](const std::string& action, const std::string& point) {
    return engine().add(
        constraint(kPrivileged, "enforcementAction: scoped, scopedEnforcementActions: [{action: " + action +
                                    ", enforcementPoints: [{name: " + point + "}]}]"));
  };
  expect(scoped("deny", "validation.gatekeeper.sh"), "5.7.6.3", Status::kPass);
  expect(scoped("deny", "'*'"), "5.7.6.3", Status::kPass);
  expect(scoped("deny", "audit.gatekeeper.sh"), "5.7.6.3", Status::kManual, "scopedEnforcementActions");
  expect(scoped("warn", "'*'"), "5.7.6.3", Status::kManual);
}

TEST(Gatekeeper, AMatchThatLeavesPodsOutIsNoCover) {
  const auto with = [](const std::string& match) {
    return engine().add(constraint(kPrivileged, "match: {" + match + "}"));
  };
  expect(with("kinds: [{apiGroups: ['', apps], kinds: [Pod, Deployment]}]"), "5.7.6.3", Status::kPass);
  expect(with("kinds: [{apiGroups: ['*'], kinds: ['*']}], scope: Namespaced"), "5.7.6.3", Status::kPass);
  expect(with("kinds: [{apiGroups: [apps], kinds: [Deployment]}]"), "5.7.6.3", Status::kManual,
         "match.kinds");
  expect(with("scope: Cluster"), "5.7.6.3", Status::kManual, "match.scope");
  expect(with("labelSelector: {matchLabels: {a: b}}"), "5.7.6.3", Status::kManual, "match.labelSelector");
  expect(with("name: 'web-*'"), "5.7.6.3", Status::kManual, "match.name");
  expect(with("source: Generated"), "5.7.6.3", Status::kManual, "match.source");
  expect(with("unheardOf: {}"), "5.7.6.3", Status::kManual, "match.unheardOf");
  expect(with("namespaces: [shop]"), "5.7.6.3", Status::kManual, "namespaces 1/4");
  expect(with("namespaces: ['*op', blog]"), "5.7.6.3", Status::kPass);
  expect(with("excludedNamespaces: ['*lo*']"), "5.7.6.3", Status::kManual, "namespaces 2/4");
  expect(with("namespaceSelector: {matchLabels: {team: b}}"), "5.7.6.3", Status::kManual, "namespaces 1/4");
  expect(with("namespaces: [nowhere]"), "5.7.6.3", Status::kManual, "namespaces 0/4");
}

TEST(Gatekeeper, ItsWebhookAndItsExemptionsNarrowEveryConstraint) {
  World without;
  without.add(name_space("shop")).add(pod("shop", "cart")).add(made_by(kPrivileged, "violation"));
  expect(World(without).add(constraint(kPrivileged, "")), "5.7.6.3", Status::kManual, "webhooks: []");
  expect(engine(", objectSelector: {matchLabels: {a: b}}").add(constraint(kPrivileged, "")), "5.7.6.3",
         Status::kManual, "webhooks.objectSelector");
  expect(engine(", matchConditions: [{name: 'n', expression: 'true'}]").add(constraint(kPrivileged, "")),
         "5.7.6.3", Status::kManual, "webhooks.matchConditions");
  const auto config = [](const std::string& match) {
    return engine()
        .add(constraint(kPrivileged, ""))
        .add(other(Kind::kGatekeeperConfig, "config", "{spec: {match: [{" + match + "}]}}"));
  };
  expect(config("excludedNamespaces: [blog], processes: ['*']"), "5.7.6.3", Status::kManual,
         "Namespace blog");
  expect(config("excludedNamespaces: [blog], processes: [webhook]"), "5.7.6.3", Status::kManual);
  expect(config("excludedNamespaces: [blog], processes: [audit]"), "5.7.6.3", Status::kPass);
  World tenants = config("excludedNamespaces: [blog], processes: ['*']");
  std::get<OtherObject>(tenants.objects.back()).metadata.ns = "blog";
  expect(tenants, "5.7.6.3", Status::kPass);  // Gatekeeper does not read it
  expect(config("excludedNamespaces: ['kube-*'], processes: ['*']"), "5.7.6.3", Status::kPass);
}

TEST(Gatekeeper, ATemplateOfTheSameNameMustBeTheLibrarys) {
  World gone;
  gone.add(name_space("shop")).add(webhook()).add(constraint(kRepos, kRepoList));
  expect(gone, "5.7.1.16", Status::kManual, "ConstraintTemplate: []");
  World replaced;
  replaced.add(name_space("shop")).add(webhook()).add(constraint(kRepos, kRepoList));
  expect(replaced.add(made_by(kRepos, "true")), "5.7.1.16", Status::kManual, "spec.targets");
}

TEST(Gatekeeper, APassNamesTheTemplateThatItRestsOn) {
  World world;
  OtherObject made = made_by(kRepos, "repos containers initContainers");
  made.metadata.annotations = {{"metadata.gatekeeper.sh/version", "1.0.2"}};
  world.add(name_space("shop")).add(webhook()).add(made).add(constraint(kRepos, kRepoList));
  expect(world, "5.7.1.16", Status::kPass, "(ConstraintTemplate K8sAllowedRepos 1.0.2)");
}

TEST(Gatekeeper, AllowedRepositoriesMustPinTheRegistryDown) {
  expect(engine(), "5.7.1.16", Status::kManual);
  expect(engine().add(constraint(kRepos, kRepoList)), "5.7.1.16", Status::kPass, "r.example/");
  expect(engine().add(constraint(kRepos, kRepoList + ", " + kButSystem)), "5.7.1.16", Status::kPass);
  expect(engine().add(constraint(kRepos, kRepoList + ", match: {excludedNamespaces: [blog]}")), "5.7.1.16",
         Status::kManual);
  expect(engine().add(constraint(kRepos, kRepoList + ", enforcementAction: dryrun")), "5.7.1.16",
         Status::kManual, "dryrun");
  expect(engine().add(constraint(kRepos, "parameters: {repos: ['r.example/', r.example]}")), "5.7.1.16",
         Status::kManual, "repos: r.example");
  expect(engine().add(constraint(kRepos, "")), "5.7.1.16", Status::kManual, "repos: []");
  expect(engine().add(constraint("K8sDisallowedRepos", kRepoList)), "5.7.1.16", Status::kManual,
         "ConstraintTemplate");
  World globs = engine();
  globs.add(made_by("K8sAllowedReposv2", "allowedImages containers initContainers"));
  expect(World(globs).add(constraint("K8sAllowedReposv2", "parameters: {allowedImages: ['r.example/*']}")),
         "5.7.1.16", Status::kPass);
  expect(World(globs).add(constraint("K8sAllowedReposv2", "parameters: {allowedImages: ['r*']}")), "5.7.1.16",
         Status::kManual);
}

World with_ratify(const std::string& verifier = "name: notation",
                  const std::string& policy = "config-policy") {
  World world = engine();
  world.add(constraint(kRatify, "")).add(other(Kind::kRatifyStore, "store-oras", "{spec: {name: oras}}"));
  world.add(other(Kind::kRatifyVerifier, "v", "{spec: {" + verifier + "}}"));
  return world.add(other(Kind::kRatifyPolicy, "ratify-policy", "{spec: {type: " + policy + "}}"));
}

TEST(Ratify, VerifiesWhereAConstraintAsksItAndItsObjectsSaySo) {
  for (const char* row : {"5.7.1.1", "5.7.1.3"}) {
    expect(with_ratify(), row, Status::kPass, kRatify);
    expect(with_ratify("name: v, type: cosign"), row, Status::kPass);
    expect(engine(), row, Status::kManual, "constraints: []");
    expect(engine().add(constraint(kRatify, "")), row, Status::kManual, "Store: []");
  }
  expect(with_ratify("name: sbom"), "5.7.1.1", Status::kManual, "Verifier: v");
  expect(with_ratify("name: notation, parameters: {trustPolicyDoc: {trustPolicies: [{signatureVerification: "
                     "{level: audit}}]}}"),
         "5.7.1.1", Status::kManual, "Verifier: v");
  expect(with_ratify("name: notation", "rego-policy"), "5.7.1.1", Status::kManual, "rego-policy");
  expect(engine().add(constraint("K8sSignedImages", "")), "5.7.1.1", Status::kManual, "K8sSignedImages");
}

TEST(Gatekeeper, WhatCannotBeReadIsAnError) {
  for (const Kind kind : {Kind::kGatekeeperConstraint, Kind::kGatekeeperConfig}) {
    World unread = engine();
    unread.unreadable = {kind};
    for (const char* row : {"5.7.1.1", "5.7.1.16", "5.7.6.3"}) expect(unread, row, Status::kError);
  }
}

}  // namespace
}  // namespace baseline::test
