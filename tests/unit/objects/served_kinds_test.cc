#include "objects/served_kinds.h"

#include <gmock/gmock.h>

#include "kube/fake_api_server.h"
#include "kube/resource.h"

namespace baseline::objects {
namespace {

using cluster::info;
using cluster::Kind;
using kube::ResourceKind;
using ::testing::ElementsAre;

constexpr ResourceKind kClusterPolicy{"kyverno.io", "v1", "clusterpolicies", "ClusterPolicy", false};
constexpr ResourceKind kOtherKyverno{"kyverno.io", "v2beta1", "cleanuppolicies", "CleanupPolicy", true};
constexpr ResourceKind kOldTemplate{"templates.gatekeeper.sh", "v1beta1", "constrainttemplates",
                                    "ConstraintTemplate", false};
constexpr ResourceKind kNewSigstore{"policy.sigstore.dev", "v9", "clusterimagepolicies", "ClusterImagePolicy",
                                    false};

class ServedKindsTest : public ::testing::Test {
 protected:
  ServedKindsTest() {
    for (const ResourceKind& kind : {kClusterPolicy, kOtherKyverno, kOldTemplate, kNewSigstore})
      server_.serve(kind);
  }
  kube::testing::FakeApiServer server_;
  kube::Client client_{server_};
};

TEST_F(ServedKindsTest, OneRequestAGroupAtMost) {
  auto served = ServedKinds::discover(client_);
  ASSERT_TRUE(served.has_value());
  EXPECT_EQ(served->find(info(Kind::kKyvernoClusterPolicy))->version, "v1");
  EXPECT_EQ(served->find(info(Kind::kKyvernoPolicy))->version, "");
  EXPECT_EQ(served->find(info(Kind::kGatekeeperTemplate))->version, "v1beta1");
  EXPECT_EQ(served->find(info(Kind::kVulnerabilityReport))->version, "");
  EXPECT_EQ(served->find(info(Kind::kPod))->version, "v1");
  EXPECT_EQ(server_.requests("GET", "/apis/kyverno.io/v1"), 1U);
  EXPECT_EQ(server_.requests("GET", "aquasecurity"), 0U) << "no request for what is not there";
}

TEST_F(ServedKindsTest, AVersionThatIsNotKnownIsNotAbsence) {
  auto served = ServedKinds::discover(client_);
  const auto answer = served->find(info(Kind::kSigstoreImagePolicy));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->version, "");
  EXPECT_THAT(answer->other_versions, ElementsAre("v9"));
}

TEST_F(ServedKindsTest, AFailureIsAnError) {
  kube::ClientOptions options;
  options.retry.attempts = 1;
  const kube::Client client(server_, options);
  auto served = ServedKinds::discover(client);
  server_.fail_next("GET", "/apis/kyverno.io/v1", 403);
  const auto answer = served->find(info(Kind::kKyvernoClusterPolicy));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kForbidden);
}

TEST(KnownVersions, InOrder) {
  EXPECT_THAT(known_versions(info(Kind::kGatekeeperTemplate)), ElementsAre("v1", "v1beta1"));
  EXPECT_THAT(known_versions(info(Kind::kPod)), ElementsAre("v1"));
}

}  // namespace
}  // namespace baseline::objects
