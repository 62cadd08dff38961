// 5.7.1.1-.3, .13-.18 and 5.7.6.3: what add-ons and admission objects prove.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/signals.h"
#include "world.h"

namespace baseline::test {
namespace {

using namespace cluster;

OtherObject hook(const std::string& name, const std::string& selector = "{}",
                 Kind kind = Kind::kValidatingWebhook) {
  return other(kind, name,
               "{webhooks: [{name: " + name + ", failurePolicy: Ignore, namespaceSelector: " + selector +
                   ", rules: [{operations: [CREATE, UPDATE], apiGroups: [''], apiVersions: [v1], resources: "
                   "[pods]}]}]}");
}

OtherObject kyverno(const std::string& spec) {
  return other(Kind::kKyvernoClusterPolicy, "p", "{spec: " + spec + "}");
}

World with_kyverno() {
  World world;
  world.add(name_space("shop")).add(hook("kyverno-resource-validating-webhook-cfg"));
  return world.add(hook("kyverno-resource-mutating-webhook-cfg", "{}", Kind::kMutatingWebhook));
}

const std::string kPods = "match: {any: [{resources: {kinds: [Pod]}}]}, ";
const std::string kVerify =
    "rules: [{name: v, " + kPods +
    "verifyImages: [{imageReferences: ['*'], attestors: [{entries: [{keyless: {}}]}]}]}]";

TEST(Signatures, AKyvernoRuleCountsWhenItEnforces) {
  for (const char* id : {"5.7.1.1", "5.7.1.3"}) {
    expect(with_kyverno(), id, Status::kManual);
    expect(with_kyverno().add(kyverno("{validationFailureAction: Enforce, " + kVerify + "}")), id,
           Status::kPass);
  }
  expect(with_kyverno().add(kyverno("{validationFailureAction: Audit, " + kVerify + "}")), "5.7.1.1",
         Status::kManual, "Audit");
  expect(with_kyverno().add(kyverno("{" + kVerify + "}")), "5.7.1.1", Status::kManual);
  expect(with_kyverno().add(kyverno("{validationFailureAction: Enforce, admission: false, " + kVerify + "}")),
         "5.7.1.1", Status::kManual);
  expect(with_kyverno().add(kyverno("{validationFailureAction: Enforce, rules: [{verifyImages: [{}]}]}")),
         "5.7.1.1", Status::kManual);
  // Policies that were left behind by an engine that is gone.
  expect(World().add(kyverno("{validationFailureAction: Enforce, " + kVerify + "}")), "5.7.1.1",
         Status::kManual);
}

OtherObject sigstore(const std::string& more = "", const std::string& glob = "**",
                     const std::string& authorities = "{keyless: {}}") {
  return other(Kind::kSigstoreImagePolicy, "p",
               "{spec: {images: [{glob: '" + glob + "'}], authorities: [" + authorities + "]" + more + "}}");
}

// Two namespaces, of which `shop` has opted in, and `blog` has what it is given.
World opted_in(const Labels& blog) {
  World world;
  world.add(hook("policy.sigstore.dev", "{matchLabels: {policy.sigstore.dev/include: 'true'}}"));
  world.add(name_space("shop", {{"policy.sigstore.dev/include", "true"}}));
  return world.add(name_space("blog", blog)).add(name_space("kube-system"));
}

TEST(Signatures, SigstoreNeedsItsWebhookAndEveryNamespace) {
  const Labels in{{"policy.sigstore.dev/include", "true"}};
  expect(World().add(sigstore()), "5.7.1.1", Status::kManual);
  expect(World()
             .add(sigstore())
             .add(hook("policy.sigstore.dev", "{matchLabels: {a: b}}"))
             .add(name_space("shop")),
         "5.7.1.1", Status::kManual, "0/1");
  for (const char* row : {"5.7.1.1", "5.7.1.3"}) {
    expect(opted_in({}).add(sigstore()), row, Status::kManual, "namespaces 1/3");
    expect(opted_in({}).add(sigstore()), row, Status::kManual, "Namespace blog");
    expect(opted_in(in).add(sigstore()), row, Status::kPass, "namespaces 2/3");
  }
}

TEST(Signatures, SigstorePoliciesMustHoldForEveryImage) {
  const auto with = [](const OtherObject& policy, Status status, const std::string& words) {
    expect(opted_in({{"policy.sigstore.dev/include", "true"}}).add(policy), "5.7.1.1", status, words);
  };
  with(sigstore(", mode: warn"), Status::kManual, "mode: warn");
  with(sigstore(", mode: enforce"), Status::kPass, "");
  with(sigstore("", "r.example/**"), Status::kManual, "because of images");
  with(sigstore("", "*"), Status::kManual, "because of images");
  with(sigstore("", "**", "{keyless: {}}, {static: {action: pass}}"), Status::kManual,
       "because of authorities");
  with(sigstore("", "**", ""), Status::kManual, "because of authorities");
  with(sigstore(", match: [{group: apps, version: v1, resource: deployments}]"), Status::kManual,
       "because of match");
  with(sigstore(", match: [{version: v1, resource: pods, selector: {matchLabels: {a: b}}}]"), Status::kManual,
       "because of match");
  with(sigstore(", match: [{version: v1, resource: pods}]"), Status::kPass, "");
  OtherObject broken = other(Kind::kSigstoreImagePolicy, "p",
                             "{spec: {images: [{glob: '**'}], authorities: [{keyless: {}}]}, status: "
                             "{conditions: [{type: Ready, status: 'False'}]}}");
  with(broken, Status::kManual, "status.conditions");
}

TEST(Signatures, ConnaisseursWebhookAloneProvesNothing) {
  expect(World().add(hook("connaisseur")).add(name_space("shop")), "5.7.1.1", Status::kManual,
         "application.policy, detectionMode");
  expect(World().add(hook("connaisseur", "{matchLabels: {a: b}}")).add(name_space("shop")), "5.7.1.1",
         Status::kManual, "namespaceSelector: 0/1");
}

TEST(Signatures, OtherWaysAndFiles) {
  World signalled;
  signalled.context.signals = {std::string(signals::kImagePolicyWebhook)};
  expect(signalled, "5.7.1.1", Status::kPass);
  expect(files().add(name_space("shop")), "5.7.1.1", Status::kNotChecked);
  World unread;
  unread.unreadable = {Kind::kKyvernoClusterPolicy};
  expect(unread, "5.7.1.1", Status::kError);
}

VulnerabilityReport report(int hours_old, int fixable) {
  VulnerabilityReport out;
  out.metadata.ns = "shop";
  out.metadata.name = "r";
  out.metadata.controller_kind = "StatefulSet";
  out.metadata.controller_name = "cart";
  out.image = "cart:1";
  out.updated = base::Time{std::chrono::seconds(1'800'000'000)} - std::chrono::hours(hours_old);
  out.fixable_critical = fixable;
  return out;
}

TEST(Reports, MustBeYoungCleanAndOfEveryWorkload) {
  Pod cart = pod("shop", "cart-0");
  cart.metadata.controller_kind = "StatefulSet";
  cart.metadata.controller_name = "cart";
  expect(World().add(cart), "5.7.1.2", Status::kManual);
  expect(World().add(cart).add(report(1, 0)), "5.7.1.2", Status::kPass);
  expect(World().add(cart).add(report(1, 2)), "5.7.1.2", Status::kFail, "2 critical");
  expect(World().add(cart).add(report(200, 2)), "5.7.1.2", Status::kManual, "too old");
  expect(World().add(cart).add(report(1, 0)).add(pod("shop", "web")), "5.7.1.2", Status::kManual,
         "no vulnerability report");
}

TEST(Registries, AreForAPersonWithTheRegistriesInUse) {
  for (const char* id : {"5.7.1.13", "5.7.1.14", "5.7.1.15", "5.7.1.17", "5.7.1.18"}) {
    expect(World().add(pod("shop", "cart")), id, Status::kManual, "Registry registry.example");
  }
}

OtherObject cel(const std::string& prefix, bool init = true) {
  return other(Kind::kValidatingAdmissionPolicy, "p",
               "{spec: {matchConstraints: {resourceRules: [{operations: [CREATE, UPDATE], apiGroups: [''], "
               "apiVersions: [v1], resources: [pods]}]}, validations: "
               "[{expression: \"object.spec.containers.all(c, c.image.startsWith('" +
                   prefix + "'))\"}" +
                   (init ? ", {expression: \"object.spec.initContainers.all(c, c.image.startsWith('" +
                               prefix + "'))\"}"
                         : "") +
                   "]}}");
}

OtherObject bound(const std::string& action) {
  return other(Kind::kValidatingAdmissionPolicyBinding, "b",
               "{spec: {policyName: p, validationActions: [" + action + "]}}");
}

TEST(AllowLists, AnAdmissionPolicyMustDenyAndPinTheRegistryDown) {
  const World world = World().add(name_space("shop"));
  expect(world, "5.7.1.16", Status::kManual);
  expect(World(world).add(cel("r.example/")).add(bound("Deny")), "5.7.1.16", Status::kPass);
  expect(World(world).add(cel("r.example/")), "5.7.1.16", Status::kManual);
  expect(World(world).add(cel("r.example/")).add(bound("Audit")), "5.7.1.16", Status::kManual);
  expect(World(world).add(cel("r.example")).add(bound("Deny")), "5.7.1.16", Status::kManual);
  expect(World(world).add(cel("r.example/", false)).add(bound("Deny")), "5.7.1.16", Status::kManual,
         "initContainers");
}

TEST(AllowLists, KyvernoPatternsMustNameARegistry) {
  const auto with = [](const std::string& image) {
    return with_kyverno().add(kyverno("{validationFailureAction: Enforce, rules: [{name: r, " + kPods +
                                      "validate: {pattern: {spec: {containers: [{image: '" + image +
                                      "'}], '=(initContainers)': [{image: '" + image + "'}]}}}}]}"));
  };
  expect(with("r.example/* | s.example/*"), "5.7.1.16", Status::kPass);
  expect(with("!*:latest"), "5.7.1.16", Status::kManual);
  expect(with("r.example/* | *"), "5.7.1.16", Status::kManual);
}

TEST(Mechanisms, OneMustBeInForceWherePodsRun) {
  const std::string enforce = "pod-security.kubernetes.io/enforce";
  World none;
  none.add(name_space("shop")).add(pod("shop", "cart"));
  expect(none, "5.7.6.3", Status::kFail);
  const auto labelled = [&](const std::string& level) {
    return World().add(name_space("shop", {{enforce, level}})).add(pod("shop", "cart"));
  };
  expect(labelled("restricted"), "5.7.6.3", Status::kPass);
  expect(labelled("privileged"), "5.7.6.3", Status::kFail);
  expect(labelled("baseline").add(name_space("blog")).add(pod("blog", "web")), "5.7.6.3", Status::kManual,
         "Namespace blog");
  World old = labelled("baseline");
  old.context.version = Version{1, 20, 0};
  expect(old, "5.7.6.3", Status::kFail);
}

TEST(Mechanisms, TheApiServersDefaultsCountWhereAllOfThemAgree) {
  World world;
  world.add(name_space("shop")).add(pod("shop", "cart"));
  world.context.signals = {"apiserver.pod-security-default=baseline", "apiserver.pod-security-exempt=blog"};
  expect(world, "5.7.6.3", Status::kPass, "default enforces baseline");
  // A label wins over the default.
  World opened = world;
  opened.add(name_space("lab", {{"pod-security.kubernetes.io/enforce", "privileged"}})).add(pod("lab", "x"));
  expect(opened, "5.7.6.3", Status::kManual, "Namespace lab");
  // An exemption wins over both.
  World exempt = world;
  exempt.add(name_space("blog", {{"pod-security.kubernetes.io/enforce", "restricted"}}))
      .add(pod("blog", "x"));
  expect(exempt, "5.7.6.3", Status::kManual, "exempts it");
  world.context.signals.insert("apiserver.no-pod-security-default");
  expect(world, "5.7.6.3", Status::kFail);
}

TEST(Mechanisms, PoliciesAndEnginesCount) {
  const World none = World().add(name_space("shop")).add(pod("shop", "cart"));
  expect(World(none).add(cel("r/")).add(bound("Deny")), "5.7.6.3", Status::kPass);
  expect(World(none).add(cel("r/")).add(bound("Warn")), "5.7.6.3", Status::kManual);
  expect(World(none).add(hook("unknown.example")), "5.7.6.3", Status::kManual, "unknown.example");
  World engine = with_kyverno();
  engine.add(pod("shop", "cart"))
      .add(kyverno("{validationFailureAction: Enforce, rules: [{name: r, " + kPods +
                   "validate: {pattern: {spec: {hostNetwork: false}}}}]}"));
  expect(engine, "5.7.6.3", Status::kPass);
  World old = none;
  old.context.version = Version{1, 20, 0};
  old.add(other(Kind::kPodSecurityPolicy, "psp", "{spec: {privileged: false}}"));
  expect(old, "5.7.6.3", Status::kManual);
  old.context.signals = {std::string(signals::kPodSecurityPolicy)};
  expect(old, "5.7.6.3", Status::kPass);
}

}  // namespace
}  // namespace baseline::test
