#include "kube/fake_api_server.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kube/client.h"
#include "kube/selectors.h"
#include "objects.h"

namespace baseline::kube {
namespace {

using base::Value;
using testing::FakeApiServer;
using testing::json;
using testing::matches_fields;
using testing::matches_labels;
using testing::object;

class FakeApiServerTest : public ::testing::Test {
 protected:
  FakeApiServer server;
  Client client{server, testing::impatient()};
};

TEST_F(FakeApiServerTest, WritesThatChangeNothingMakeNoNewVersion) {
  const Value made = client.create(kJob, "ns", object("ns", "j", "x")).value();
  const Value same = client.patch(kJob, "ns", "j", json(R"({"spec":{"marker":"x"}})")).value();
  EXPECT_EQ(same, made);
  const Value changed = client.patch(kJob, "ns", "j", json(R"({"spec":{"marker":"y"}})")).value();
  EXPECT_NE(changed["metadata"]["resourceVersion"], made["metadata"]["resourceVersion"]);
  EXPECT_EQ(changed["metadata"]["generation"].as_int(), 2);
  EXPECT_EQ(changed["metadata"]["uid"], made["metadata"]["uid"]);
  const Value labelled = client.patch(kJob, "ns", "j", json(R"({"metadata":{"labels":{"a":"b"}}})")).value();
  EXPECT_EQ(labelled["metadata"]["generation"].as_int(), 2);
}

TEST_F(FakeApiServerTest, FinalizersHoldADeletionUntilTheyAreGone) {
  Value job = object("ns", "j");
  job.set("metadata", json(R"({"name":"j","namespace":"ns","finalizers":["example.io/x"]})"));
  ASSERT_TRUE(client.create(kJob, "ns", job).has_value());
  ASSERT_TRUE(client.remove(kJob, "ns", "j").has_value());
  EXPECT_FALSE((*server.find(kJob, "ns", "j"))["metadata"]["deletionTimestamp"].is_null());
  ASSERT_TRUE(client.patch(kJob, "ns", "j", json(R"({"metadata":{"finalizers":null}})")).has_value());
  EXPECT_FALSE(server.find(kJob, "ns", "j").has_value());
}

TEST_F(FakeApiServerTest, DependentsFollowTheirOwnerUnlessOrphaned) {
  const auto make = [&] {
    const std::string uid =
        client.create(kJob, "ns", object("ns", "j")).value()["metadata"]["uid"].as_string();
    server.put(kPod, json(R"({"metadata":{"name":"p","namespace":"ns","ownerReferences":[{"uid":")" + uid +
                          R"("}]}})"));
  };
  make();
  ASSERT_TRUE(client.remove(kJob, "ns", "j").has_value());
  EXPECT_FALSE(server.find(kPod, "ns", "p").has_value());
  make();
  ASSERT_TRUE(
      client.remove(kJob, "ns", "j", {.propagation = RemoveOptions::Propagation::kOrphan}).has_value());
  EXPECT_TRUE(server.find(kPod, "ns", "p").has_value());
}

TEST_F(FakeApiServerTest, TheHookPlaysAControllerAfterEachWrite) {
  server.on_write([&](std::string_view method, const ResourceKind& kind, const Value& written) {
    if (method != "POST" || kind != kJob) return;
    Value pod = object("ns", written["metadata"]["name"].as_string() + "-pod");
    server.put(kPod, std::move(pod));
  });
  ASSERT_TRUE(client.create(kJob, "ns", object("ns", "j")).has_value());
  EXPECT_TRUE(server.find(kPod, "ns", "j-pod").has_value());
}

TEST_F(FakeApiServerTest, RefusesWhatTheRealOneRefuses) {
  const auto code = [&](const base::Result<Value>& result) { return result ? "" : result.error().message; };
  EXPECT_NE(code(client.create(kJob, "ns", object("ns", "Upper"))), "");
  Value with_version = object("ns", "j");
  with_version.set("metadata", json(R"({"name":"j","resourceVersion":"1"})"));
  EXPECT_NE(code(client.create(kJob, "ns", with_version)), "");
  EXPECT_NE(code(client.patch(kJob, "ns", "j", object("ns", "j"), {.type = PatchType::kApply})), "");
  EXPECT_NE(code(client.replace(kJob, object("ns", "none"))), "");
}

TEST_F(FakeApiServerTest, GeneratesNames) {
  Value job = json(R"({"metadata":{"generateName":"scan-"}})");
  const auto made = client.create(kJob, "ns", job);
  ASSERT_TRUE(made.has_value()) << made.error().text();
  EXPECT_TRUE((*made)["metadata"]["name"].as_string().starts_with("scan-"));
}

TEST_F(FakeApiServerTest, FaultsFireOnceInTheirOrderOnWhatTheyMatch) {
  server.put(kNode, object("", "a"));
  ClientOptions options = testing::impatient();
  options.retry.attempts = 1;
  const Client once(server, options);
  server.fail_next("GET", "/nodes/a", 500);
  server.fail_next("GET", "/nodes/a", 403);
  EXPECT_TRUE(once.list_all(kNode).has_value());
  EXPECT_EQ(once.get(kNode, "", "a").error().code, base::ErrorCode::kUnavailable);
  EXPECT_EQ(once.get(kNode, "", "a").error().code, base::ErrorCode::kForbidden);
  EXPECT_TRUE(once.get(kNode, "", "a").has_value());
}

TEST(SelectorsTest, MatchAsKubernetesDoes) {
  const Value pod = json(
      R"({"metadata":{"name":"p","labels":{"app":"web","x.io/tier":"1"}},"status":{"phase":"Running"}})");
  for (const char* yes : {"", "app=web", "app==web", "app!=db", "none!=x", "app", "!none", "app in (db, web)",
                          "app notin (db)", "none notin (x)", "app=web,x.io/tier=1"}) {
    EXPECT_TRUE(matches_labels(yes, pod)) << yes;
  }
  for (const char* no :
       {"app=db", "app!=web", "none", "!app", "app in (db)", "app notin (web)", "app=web,none=x"}) {
    EXPECT_FALSE(matches_labels(no, pod)) << no;
  }
  EXPECT_TRUE(matches_fields("metadata.name=p,status.phase!=Failed", pod));
  EXPECT_TRUE(matches_fields("spec.nodeName=", pod));
  EXPECT_FALSE(matches_fields("metadata.name=q", pod));
}

}  // namespace
}  // namespace baseline::kube
