#include "objects/document_source.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../baseline/object_form_support.h"
#include "base/json.h"
#include "kube/fake_api_server.h"
#include "objects/file_source.h"
#include "objects/judge.h"

namespace baseline::objects::test {
namespace {

namespace fs = std::filesystem;
using kube::ResourceKind;
using kube::testing::FakeApiServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr ResourceKind kDeployment{"apps", "v1", "deployments", "Deployment", true};
constexpr ResourceKind kGateway{"example.com", "v2", "gatewaies", "Gateway", false};

std::string label_rule(const std::string& kind) {
  return "kinds: [\"" + kind + "\"], path: metadata.labels.team, every: {set: true}";
}

class DocumentSource : public ::testing::Test {
 protected:
  ObjectResult judge(const std::string& form) {
    kube::ClientOptions impatient;
    impatient.sleep = [](std::chrono::milliseconds) {};
    impatient.retry.attempts = 2;
    const kube::Client client(server_, impatient);
    cluster::ClusterEvaluator evaluator(testing::profile_with(form), {}, base::Time{});
    read_documents(client, evaluator, {.kinds = {}, .version = {}, .page_size = 2, .stop = {}});
    return std::move(evaluator).finish().results.at(0);
  }
  void put(const ResourceKind& kind, const std::string& name, const std::string& labels) {
    server_.put(kind,
                base::parse_json(
                    R"({"metadata":{"name":")" + name + R"(","namespace":"n","labels":)" + labels + "}}", "t")
                    .value());
  }
  static std::string text(const ObjectResult& result) { return render(result.message, Language::kEnglish); }

