// What the client makes of a server's refusals, of faults on the way, and when it tries again.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/client.h"
#include "kube/fake_api_server.h"
#include "objects.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::Value;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using testing::FakeApiServer;
using ::testing::HasSubstr;
using testing::impatient;
using ::testing::Not;
using testing::object;

constexpr ResourceKind kWidget{"example.io", "v1alpha1", "widgets", "Widget", false};

class ClientFaultTest : public ::testing::Test {
 protected:
  std::vector<milliseconds> delays;
  FakeApiServer server;
  Client client{server, impatient(&delays)};
};

TEST_F(ClientFaultTest, EachStatusHasItsCode) {
  const std::vector<std::pair<int, ErrorCode>> table{
      {400, ErrorCode::kInvalid},     {401, ErrorCode::kForbidden},   {403, ErrorCode::kForbidden},
      {404, ErrorCode::kNotFound},    {409, ErrorCode::kConflict},    {410, ErrorCode::kUnavailable},
      {413, ErrorCode::kInvalid},     {422, ErrorCode::kInvalid},     {429, ErrorCode::kUnavailable},
      {500, ErrorCode::kUnavailable}, {501, ErrorCode::kUnavailable}, {503, ErrorCode::kUnavailable},
      {301, ErrorCode::kInvalid},     {418, ErrorCode::kInvalid},
  };
  ClientOptions options = impatient();
  options.retry.attempts = 1;
  const Client once(server, options);
  for (const auto& [status, code] : table) {
    server.fail_next("PUT", "/jobs", status);
    const auto result = once.replace(kJob, object("ns", "j"));
    ASSERT_FALSE(result.has_value()) << status;
    EXPECT_EQ(result.error().code, code) << status;
    EXPECT_EQ(result.error().where, "PUT /apis/batch/v1/namespaces/ns/jobs/j");
    EXPECT_FALSE(result.error().message.empty());
  }
}

TEST_F(ClientFaultTest, AMissingRightIsNamedByVerbAndResource) {
  server.fail_next("PATCH", "/jobs", 403);
  const auto result = client.patch(kJob, "ns", "j", Value::map(), {.subresource = "status"});
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().message, HasSubstr("verb \"patch\""));
  EXPECT_THAT(result.error().message, HasSubstr("resource \"jobs/status\""));
  EXPECT_THAT(result.error().message, HasSubstr("API group \"batch\""));
}

TEST_F(ClientFaultTest, AKindThatIsNotServedPointsToItsDefinition) {
  const auto result = client.get(kWidget, "", "w");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(result.error().message, HasSubstr("CustomResourceDefinition"));
}

TEST_F(ClientFaultTest, TriesAgainWithGrowingJitteredDelays) {
  for (const int status : {503, 500, 429}) server.fail_next("GET", "/nodes", status);
  server.refuse_next("GET", "/nodes");
  server.put(kNode, object("", "a"));
  EXPECT_TRUE(client.get(kNode, "", "a").has_value());
  ASSERT_EQ(delays.size(), 4U);
  milliseconds nominal{200};
  for (const milliseconds delay : delays) {
    EXPECT_GE(delay, nominal / 2);
    EXPECT_LE(delay, nominal);
    nominal *= 2;
  }
}

TEST_F(ClientFaultTest, GivesUpAfterTheLastAttempt) {
  for (int i = 0; i < 9; ++i) server.fail_next("GET", "/nodes", 503);
  const auto result = client.get(kNode, "", "a");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(server.requests("GET", "/nodes"), 5U);
}

TEST_F(ClientFaultTest, MindsRetryAfterWithinItsDeadline) {
  server.put(kNode, object("", "a"));
  server.fail_next("GET", "/nodes", 429, seconds(7));
  EXPECT_TRUE(client.get(kNode, "", "a").has_value());
  EXPECT_THAT(delays, ElementsAre(seconds(7)));
  server.fail_next("GET", "/nodes", 429, seconds(3600));
  EXPECT_EQ(client.get(kNode, "", "a").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(delays.size(), 1U) << "no wait beyond the deadline";
}

TEST_F(ClientFaultTest, ACreateIsRepeatedOnlyWhenItCannotHaveBeenDone) {
  server.refuse_next("POST", "/jobs");
  EXPECT_TRUE(client.create(kJob, "ns", object("ns", "a")).has_value());
  EXPECT_EQ(server.requests("POST", "/jobs"), 2U);

  server.lose_reply_next("POST", "/jobs");
  EXPECT_EQ(client.create(kJob, "ns", object("ns", "b")).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(server.requests("POST", "/jobs"), 3U);
  EXPECT_TRUE(server.find(kJob, "ns", "b").has_value());

  server.fail_next("POST", "/jobs", 503);
  EXPECT_EQ(client.create(kJob, "ns", object("ns", "c")).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(server.requests("POST", "/jobs"), 4U);
}

TEST_F(ClientFaultTest, AReplyCutInTheMiddleIsReadAgain) {
  server.put(kNode, object("", "a"));
  server.lose_reply_next("GET", "/nodes");
  EXPECT_TRUE(client.get(kNode, "", "a").has_value());
  EXPECT_EQ(server.requests("GET", "/nodes"), 2U);
}

TEST_F(ClientFaultTest, AStoppedClientDoesNotTryAgain) {
  std::stop_source stop;
  ClientOptions options = impatient();
  options.stop = stop.get_token();
  const Client stopped(server, options);
  stop.request_stop();
  server.refuse_connections(true);
  EXPECT_FALSE(stopped.get(kNode, "", "a").has_value());
  EXPECT_EQ(server.requests("GET", "/nodes"), 1U);
}

TEST_F(ClientFaultTest, TheObserverHearsOfEachAttempt) {
  std::vector<CallRecord> calls;
  ClientOptions options = impatient();
  options.observer = [&](const CallRecord& call) { calls.push_back(call); };
  const Client observed(server, options);
  server.refuse_next("GET", "/jobs");
  EXPECT_FALSE(observed.get(kJob, "ns", "j").has_value());
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].verb, "get");
  EXPECT_EQ(calls[0].resource, "jobs.batch");
  EXPECT_EQ(calls[0].status, 0);
  EXPECT_EQ(calls[1].status, 404);
}

TEST_F(ClientFaultTest, AServersWordsStayOnOneLineAndAreBounded) {
  class Chatty final : public Transport {
   public:
    base::Result<Response> send(const Request& /*request*/) override {
      const Value status(
          Value::Map{{"kind", "Status"}, {"message", "a\nb\x1b[31m" + std::string(5000, 'c')}});
      return Response{422, base::write_json(status), {}};
    }
    base::Result<StreamEnd> stream(const Request& /*r*/, const Sink& /*s*/, std::stop_token /*t*/) override {
      return StreamEnd{};
    }
  };
  Chatty chatty;
  const auto result = Client(chatty).get(kNode, "", "a");
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().message, Not(HasSubstr("\n")));
  EXPECT_THAT(result.error().message, Not(HasSubstr("\x1b")));
  EXPECT_LT(result.error().message.size(), 1200U);
}

}  // namespace
}  // namespace baseline::kube
