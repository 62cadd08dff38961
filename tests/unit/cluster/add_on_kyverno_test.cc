// Policies of Kyverno (5.7.1.1, .3, .16 and 5.7.6.3): what narrows them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.h"

namespace baseline::test {
namespace {

using namespace cluster;

const std::string kPods = "any: [{resources: {kinds: [Pod]}}]";
const std::string kPattern = "validate: {pattern: {spec: {hostNetwork: false}}}";
const std::string kImages = "imageReferences: ['*'], attestors: [{entries: [{keys: {publicKeys: k}}]}]";

OtherObject webhook(Kind kind, const std::string& more = "",
                    const std::string& operations = "CREATE, UPDATE") {
  return other(
      kind, "kyverno-resource-webhook-cfg",
      "{webhooks: [{name: svc.kyverno.svc-fail, clientConfig: {service: {namespace: kyverno}}, rules: "
      "[{operations: [" +
          operations + "], apiGroups: [''], apiVersions: [v1], resources: [pods]}]" + more + "}]}");
}

World namespaces() {
  World world;
  world.add(name_space("kube-system")).add(name_space("kyverno")).add(name_space("shop"));
  world.add(name_space("blog", {{"team", "b"}})).add(pod("shop", "cart")).add(pod("blog", "web"));
  return world;
}

World engine(
    const std::string& more =
        ", namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, "
        "values: [kube-system, kyverno]}]}") {
  World world = namespaces();
  return world.add(webhook(Kind::kValidatingWebhook, more)).add(webhook(Kind::kMutatingWebhook, more));
}

OtherObject policy(const std::string& rule, const std::string& spec = "validationFailureAction: Enforce") {
  return other(Kind::kKyvernoClusterPolicy, "p", "{spec: {" + spec + ", rules: [{name: r, " + rule + "}]}}");
}

OtherObject matching(const std::string& match, const std::string& more = "") {
  return policy("match: {" + match + "}, " + kPattern + more);
}

// A policy that refuses pods, held against the row of mechanisms.
void judged(const OtherObject& object, Status status, const std::string& words = "") {
  expect(engine().add(object), "5.7.6.3", status, words);
}

void with_resources(const std::string& narrowing, Status status, const std::string& words = "") {
  judged(matching("any: [{resources: {kinds: [Pod], " + narrowing + "}}]"), status, words);
}

TEST(Kyverno, ARuleAboutPodsThatEnforcesIsAMechanism) {
  judged(matching(kPods), Status::kPass, "r; namespaces 2/4");
  for (const char* kind : {"Pod", "v1/Pod", "'*/Pod'", "'*'", "'*/*'", "Deployment, Pod", "'P*'"})
    judged(matching(std::string("any: [{resources: {kinds: [") + kind + "]}}]"), Status::kPass);
  // After a dot or a slash stands a subresource.
  for (const char* kind : {"Deployment", "Pod.exec", "Pod/status", "v2/Pod", "apps/v1/Deployment"})
    judged(matching(std::string("any: [{resources: {kinds: [") + kind + "]}}]"), Status::kManual,
           "match.any.resources.kinds");
  judged(matching("resources: {kinds: [Pod]}"), Status::kPass);
  judged(matching("all: [{resources: {kinds: [Pod]}}]"), Status::kPass);
  judged(matching(""), Status::kManual, "because of match");
  judged(matching(kPods + ", resources: {kinds: [Pod]}"), Status::kManual, "because of match");
  judged(policy("match: {" + kPods + "}, validate: {message: m, pattern: {}}"), Status::kManual, "validate");
}

TEST(Kyverno, WhatAMatchNarrowsBeyondNamespacesIsNoCover) {
  with_resources("names: ['web-*']", Status::kManual, "match.any.resources.names");
  with_resources("name: web", Status::kManual, "match.any.resources.names");
  with_resources("names: ['*']", Status::kPass);
  with_resources("annotations: {a: b}", Status::kManual, "match.any.resources.annotations");
  with_resources("selector: {matchLabels: {a: b}}", Status::kManual, "match.any.resources.selector");
  with_resources("operations: [UPDATE]", Status::kManual, "match.any.resources.operations");
  with_resources("operations: [CREATE]", Status::kPass);
  with_resources("unheardOf: x", Status::kManual, "match.any.resources.unheardOf");
  for (const char* users : {"subjects: [{kind: User, name: u}]", "roles: [r]", "clusterRoles: [c]"}) {
    judged(matching(std::string("any: [{resources: {kinds: [Pod]}, ") + users + "}]"), Status::kManual,
           std::string("match.any.") + std::string(users).substr(0, std::string(users).find(':')));
  }
  judged(matching("all: [{resources: {kinds: [Pod]}}, {resources: {kinds: [Pod], names: [w]}}]"),
         Status::kManual, "match.all.resources.names");
  // Of several filters one is enough.
  judged(matching("any: [{resources: {kinds: [Pod], names: [w]}}, {resources: {kinds: [Pod]}}]"),
         Status::kPass);
}

TEST(Kyverno, NamespacesAndSelectorsAreFollowed) {
  with_resources("namespaces: [shop]", Status::kManual, "namespaces 1/4");
  with_resources("namespaces: [shop]", Status::kManual, "Namespace blog");
  with_resources("namespaces: ['s*p', blog]", Status::kPass);
  with_resources("namespaces: ['sho?', 'b*']", Status::kPass);
  with_resources("namespaces: [nowhere]", Status::kManual, "namespaces 0/4");
  with_resources("namespaceSelector: {matchLabels: {team: b}}", Status::kManual, "Namespace shop");
  with_resources("namespaceSelector: {matchLabels: {'te*': '*'}}", Status::kManual,
                 "match.any.resources.namespaceSelector");
  const auto limited = [](const std::string& ns) {
    return matching("any: [{resources: {kinds: [Pod], namespaces: [" + ns + "]}}]");
  };
  expect(engine().add(limited("shop")).add(limited("blog")), "5.7.6.3", Status::kPass);
  judged(matching("any: [{resources: {kinds: [Pod], namespaces: [shop]}}, {resources: {kinds: [Pod], "
                  "namespaces: [blog]}}]"),
         Status::kPass);
  OtherObject own = matching(kPods);
  own.kind = Kind::kKyvernoPolicy;
  own.metadata.ns = "shop";
  expect(engine().add(own), "5.7.6.3", Status::kManual, "Namespace blog");
  OtherObject second = own;
  second.metadata.ns = "blog";
  expect(engine().add(own).add(second), "5.7.6.3", Status::kPass, "namespaces 1/4");
}

TEST(Kyverno, AnExcludeTakesOutNoMoreThanItsNamespaces) {
  const auto excluding = [](const std::string& exclude) {
    return matching(kPods, ", exclude: {" + exclude + "}");
  };
  judged(excluding("any: [{resources: {namespaces: [kube-system, kyverno]}}]"), Status::kPass);
  judged(excluding("resources: {namespaces: ['kube-*']}"), Status::kPass);
  judged(excluding("any: [{resources: {namespaces: ['bl?g']}}]"), Status::kManual, "Namespace blog");
  judged(excluding("any: [{resources: {namespaces: [blog], names: [w]}}]"), Status::kManual,
         "Namespace blog");
  judged(excluding("any: [{resources: {namespaceSelector: {matchLabels: {team: b}}}}]"), Status::kManual,
         "Namespace blog");
  judged(excluding("any: [{resources: {kinds: [Service]}}]"), Status::kPass);
  judged(excluding("any: [{resources: {kinds: [Pod]}}]"), Status::kManual, "exclude.any.resources.kinds");
  judged(excluding("any: [{resources: {operations: [DELETE], names: [w]}}]"), Status::kPass);
  judged(excluding("any: [{resources: {names: [w]}}]"), Status::kManual, "exclude.any.resources.names");
  judged(excluding("resources: {selector: {matchLabels: {a: b}}}"), Status::kManual,
         "exclude.resources.selector");
  judged(excluding("any: [{clusterRoles: [cluster-admin]}]"), Status::kManual, "exclude.any.clusterRoles");
  judged(excluding("subjects: [{kind: User, name: u}]"), Status::kManual, "exclude.subjects");
  judged(excluding("all: [{resources: {names: [w]}}, {resources: {namespaces: [kube-system]}}]"),
         Status::kPass);
  judged(excluding("all: [{resources: {names: [w]}}, {roles: [r]}]"), Status::kManual, "exclude.all.roles");
}

TEST(Kyverno, ConditionsThatCannotBeFollowedAreNoCover) {
  const auto condition = [](const std::string& more) { return matching(kPods, ", " + more); };
  const std::string spared =
      "{key: \"{{ request.operation || 'BACKGROUND' }}\", operator: NotEquals, value: DELETE}";
  judged(condition("preconditions: {all: [{key: a, operator: Equals, value: b}]}"), Status::kManual,
         "because of preconditions");
  judged(condition("preconditions: {any: [" + spared + "]}"), Status::kManual, "because of preconditions");
  judged(condition("preconditions: {all: [" + spared + "]}"), Status::kPass);
  judged(condition("celPreconditions: [{name: 'n', expression: 'true'}]"), Status::kManual,
         "celPreconditions");
  const std::string rule = "match: {" + kPods + "}, " + kPattern;
  judged(policy(rule,
                "validationFailureAction: Enforce, webhookConfiguration: {matchConditions: [{name: 'n', "
                "expression: 'true'}]}"),
         Status::kManual, "webhookConfiguration.matchConditions");
  judged(policy(rule, "validationFailureAction: Enforce, webhookConfiguration: {failurePolicy: Ignore}"),
         Status::kPass, "failurePolicy: Ignore");
  judged(policy(rule + "}, {name: s, " + rule, "validationFailureAction: Enforce, applyRules: One"),
         Status::kManual, "applyRules: One");
  judged(policy(rule, "validationFailureAction: Enforce, admission: false"), Status::kManual,
         "spec.admission: false");
}

TEST(Kyverno, TheActionIsTakenByNamespace) {
  const std::string rule = "match: {" + kPods + "}, ";
  const auto overriding = [&](const std::string& base, const std::string& overrides) {
    return policy(rule + kPattern, "validationFailureAction: " + base +
                                       ", validationFailureActionOverrides: [" + overrides + "]");
  };
  judged(overriding("Enforce", "{action: Audit, namespaces: [blog]}"), Status::kManual, "Namespace blog");
  judged(overriding("enforce", "{action: audit, namespaces: ['kube-*']}"), Status::kPass);
  judged(overriding("Enforce", "{action: Audit, namespaces: ['*']}"), Status::kManual,
         "validationFailureActionOverrides: Audit");
  judged(overriding("Enforce", "{action: Audit, namespaceSelector: {matchLabels: {team: b}}}"),
         Status::kManual, "Namespace blog");
  judged(overriding("Audit", "{action: Enforce, namespaces: [shop, blog]}"), Status::kPass);
  judged(overriding("Audit", "{action: Enforce, namespaces: [shop]}"), Status::kManual, "Namespace blog");
  judged(overriding("Audit", ""), Status::kManual, "validationFailureAction: Audit");
  const auto of_rule = [&](const std::string& action) {
    return policy(rule + "validate: {" + action + ", pattern: {spec: {hostNetwork: false}}}",
                  "admission: true");
  };
  judged(of_rule("failureAction: Enforce"), Status::kPass);
  judged(of_rule("failureAction: Audit"), Status::kManual, "failureAction: Audit");
  judged(of_rule("failureAction: Enforce, failureActionOverrides: [{action: Audit, namespaces: [blog]}]"),
         Status::kManual, "Namespace blog");
  judged(of_rule("failureActionOverrides: [{action: Enforce, namespaces: ['*']}]"), Status::kPass);
  // The action of another rule can be taken for the whole policy.
  judged(policy(rule + "validate: {failureAction: Audit, pattern: {spec: {a: b}}}}, {name: s, " + rule +
                "validate: {failureAction: Enforce, pattern: {spec: {a: b}}}"),
         Status::kManual, "failureAction: Audit");
}

TEST(Kyverno, ItsWebhooksMustAskAboutEveryPod) {
  const OtherObject object = matching(kPods);
  const auto asked = [&](const OtherObject& hook, Status status, const std::string& words) {
    expect(namespaces().add(object).add(hook), "5.7.6.3", status, words);
  };
  asked(webhook(Kind::kValidatingWebhook), Status::kPass, "4/4");
  asked(webhook(Kind::kMutatingWebhook), Status::kManual, "webhooks: []");
  asked(webhook(Kind::kValidatingWebhook, "", "UPDATE"), Status::kManual, "webhooks.rules");
  asked(webhook(Kind::kValidatingWebhook, ", objectSelector: {matchLabels: {a: b}}"), Status::kManual,
        "webhooks.objectSelector");
  asked(webhook(Kind::kValidatingWebhook, ", matchConditions: [{name: 'n', expression: 'true'}]"),
        Status::kManual, "webhooks.matchConditions");
  asked(webhook(Kind::kValidatingWebhook, ", namespaceSelector: {matchLabels: {team: b}}"), Status::kManual,
        "Namespace shop");
}

OtherObject verifying(const std::string& entry, const std::string& match = kPods) {
  return policy("match: {" + match + "}, verifyImages: [{" + entry + "}]");
}

TEST(Kyverno, SignaturesOfEveryImageMustBeAskedFor) {
  const auto signature = [](const OtherObject& object, Status status, const std::string& words) {
    for (const char* row : {"5.7.1.1", "5.7.1.3"}) expect(engine().add(object), row, status, words);
  };
  signature(verifying(kImages), Status::kPass, "verifyImages [*]; namespaces 2/4");
  signature(verifying("imageReferences: ['r.example/*'], attestors: [{entries: [{}]}]"), Status::kManual,
            "because of imageReferences");
  signature(verifying(kImages + ", skipImageReferences: ['r.example/*']"), Status::kManual,
            "because of skipImageReferences");
  signature(verifying(kImages + ", required: false"), Status::kManual, "because of required: false");
  signature(verifying(kImages + ", mutateDigest: false"), Status::kPass, "");
  signature(verifying("imageReferences: ['*'], attestors: [{count: 1}]"), Status::kManual,
            "because of attestors");
  signature(verifying(kImages, "any: [{resources: {kinds: [Pod], namespaces: [shop]}}]"), Status::kManual,
            "Namespace blog");
  signature(verifying(kImages, "any: [{resources: {kinds: [Pod], operations: [CREATE]}}]"), Status::kManual,
            "resources.operations");
  expect(namespaces().add(webhook(Kind::kValidatingWebhook)).add(verifying(kImages)), "5.7.1.1",
         Status::kManual, "webhooks: []");
}

TEST(Kyverno, AnchorsOfAPatternNarrowIt) {
  const auto list = [](const std::string& spec, Status status, const std::string& words) {
    expect(engine().add(policy("match: {" + kPods + "}, validate: {pattern: {spec: {" + spec + "}}}")),
           "5.7.1.16", status, words);
  };
  const std::string one = "[{image: 'r.example/*'}]";
  list("containers: " + one + ", =(initContainers): " + one, Status::kPass, "namespaces 2/4");
  list("containers: " + one + ", =(initContainers): " + one + ", (hostNetwork): true", Status::kManual,
       "because of (hostNetwork)");
  list("containers: [{(name): 'a*', image: 'r.example/*'}], initContainers: " + one, Status::kManual,
       "because of (name)");
  list("containers: " + one + ", ^(initContainers): " + one, Status::kManual, "because of ^(initContainers)");
}

OtherObject cel(Kind kind, const std::string& spec, const std::string& match = "") {
  return other(kind, "p",
               "{spec: {validationActions: [Deny], matchConstraints: {resourceRules: [{operations: [CREATE, "
               "UPDATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]" +
                   match + "}, " + spec + "}}");
}

TEST(Kyverno, PoliciesInCelAreReadLikeAdmissionPolicies) {
  const auto validating = [](const std::string& more, const std::string& match, Status status,
                             const std::string& words) {
    const std::string spec = "validations: [{expression: 'true'}]" + more;
    expect(engine().add(cel(Kind::kKyvernoValidatingPolicy, spec, match)), "5.7.6.3", status, words);
  };
  validating("", "", Status::kPass, "namespaces 2/4");
  validating("", ", objectSelector: {matchLabels: {a: b}}", Status::kManual, "objectSelector");
  validating("", ", namespaceSelector: {matchLabels: {team: b}}", Status::kManual, "Namespace shop");
  validating(", matchConditions: [{name: 'n', expression: 'true'}]", "", Status::kManual, "matchConditions");
  validating(", evaluation: {mode: JSON}", "", Status::kManual, "evaluation.mode: JSON");
  validating(", evaluation: {admission: {enabled: false}}", "", Status::kManual, "evaluation.admission");
  const auto images = [](const std::string& glob, const std::string& expression) {
    return engine().add(cel(Kind::kKyvernoImageValidatingPolicy,
                            "matchImageReferences: [{glob: '" + glob +
                                "'}], attestors: [{name: a}], validations: [{expression: '" + expression +
                                "'}]"));
  };
  const std::string both = "verifyImageSignatures(images.containers + images.initContainers)";
  expect(images("*", both), "5.7.1.1", Status::kPass);
  expect(images("r.example/*", both), "5.7.1.1", Status::kManual, "matchImageReferences");
  expect(images("*", "verifyImageSignatures(images.containers)"), "5.7.1.1", Status::kManual,
         "initContainers");
  expect(images("*", "images.initContainers"), "5.7.1.1", Status::kManual, "because of validations");
}

OtherObject exception(Kind kind, const std::string& spec) {
  OtherObject out = other(kind, "spared", "{spec: {" + spec + "}}");
  out.metadata.ns = "shop";
  return out;
}

TEST(Kyverno, AnExceptionLetsSomethingPast) {
  const auto excepted = [](const std::string& exceptions, Status status) {
    expect(engine().add(matching(kPods)).add(exception(Kind::kKyvernoException, exceptions)), "5.7.6.3",
           status, status == Status::kManual ? "because of PolicyException shop/spared" : "");
  };
  excepted("exceptions: [{policyName: p, ruleNames: [r]}]", Status::kManual);
  excepted("exceptions: [{policyName: p, ruleNames: ['*']}]", Status::kManual);
  excepted("exceptions: [{policyName: p}]", Status::kManual);
  excepted("exceptions: [{policyName: other, ruleNames: [r]}, {policyName: p, ruleNames: [other]}]",
           Status::kPass);
  const World validating =
      engine().add(cel(Kind::kKyvernoValidatingPolicy, "validations: [{expression: 'true'}]"));
  const auto refers = [&](const std::string& name) {
    World world = validating;
    return world.add(
        exception(Kind::kKyvernoCelException, "policyRefs: [{kind: ValidatingPolicy, name: " + name + "}]"));
  };
  expect(refers("p"), "5.7.6.3", Status::kManual, "PolicyException shop/spared");
  expect(refers("other"), "5.7.6.3", Status::kPass);
}

// Rules times namespaces times patterns: beyond the bound nothing is relied upon. What counts for the whole
// cluster is looked at first.
TEST(Kyverno, PoliciesOfTenantsDoNotHoldUpTheOthers) {
  World world = engine();
  for (int i = 0; i < 3'000; ++i) world.add(name_space("n" + std::to_string(i)));
  std::string patterns;
  for (int i = 0; i < 200; ++i) patterns += (i == 0 ? "'x" : ", 'x") + std::to_string(i) + "*'";
  for (int i = 0; i < 100; ++i) {
    OtherObject tenants = other(Kind::kKyvernoPolicy, "t" + std::to_string(i),
                                "{spec: {validationFailureAction: Enforce, rules: [{name: r, match: {any: "
                                "[{resources: {kinds: [Pod], namespaces: [" +
                                    patterns + "]}}]}, " + kPattern + "}]}}");
    tenants.metadata.ns = "shop";
    world.add(tenants);
  }
  expect(world, "5.7.6.3", Status::kManual, "20000000");
  expect(world.add(matching(kPods)), "5.7.6.3", Status::kPass);
}

}  // namespace
}  // namespace baseline::test
