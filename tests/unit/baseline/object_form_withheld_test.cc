// What a writer of profiles asks for and does not get: values that may be secret, shown or guessed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/cluster/withheld_fields.h"
#include "object_form_support.h"

namespace baseline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::lines;
using testing::mistakes_in;
using testing::Pass;
using testing::pod;

struct Path {
  const char *kind, *path;
};

class WithheldPath : public ::testing::TestWithParam<Path> {
 protected:
  std::string form(const std::string& expect) const {
    return std::string("kinds: [\"") + GetParam().kind + "\"], path: '" + GetParam().path + "', every: {" +
           expect + "}";
  }
};

TEST_P(WithheldPath, IsNotCompared) {
  for (const char* expect :
       {"equals: hunter2", "not-equals: hunter2", "contains: hunter2", "lacks: hunter2",
        "subset-of: [hunter2]", "integer: {min: 1}", "subset-of: {parameter: allowed}"}) {
    EXPECT_THAT(mistakes_in(form(expect)), AllOf(HasSubstr(GetParam().path), HasSubstr("neither shown nor")))
        << expect;
  }
}

TEST_P(WithheldPath, MayBeAskedFor) {
  EXPECT_EQ(mistakes_in(form("set: true")), "");
  EXPECT_EQ(mistakes_in(form("unset: true")), "");
}

INSTANTIATE_TEST_SUITE_P(
    All, WithheldPath,
    ::testing::Values(
        Path{"v1 ConfigMap", "data[\"app.properties\"]"}, Path{"v1 ConfigMap", "data[*]"},
        Path{"v1 ConfigMap", "binaryData.key"}, Path{"v1 ConfigMap", "$.data.a.b"},
        Path{"v1 Pod", "spec.containers[*].env[*].value"}, Path{"v1 Pod", "spec.containers[*].env[*][*]"},
        Path{"apps/v1 Deployment", "spec.template.spec.initContainers[*].env[*].value"},
        Path{"batch/v1 CronJob", "spec.jobTemplate.spec.template.spec.containers[*].env[*].value"},
        Path{"argoproj.io/v1alpha1 Rollout", "spec.template.spec.containers[*].env[*].value"},
        Path{"v1 Pod", "spec.containers[*].args"}, Path{"v1 Pod", "spec.containers[*].command[*]"},
        Path{"v1 Pod", "spec.containers[*].livenessProbe.exec.command"},
        Path{"v1 Pod", "spec.containers[*].livenessProbe.httpGet.httpHeaders[*].value"},
        Path{"v1 Pod", "metadata.annotations[\"kubectl.kubernetes.io/last-applied-configuration\"]"},
        Path{"v1 Namespace", "metadata.annotations[*]"},
        Path{"apps/v1 Deployment", "spec.template.metadata.annotations[\"vault/token\"]"},
        Path{"v1 Pod", "spec.volumes[*].csi.volumeAttributes.password"},
        Path{"v1 Pod", "spec.volumes[*].flexVolume.options[*]"},
        Path{"apps/v1 ControllerRevision", "data.spec.template.spec.serviceAccountName"},
        Path{"external-secrets.io/v1 ExternalSecret", "spec.target.template.data.x"},
        Path{"secrets-store.csi.x-k8s.io/v1 SecretProviderClass", "spec.parameters.objects"},
        Path{"config.ratify.deislabs.io/v1beta1 Store", "spec.parameters.authProvider"}));

TEST(WithheldFields, WhatHoldsNoSecretIsComparedAsBefore) {
  for (const auto& [kind, path] : std::initializer_list<Path>{
           {"v1 ConfigMap", "metadata.labels.team"},
           {"v1 ConfigMap", "immutable"},
           {"v1 ConfigMap", "data"},  // the names of its keys
           {"v1 Pod", "spec.containers[*].image"},
           {"v1 Pod", "spec.containers[*].env[*].name"},
           {"v1 Pod", "spec.containers[*].env[*].valueFrom.secretKeyRef.name"},
           {"v1 Pod", "metadata.annotations"},
           {"v1 Pod", "metadata.annotations[\"container.apparmor.security.beta.kubernetes.io/web\"]"},
           {"v1 Pod", "spec.automountServiceAccountToken"},
           {"v1 Pod", "spec.volumes[*].csi.driver"},
           {"networking.k8s.io/v1 Ingress", "spec.tls[*].secretName"},
           {"kyverno.io/v1 ClusterPolicy", "spec.rules[*].validate.failureAction"},
           {"constraints.gatekeeper.sh/v1beta1 K8sAllowedRepos", "spec.parameters.repos"}}) {
    EXPECT_EQ(mistakes_in(std::string("kinds: [\"") + kind + "\"], path: '" + path + "', every: {equals: x}"),
              "")
        << kind << " " << path;
  }
}

TEST(WithheldFields, AreHiddenWhereTheyShouldNotBeSet) {
  const auto result = Pass("kinds: [configmaps], path: \"data[*]\", every: {unset: true}")
                          .see("ConfigMap", "{metadata: {namespace: 'n', name: c}, data: {key: hunter2}}")
                          .finish();
  EXPECT_THAT(lines(result), ElementsAre("Fail ConfigMap n/c | not set | data[\"key\"]: <redacted>"));
  const auto list = Pass("kinds: [pods], path: \"spec.containers[*].args\", every: {unset: true}")
                        .see("Pod", pod("{containers: [{name: web, args: [\"--password=hunter2\"]}]}"))
                        .finish();
  ASSERT_EQ(list.findings.size(), 1U);
  EXPECT_THAT(lines(list)[0], AllOf(HasSubstr("<redacted>"), ::testing::Not(HasSubstr("hunter2"))));
}

