// How the operator starts where not all is well, and how it ends.
#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/operator/operator_process.h"
#include "integration/support/relay.h"

namespace baseline::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kWaits = "waiting for the API server";

class Start : public testing::Test {
 protected:
  static void SetUpTestSuite() { install(); }

  // A kubeconfig for another server, or another user.
  static std::filesystem::path kubeconfig(const std::string& port, const std::string& user) {
    const auto path = scratch_folder() / "other.kubeconfig";
    std::ofstream(path) << "apiVersion: v1\nkind: Config\n"
                        << "clusters: [{name: c, cluster: {server: \"https://127.0.0.1:" << port
                        << "\", certificate-authority: \"" << (plane().dir() / "pki/ca.crt").string()
                        << "\"}}]\n"
                        << "users: [{name: u, user: " << user << "}]\n"
                        << "contexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n";
    return path;
  }
  static std::string administrator() {
    const std::string pki = (plane().dir() / "pki").string();
    return "{client-certificate: \"" + pki + "/admin.crt\", client-key: \"" + pki + "/admin.key\"}";
  }
};

TEST_F(Start, WithoutAWayToAnyServerItSaysSoAndEnds) {
  OperatorProcess op({.kubeconfig = "/no/such/kubeconfig"});
  EXPECT_EQ(op.process().wait(std::chrono::seconds(60)), 2) << op.log();
  EXPECT_THAT(op.log(), HasSubstr("/no/such/kubeconfig"));
}

TEST_F(Start, AnUnknownOptionIsNamed) {
  OperatorProcess op({.more = {"--frobnicate"}});
  EXPECT_EQ(op.process().wait(std::chrono::seconds(60)), 2);
  EXPECT_THAT(op.log(), AllOf(HasSubstr("--frobnicate"), HasSubstr("--help")));
}

TEST_F(Start, AServerThatIsAwayIsWaitedForWithOneLine) {
  Relay relay(plane().port());
  relay.cut();
  OperatorProcess op({.kubeconfig = kubeconfig(relay.port(), administrator()), .lease = "away"});
  ASSERT_TRUE(eventually([&] { return op.lines_with(kWaits) > 0; })) << op.log();
  EXPECT_EQ(op.probe("readyz"), "");
  EXPECT_NE(op.probe("healthz"), "") << "a server that is away is no reason to be restarted";
  std::this_thread::sleep_for(std::chrono::seconds(4));  // some attempts more
  EXPECT_EQ(op.lines_with(kWaits), 1) << op.log();
  relay.mend();
  EXPECT_TRUE(eventually([&] { return op.holds_lease(); })) << op.log();
  EXPECT_TRUE(eventually([&] { return !op.probe("readyz").empty(); })) << op.log();
  EXPECT_EQ(op.stop(), 0) << op.log();
}

TEST_F(Start, AUserThatTheServerDoesNotKnowIsToldSo) {
  OperatorProcess op(
      {.kubeconfig = kubeconfig(plane().port(), "{token: unknown-token}"), .lease = "unknown"});
  ASSERT_TRUE(eventually([&] { return op.lines_with(kWaits) > 0; })) << op.log();
  EXPECT_THAT(op.log(), HasSubstr("401"));
  EXPECT_THAT(op.log(), testing::Not(HasSubstr("unknown-token"))) << "credentials do not belong into logs";
  EXPECT_EQ(op.stop(), 0) << op.log();
}

TEST_F(Start, MissingDefinitionsAreNamedAndWaitedFor) {
  ASSERT_TRUE(plane().kubectl({"delete", "-k", PROJECT_DIR "/crds", "--timeout=60s"}).ok());
  OperatorProcess op({.lease = "crds"});
  ASSERT_TRUE(eventually([&] { return op.lines_with("baselinescans.baseline.kxy.io") > 0; })) << op.log();
  EXPECT_THAT(op.log(), HasSubstr("kubectl apply -k"));
  install();
  EXPECT_TRUE(eventually([&] { return op.holds_lease(); })) << op.log();
  EXPECT_TRUE(eventually([&] { return !op.probe("readyz").empty(); })) << op.log();
  EXPECT_EQ(op.stop(), 0) << op.log();
}

// Without a lease: with one, an operator that could not renew it for ten seconds ends, and is started again.
TEST_F(Start, AServerThatGoesAwayLaterIsFoundAgain) {
  OperatorProcess op({.more = {"--leader-elect=false"}});
  ASSERT_TRUE(eventually([&] { return !op.probe("readyz").empty(); })) << op.log();
  plane().stop_api_server();
  ASSERT_TRUE(eventually([&] { return op.lines_with("watching baselineprofiles") > 0; })) << op.log();
  plane().start_api_server();
  const std::string manifest = R"(
apiVersion: baseline.kxy.io/v1alpha1
kind: BaselineProfile
metadata: {name: after-the-restart}
spec: {standard: kxy-cs001-2023}
)";
  ASSERT_TRUE(eventually([&] { return plane().apply(manifest).ok(); }));
  EXPECT_TRUE(eventually([&] {
    return condition_of(plane().get("bprofile", "after-the-restart"), "Ready")["status"].as_string() ==
           "True";
  })) << op.log();
  EXPECT_EQ(op.stop(), 0) << op.log();
}

}  // namespace
}  // namespace baseline::integration
