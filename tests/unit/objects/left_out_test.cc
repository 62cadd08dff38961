// Kinds that are left out because the operator ended while it read them.
#include <gmock/gmock.h>

#include "../baseline/object_form_support.h"
#include "kube/fake_api_server.h"
#include "objects/judge.h"

namespace baseline::objects::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

// One requirement over a kind of its own, judged; what was entered, in order.
struct LeftOut : ::testing::Test {
  ObjectResult judge(const std::string& left_out) {
    server.serve({"apps", "v1", "deployments", "Deployment", true});
    cluster::ClusterContext context;
    context.on_kind = [&, left_out](const std::string& kind) -> std::optional<Phrase> {
      entered.push_back(kind);
      if (kind == left_out) return Phrase{"objects.harmful", {kind}};
      return std::nullopt;
    };
    kube::ClientOptions impatient;
    impatient.sleep = [](std::chrono::milliseconds) {};
    const kube::Client client(server, impatient);
    const auto outcome =
        judge_cluster(client,
                      testing::profile_with(
                          "kinds: [\"apps/v1 Deployment\"], path: metadata.labels.team, every: {set: true}"),
                      std::move(context), base::Time{});
    EXPECT_TRUE(outcome.has_value()) << outcome.error().text();
    return outcome ? outcome->results.at(0) : ObjectResult{};
  }
  static std::string text(const ObjectResult& result) { return render(result.message, Language::kEnglish); }

  kube::testing::FakeApiServer server;
  std::vector<std::string> entered;
};

TEST_F(LeftOut, EveryKindIsEnteredBeforeItIsRead) {
  const ObjectResult result = judge("");
  EXPECT_NE(result.status, Status::kError) << text(result);
  EXPECT_THAT(entered, Contains("pods"));
  EXPECT_THAT(entered, Contains("networkpolicies.networking.k8s.io"));
  EXPECT_EQ(entered.front(), cluster::kJudging);
  EXPECT_EQ(entered.back(), cluster::kJudging);
  EXPECT_EQ(server.requests("GET", "/deployments"), 1U);
}

TEST_F(LeftOut, ALeftOutKindIsNotAskedForAndSaysWhy) {
  judge("networkpolicies.networking.k8s.io");
  EXPECT_EQ(server.requests("GET", "/networkpolicies"), 0U);
  const std::string own = *std::ranges::find_if(entered, [](const std::string& kind) {
    return kind.contains("Deployment") || kind.contains("deployments");
  });
  const std::size_t before = server.requests("GET", "/deployments");
  const ObjectResult result = judge(own);
  EXPECT_EQ(server.requests("GET", "/deployments"), before);
  EXPECT_EQ(result.status, Status::kError);
  EXPECT_THAT(text(result), HasSubstr("not read in this run"));
}

TEST_F(LeftOut, WhereJudgingItselfEndsTheOperatorNothingIsRead) {
  const ObjectResult result = judge(cluster::kJudging);
  EXPECT_EQ(result.status, Status::kError);
  EXPECT_THAT(text(result), HasSubstr("ended the operator"));
  EXPECT_TRUE(server.seen().empty());
}

}  // namespace
}  // namespace baseline::objects::test
