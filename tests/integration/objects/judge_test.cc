// What rests on objects, judged from a real API server and from files of what it returned.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/objects/judged.h"
#include "kube/resource.h"

namespace baseline::integration {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kPolicy = R"(
apiVersion: policy/v1beta1
kind: PodSecurityPolicy
metadata: {name: judged-restricted}
spec:
  privileged: false
  allowPrivilegeEscalation: false
  volumes: [configMap, secret]
  runAsUser: {rule: MustRunAsNonRoot}
  seLinux: {rule: RunAsAny}
  supplementalGroups: {rule: RunAsAny}
  fsGroup: {rule: RunAsAny}
)";

// A role with the verb list on all that is read, but for what is left out, and an account that holds it.
std::string reader(const std::string& name, const std::set<std::string>& left_out) {
  std::string rules;
  for (const cluster::KindInfo& kind : cluster::kinds()) {
    if (left_out.contains(cluster::resource_name(kind.kind))) continue;
    rules += "  - {apiGroups: [\"" + std::string(kind.group) + "\"], resources: [\"" +
             std::string(kind.plural) + "\"], verbs: [list]}\n";
  }
  return "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: " + name +
         ", namespace: judged-idle}\n---\n"
         "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: judged-" +
         name + "}\nrules:\n" + rules +
         "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: judged-" +
         name + "}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: judged-" + name +
         "}\nsubjects: [{kind: ServiceAccount, namespace: judged-idle, name: " + name + "}]\n";
}

bool serves_pod_security_policies() {
  const Connection admin;
  const auto served =
      admin->is_served({"policy", "v1beta1", "podsecuritypolicies", "PodSecurityPolicy", false});
  return served && *served;
}

class Judging : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const Finished made =
        plane().kubectl({"apply", "-f", PROJECT_DIR "/tests/integration/objects/cluster.yaml"});
    ASSERT_TRUE(made.ok()) << made.text();
    old_server_ = serves_pod_security_policies();
    if (old_server_) {
      ASSERT_TRUE(plane().apply(kPolicy).ok());
    }
    ASSERT_TRUE(plane().apply(reader("sees-no-secret", {"secrets"})).ok());
    ASSERT_TRUE(plane().apply(reader("sees-less", {"configmaps", "networkpolicies.networking.k8s.io"})).ok());
    live_ = judge_live(plane().config());
  }

  static std::string words(const std::string& id) { return in_words(live_.row(id)); }

  static inline Judged live_;
  static inline bool old_server_ = false;
};

TEST_F(Judging, EveryRowHasAVerdict) {
  EXPECT_GT(live_.outcome.results.size(), 45U);
  EXPECT_THAT(live_.with(Status::kNotChecked), IsEmpty());
  EXPECT_THAT(live_.with(Status::kError), IsEmpty());
  for (const ObjectResult& result : live_.outcome.results) EXPECT_FALSE(result.message.empty()) << result.id;
}

TEST_F(Judging, APrivilegedPodIsFoundByItsOwnerWithItsPods) {
  EXPECT_EQ(live_.row("5.7.2.4").status, Status::kFail);
  EXPECT_THAT(words("5.7.2.4"), AllOf(HasSubstr("Deployment judged-bad/cart, container web"),
                                      HasSubstr("(2 pods)"), Not(HasSubstr("judged-good"))));
  for (const char* id : {"5.7.2.2", "5.7.2.3", "5.7.2.6", "5.7.2.8", "5.7.2.11", "5.7.2.13", "5.7.2.16",
                         "5.7.2.18", "5.7.2.19", "5.7.4.1", "5.7.5.1", "5.7.5.2"}) {
    EXPECT_THAT(words(id), AllOf(HasSubstr("Fail Deployment judged-bad/cart"),
                                 Not(HasSubstr("Fail Pod judged-good/ledger-0"))))
        << id;
  }
  EXPECT_THAT(words("5.7.2.3"), HasSubstr("container prepare")) << "init containers count";
}

TEST_F(Judging, RightsAreFoundWithTheirPath) {
  EXPECT_THAT(words("5.7.3.6"),
              AllOf(HasSubstr("ServiceAccount judged-bad/robot"),
                    HasSubstr("ClusterRoleBinding judged-admin"), HasSubstr("cluster-admin")));
  EXPECT_THAT(words("5.7.3.7"), HasSubstr("judged-everything"));
  EXPECT_THAT(words("5.7.4.5"), AllOf(HasSubstr("system:authenticated"), HasSubstr("judged-bad/everybody"),
                                      HasSubstr("secrets")));
}