// [*] goes over a map's members too, so what a path leads to is only known in the object.
TEST(WithheldFields, AreNoAnswerToAGuessBehindAStar) {
  for (const auto& [path, spec] : std::initializer_list<std::pair<const char*, const char*>>{
           {"spec.containers[*][*]", "{containers: [{args: [hunter2]}]}"},
           {"spec[*][*][*][*][*]", "{containers: [{env: [{value: hunter2}]}]}"},
           {"spec[*]", "{password: hunter2}"},
           {"spec.list[*].value", "{list: [{name: dbPassword, value: hunter2}]}"}}) {
    std::string answers;
    for (const char* guess : {"hunter2", "wrong"}) {
      const auto result = Pass("kinds: [pods], path: \"" + std::string(path) +
                               "\", every: {contains: " + guess + "}, when-absent: pass")
                              .see("Pod", pod(spec))
                              .finish();
      EXPECT_EQ(result.status, Status::kError) << path;
      std::string all;
      for (const std::string& line : lines(result)) {
        EXPECT_FALSE(line.substr(line.rfind('|')).contains("hunter2")) << line;
        all += line.substr(line.rfind('|'));
      }
      if (answers.empty()) answers = all;
      EXPECT_EQ(answers, all) << path;
    }
  }
}

// Of what an add-on's kind holds nobody here knows the meaning.
TEST(WithheldFields, FreeTextOfAddOnsIsNoAnswerToAGuess) {
  for (const auto& [type, path, spec] :
       std::initializer_list<std::tuple<const char*, const char*, const char*>>{
           {"kyverno.io/v1 ClusterPolicy", "spec.rules[*].context[*].apiCall.service.headers[*].value",
            "{rules: [{context: [{apiCall: {service: {headers: [{key: a, value: hunter2}]}}}]}]}"},
           {"kyverno.io/v1 ClusterPolicy", "spec.rules[*].context[*].variable.value",
            "{rules: [{context: [{variable: {value: hunter2}}]}]}"},
           {"kyverno.io/v1 ClusterPolicy", "spec.rules[*].mutate.patchStrategicMerge[*][*]",
            "{rules: [{mutate: {patchStrategicMerge: {x: {k: hunter2}}}}]}"},
           {"external-secrets.io/v1 ExternalSecret", "spec.target.template.templateFrom[*].literal",
            "{target: {template: {templateFrom: [{literal: hunter2}]}}}"},
           {"secrets.hashicorp.com/v1beta1 VaultStaticSecret",
            "spec.destination.transformation.templates[*].text",
            "{destination: {transformation: {templates: {a: {text: hunter2}}}}}"},
           {"example.com/v1 Widget", "spec.list", "{list: [hunter2]}"}}) {
    std::string answers;
    for (const char* guess : {"hunter2", "wrong"}) {
      const std::string kind = std::string(type).substr(std::string_view(type).find(' ') + 1);
      const auto result = Pass("kinds: [\"" + std::string(type) + "\"], path: \"" + path +
                               "\", every: {contains: " + guess + "}, when-absent: pass")
                              .see(kind + "." + std::string(type).substr(0, std::string_view(type).find('/')),
                                   "{metadata: {name: w}, spec: " + std::string(spec) + "}")
                              .finish();
      EXPECT_EQ(result.status, Status::kError) << path;
      for (const std::string& line : lines(result)) answers += line.substr(line.rfind('|'));
    }
    EXPECT_FALSE(answers.contains("hunter2")) << answers;
  }
}

TEST(WithheldFields, WordsAndNamesOfAddOnsAreCompared) {
  for (const auto& [path, spec] : std::initializer_list<std::pair<const char*, const char*>>{
           {"spec.validationFailureAction", "{validationFailureAction: right}"},
           {"spec.match[*].kinds", "{match: [{kinds: [right]}]}"},
           {"spec.selector.matchLabels.app", "{selector: {matchLabels: {app: right}}}"}}) {
    const auto result =
        Pass("kinds: [\"kyverno.io/v1 ClusterPolicy\"], path: \"" + std::string(path) +
             "\", every: {contains: right}")
            .see("ClusterPolicy.kyverno.io", "{metadata: {name: w}, spec: " + std::string(spec) + "}")
            .finish();
    EXPECT_EQ(result.status, Status::kPass) << path;
  }
}

// What would not be shown is not compared either.
TEST(WithheldFields, CredentialsInUrlsAreNoAnswerToAGuess) {
  for (const auto& [path, spec] : std::initializer_list<std::pair<const char*, const char*>>{
           {"spec.volumes[*].gitRepo.repository",
            "{volumes: [{gitRepo: {repository: 'https://user:hunter2@git/x'}}]}"},
           {"spec.containers[*].livenessProbe.httpGet.path",
            "{containers: [{livenessProbe: {httpGet: {path: '/h?token=hunter2hunter2'}}}]}"}}) {
    const auto result = Pass("kinds: [pods], path: \"" + std::string(path) + "\", every: {equals: x}")
                            .see("Pod", pod(spec))
                            .finish();
    EXPECT_EQ(result.status, Status::kError) << path;
    for (const std::string& line : lines(result)) EXPECT_FALSE(line.contains("hunter2")) << line;
  }
}

TEST(WithheldFields, AnnotationsBehindAStarAreNotCompared) {
  const auto result =
      Pass("kinds: [pods], path: \"metadata[*].note\", every: {equals: hunter2}, when-absent: pass")
          .see("Pod", "{metadata: {namespace: shop, name: w, annotations: {note: hunter2}}, spec: {}}")
          .finish();
  EXPECT_EQ(result.status, Status::kError);
}

}  // namespace
}  // namespace baseline