  FakeApiServer server_;
};

TEST_F(DocumentSource, ReadsAnyKindPageByPage) {
  server_.serve(kDeployment);
  for (int i = 0; i < 5; ++i) put(kDeployment, "d" + std::to_string(i), R"({"team":"a"})");
  EXPECT_EQ(judge(label_rule("apps/v1 Deployment")).status, Status::kPass);
  EXPECT_EQ(server_.requests("GET", "/deployments"), 3U);
  put(kDeployment, "other", "{}");
  EXPECT_THAT(testing::lines(judge(label_rule("apps/v1 Deployment"))),
              ElementsAre("Fail Deployment n/other | set | metadata.labels.team is not there"));
}

TEST_F(DocumentSource, WhatCannotBeLookedIntoIsNamedAndTheOthersAreJudged) {
  server_.serve(kDeployment);
  put(kDeployment, "a", R"({"team":"a"})");
  const auto with_spec = [&](const std::string& name, const std::string& spec) {
    base::Value object = base::Value::map();
    base::Value metadata = base::Value::map();
    metadata.set("name", name);
    metadata.set("namespace", "n");
    object.set("metadata", metadata);
    object.set("spec", base::Value(spec));
    server_.put(kDeployment, object);
  };
  with_spec("large", std::string(4U << 20, 'x'));
  const ObjectResult result = judge(label_rule("apps/v1 Deployment"));
  EXPECT_EQ(result.status, Status::kError);
  EXPECT_THAT(testing::lines(result), ElementsAre(HasSubstr("Error Deployment n/large")));
  put(kDeployment, "wrong", "{}");
  EXPECT_EQ(judge(label_rule("apps/v1 Deployment")).status, Status::kFail);
}

TEST_F(DocumentSource, AnObjectWithTooManyValuesIsAnErrorOfItsOwn) {
  server_.serve(kDeployment);
  put(kDeployment, "a", R"({"team":"a"})");
  std::string labels;
  for (int i = 0; i < 10'001; ++i) labels += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":\"v\"";
  put(kDeployment, "wide", "{" + labels + "}");
  const ObjectResult result =
      judge("kinds: [apps/v1 Deployment], path: 'metadata.labels[*]', every: {set: true}");
  EXPECT_EQ(result.status, Status::kError);
  EXPECT_THAT(testing::lines(result), ElementsAre(HasSubstr("Error Deployment n/wide")));
}

TEST_F(DocumentSource, ReadsPodsAndOddPlurals) {
  put(kube::kPod, "p", R"({"team":"a"})");
  EXPECT_EQ(judge(label_rule("v1 Pod")).status, Status::kPass);
  server_.serve(kGateway);
  put(kGateway, "g", "{}");
  EXPECT_EQ(judge(label_rule("example.com/v2 Gateway")).status, Status::kFail);
}

// A server whose list of this path expires between its first two pages, once.
class ExpiringList final : public kube::Transport {
 public:
  ExpiringList(FakeApiServer& server, std::string path) : server_(server), path_(std::move(path)) {}
  base::Result<kube::Response> send(const kube::Request& request) override {
    const bool next = request.path_and_query.find(path_) != std::string::npos &&
                      request.path_and_query.find("continue=") != std::string::npos;
    if (next && !expired_) {
      expired_ = true;
      server_.compact();
    }
    return server_.send(request);
  }
  base::Result<kube::StreamEnd> stream(const kube::Request& request, const Sink& sink,
                                       std::stop_token stop) override {
    return server_.stream(request, sink, std::move(stop));
  }

 private:
  FakeApiServer& server_;
  std::string path_;
  bool expired_ = false;
};

TEST_F(DocumentSource, AnExpiredListIsTakenUpAndCountsNothingTwice) {
  server_.serve(kDeployment);
  for (int i = 0; i < 5; ++i) put(kDeployment, "d" + std::to_string(i), "{}");
  ExpiringList transport(server_, "/deployments");
  const kube::Client client(transport);
  cluster::ClusterEvaluator evaluator(testing::profile_with(label_rule("apps/v1 Deployment")), {},
                                      base::Time{});
  read_documents(client, evaluator, {.kinds = {}, .version = {}, .page_size = 2, .stop = {}});
  const ObjectResult result = std::move(evaluator).finish().results.at(0);
  EXPECT_EQ(result.status, Status::kFail);
  EXPECT_EQ(result.findings.size(), 5U);
  EXPECT_THAT(text(result), HasSubstr("Findings: 5; objects of apps/v1 Deployment looked at: 5"));
}

TEST_F(DocumentSource, PodsAreListedOnceForBothWaysAndTakenUpWhenTheirListExpires) {
  for (int i = 0; i < 5; ++i) put(kube::kPod, "p" + std::to_string(i), i == 4 ? "{}" : R"({"team":"a"})");
  ExpiringList transport(server_, "/pods");
  const kube::Client client(transport);
  const auto outcome =
      judge_cluster(client, testing::profile_with(label_rule("v1 Pod")), {}, base::Time{},
                    {.kinds = {cluster::Kind::kPod}, .version = {}, .page_size = 2, .stop = {}});
  ASSERT_TRUE(outcome.has_value());
  const ObjectResult& result = outcome->results.at(0);
  EXPECT_THAT(testing::lines(result), ElementsAre("Fail Pod n/p4 | set | metadata.labels.team is not there"));
  EXPECT_THAT(text(result), HasSubstr("Findings: 1; objects of v1 Pod looked at: 5"));
  EXPECT_EQ(outcome->objects.at("pods"), 5);
  EXPECT_EQ(server_.requests("GET", "/api/v1/pods"), 5U) << "one page, the expired one, and three";
}

TEST_F(DocumentSource, PodsThatCannotBeListedAreAnErrorOfBothWays) {
  put(kube::kPod, "p", R"({"team":"a"})");
  server_.fail_next("GET", "/pods", 403);
  const kube::Client client(server_);
  const auto outcome =
      judge_cluster(client, testing::profile_with(label_rule("v1 Pod")), {}, base::Time{},
                    {.kinds = {cluster::Kind::kPod}, .version = {}, .page_size = 2, .stop = {}});
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->results.at(0).status, Status::kError);
  EXPECT_EQ(server_.requests("GET", "/pods"), 1U) << "a second list would be refused too";
}

TEST_F(DocumentSource, WhatIsNotServedIsNotAskedFor) {
  EXPECT_EQ(judge(label_rule("example.com/v1 Widget")).status, Status::kNotApplicable);
  EXPECT_EQ(server_.requests("GET", "/apis/example.com"), 0U);
  server_.serve(kDeployment);
  EXPECT_EQ(judge(label_rule("apps/v1 Deploymnet")).status, Status::kError);
}

TEST_F(DocumentSource, AnotherVersionIsAnError) {
  server_.serve(kGateway);
  const auto result = judge(label_rule("example.com/v1 Gateway"));
  EXPECT_EQ(result.status, Status::kError);
  EXPECT_THAT(text(result), HasSubstr("only in the versions v2"));
}

TEST_F(DocumentSource, AMissingRightAndABrokenListAreErrors) {
  server_.serve(kDeployment);
  put(kDeployment, "d", R"({"team":"a"})");
  server_.fail_next("GET", "/deployments", 403);
  const auto refused = judge(label_rule("apps/v1 Deployment"));
  EXPECT_EQ(refused.status, Status::kError);
  EXPECT_THAT(text(refused), HasSubstr("list"));
  server_.fail_next("GET", "/deployments", 500);
  server_.fail_next("GET", "/deployments", 500);
  EXPECT_EQ(judge(label_rule("apps/v1 Deployment")).status, Status::kError);
}

TEST_F(DocumentSource, AsksNothingWhereNoRequirementDoes) {
  const kube::Client client(server_);
  auto profile = std::make_shared<ResolvedProfile>();
  profile->standard = std::make_shared<Standard>();
  cluster::ClusterEvaluator evaluator(profile, {}, base::Time{});
  read_documents(client, evaluator);
  EXPECT_EQ(server_.requests("GET", "/"), 0U);
}

class DocumentFiles : public ::testing::Test {
 protected:
  DocumentFiles() {
    std::string name = (fs::temp_directory_path() / "documents-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~DocumentFiles() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  ObjectResult judge(const std::string& form, const std::string& name, std::string_view manifest) {
    std::ofstream(folder_ / name) << manifest;
    cluster::ClusterEvaluator evaluator(testing::profile_with(form), testing::files(), base::Time{});
    EvaluatorSink sink(evaluator);
    summary_ = read_manifests({folder_}, sink);
    return std::move(evaluator).finish().results.at(0);
  }

  fs::path folder_;
  FileSummary summary_;
};

TEST_F(DocumentFiles, YamlJsonAndListsAreHandedOver) {
  const std::string rule = label_rule("apps/v1 ControllerRevision");
  const std::string_view good =
      "apiVersion: apps/v1\nkind: ControllerRevision\nmetadata: {name: a, labels: {team: x}}\n";
  EXPECT_EQ(judge(rule, "a.yaml", good).status, Status::kPass);
  EXPECT_EQ(summary_.objects, 1U);
  // An item of a list may leave its type to the list.
  const auto listed = judge(
      rule, "b.json",
      R"({"apiVersion":"apps/v1","kind":"ControllerRevisionList","items":[{"metadata":{"name":"b"}}]})");
  EXPECT_THAT(testing::lines(listed),
              ElementsAre("Fail ControllerRevision b | set | metadata.labels.team is not there"));
}

TEST_F(DocumentFiles, TemplatesStandInForPods) {
  const std::string rule = "kinds: [pods], path: spec.hostNetwork, none: {equals: true}, when-absent: pass";
  const std::string deployment =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: 'n'}\nspec:\n  "
      "template: {spec: {hostNetwork: true, containers: [{name: c, image: i}]}}\n";
  EXPECT_THAT(testing::lines(judge(rule, "d.yaml", deployment)),
              ElementsAre("Fail Deployment n/d | anything but true | spec.hostNetwork: true"));
}

TEST_F(DocumentFiles, AnObjectThatIsNotUnderstoodLeavesItsKindUnknown) {
  const std::string rule = "kinds: [pods], path: spec.hostNetwork, none: {equals: true}, when-absent: pass";
  const auto result =
      judge(rule, "d.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: "
            "{hostPID: 3}}}\n");
  EXPECT_EQ(result.status, Status::kError);
}

}  // namespace
}  // namespace baseline::objects::test