TEST_F(Judging, ABindingThatNothingUsesCountsWhereItGivesADefaultAccountRights) {
  EXPECT_EQ(live_.row("5.7.3.1").status, Status::kFail);
  EXPECT_THAT(words("5.7.3.1"), AllOf(HasSubstr("judged-idle/default"), HasSubstr("judged-idle/unused")));
}

TEST_F(Judging, NamespacesAndPolicies) {
  EXPECT_THAT(words("5.8.2.2"), AllOf(HasSubstr("Fail NetworkPolicy judged-bad/selects-nothing"),
                                      Not(HasSubstr("judged-good/closed"))));
  EXPECT_THAT(words("5.8.2.3"),
              AllOf(HasSubstr("Fail Namespace judged-open"), Not(HasSubstr("Fail Namespace judged-bad")),
                    Not(HasSubstr("Fail Namespace judged-good"))));
  for (const char* id : {"5.7.5.3", "5.7.5.4"}) {
    EXPECT_THAT(words(id), AllOf(HasSubstr("judged-bad"), Not(HasSubstr("Fail Namespace judged-good"))))
        << id;
  }
}

TEST_F(Judging, NoSecretIsAskedForAndNoValueTold) {
  EXPECT_THAT(live_.asked, AllOf(Contains("pods"), Not(Contains("secrets"))));
  EXPECT_THAT(words("5.7.4.3"), HasSubstr("db-password"));
  for (const auto& [id, text] : in_words(live_.outcome)) EXPECT_THAT(text, Not(HasSubstr("hunter2"))) << id;
}

TEST_F(Judging, KindsOfAnOldServerAreFoundOutByDiscovery) {
  const std::string kKind = "podsecuritypolicies.policy";
  EXPECT_EQ(live_.asked.contains(kKind), old_server_) << "a kind that is not served is never asked for";
  EXPECT_EQ(live_.outcome.objects.contains(kKind), old_server_);
  if (old_server_) {
    EXPECT_EQ(live_.outcome.objects.at(kKind), 1);
  }
  EXPECT_EQ(live_.asked.contains("validatingadmissionpolicies.admissionregistration.k8s.io"), !old_server_);
  EXPECT_THAT(live_.asked, Not(Contains(HasSubstr("kyverno"))));
}

std::set<std::string> read_by(const Judged& judged) {
  std::set<std::string> resources;
  for (const auto& [resource, count] : judged.outcome.objects) resources.insert(resource);
  return resources;
}

// The server has told all: the two ways differ in nothing.
TEST_F(Judging, FilesOfTheSameObjectsGiveTheSameFindings) {
  const ClusterOutcome files = judge_files(dumped("same", read_by(live_)), live_);
  EXPECT_EQ(in_words(files), in_words(live_.outcome));
}

// Of files, what is not there was perhaps not given; and they hold the owners beside their pods.
TEST_F(Judging, FilesAloneGiveTheSameVerdictsWhereTheyGiveOne) {
  std::set<std::string> resources = read_by(live_);
  resources.insert({"deployments.apps", "replicasets.apps"});
  const ClusterOutcome files = judge_files(dumped("alone", resources));
  int judged = 0;
  for (const ObjectResult& result : files.results) {
    if (result.status == Status::kNotChecked) continue;
    ++judged;
    EXPECT_EQ(result.status, live_.row(result.id).status) << result.id << "\n"
                                                          << in_words(result) << "\n"
                                                          << in_words(live_.row(result.id));
  }
  EXPECT_GT(judged, 35);
}

TEST_F(Judging, WithoutTheRightToSecretsNothingIsMissing) {
  const Judged seen = judge_live(plane().config_of("judged-idle", "sees-no-secret"));
  EXPECT_EQ(in_words(seen.outcome), in_words(live_.outcome));
}

TEST_F(Judging, AMissingRightIsAnErrorThatNamesIt) {
  const Judged seen = judge_live(plane().config_of("judged-idle", "sees-less"));
  EXPECT_THAT(in_words(seen.row("5.7.4.3")), AllOf(StartsWith("Error"), HasSubstr("list on configmaps")));
  EXPECT_THAT(in_words(seen.row("5.8.2.3")),
              AllOf(StartsWith("Error"), HasSubstr("list on networkpolicies.networking.k8s.io")));
  EXPECT_THAT(seen.with(Status::kError), Not(Contains("5.7.2.4")));
  for (const ObjectResult& result : seen.outcome.results) {
    if (result.status == Status::kError) continue;
    EXPECT_EQ(in_words(result), in_words(live_.row(result.id))) << result.id;
  }
}

}  // namespace
}  // namespace baseline::integration
