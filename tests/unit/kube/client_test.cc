#include "kube/client.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/fake_api_server.h"
#include "kube/fake_clock.h"
#include "objects.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::Value;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using testing::FakeApiServer;
using testing::FakeClock;
using ::testing::HasSubstr;
using testing::impatient;
using testing::json;
using testing::object;

constexpr ResourceKind kWidget{"example.io", "v1alpha1", "widgets", "Widget", false};

class ClientTest : public ::testing::Test {
 protected:
  std::vector<milliseconds> delays;
  FakeApiServer server;
  Client client{server, impatient(&delays)};
};

TEST_F(ClientTest, CreatesReadsReplacesPatchesAndRemoves) {
  const auto created = client.create(kJob, "ns", object("ns", "j", "one"));
  ASSERT_TRUE(created.has_value()) << created.error().text();
  EXPECT_EQ((*created)["metadata"]["namespace"].as_string(), "ns");
  EXPECT_FALSE((*created)["metadata"]["uid"].as_string().empty());

  Value changed = *created;
  changed.set("spec", json(R"({"marker":"two"})"));
  const auto replaced = client.replace(kJob, changed);
  ASSERT_TRUE(replaced.has_value()) << replaced.error().text();

  const auto patched = client.patch(kJob, "ns", "j", json(R"({"metadata":{"labels":{"a":"b"}}})"));
  ASSERT_TRUE(patched.has_value()) << patched.error().text();
  EXPECT_EQ((*patched)["spec"]["marker"].as_string(), "two");

  const auto read = client.get(kJob, "ns", "j");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, *patched);

  EXPECT_TRUE(client.remove(kJob, "ns", "j").has_value());
  const auto gone = client.get(kJob, "ns", "j");
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(gone.error().where, "GET /apis/batch/v1/namespaces/ns/jobs/j");
  EXPECT_THAT(gone.error().message, HasSubstr("\"j\" not found"));
}

TEST_F(ClientTest, AStaleWriteIsAConflict) {
  Value first = client.create(kJob, "ns", object("ns", "j", "one")).value();
  ASSERT_TRUE(client.patch(kJob, "ns", "j", json(R"({"spec":{"marker":"two"}})")).has_value());
  first.set("spec", json(R"({"marker":"three"})"));
  const auto stale = client.replace(kJob, first);
  ASSERT_FALSE(stale.has_value());
  EXPECT_EQ(stale.error().code, ErrorCode::kConflict);
}

TEST_F(ClientTest, CreatingWhatExistsIsAConflictAndAnyOther409IsNot) {
  ASSERT_TRUE(client.create(kJob, "ns", object("ns", "j")).has_value());
  EXPECT_EQ(client.create(kJob, "ns", object("ns", "j")).error().code, ErrorCode::kConflict);
  server.fail_next("POST", "/jobs", 409);
  EXPECT_EQ(client.create(kJob, "ns", object("ns", "k")).error().code, ErrorCode::kUnavailable);
}

TEST_F(ClientTest, StatusIsWrittenBySubresourceOnly) {
  server.serve(kWidget);
  ASSERT_TRUE(client.create(kWidget, "", object("", "w")).has_value());
  ASSERT_TRUE(client.patch(kWidget, "", "w", json(R"({"status":{"phase":"A"}})")).has_value());
  EXPECT_TRUE((*server.find(kWidget, "", "w"))["status"].is_null());
  const auto patched = client.patch(
      kWidget, "", "w", json(R"({"status":{"phase":"A"},"spec":{"marker":"x"}})"), {.subresource = "status"});
  ASSERT_TRUE(patched.has_value()) << patched.error().text();
  EXPECT_EQ((*patched)["status"]["phase"].as_string(), "A");
  EXPECT_EQ((*patched)["spec"]["marker"].as_string(), "");
  Value next = *patched;
  next.set("status", json(R"({"phase":"B"})"));
  EXPECT_EQ(client.replace(kWidget, next, "status").value()["status"]["phase"].as_string(), "B");
}

TEST_F(ClientTest, AppliesWithManagerAndForce) {
  server.serve(kWidget);
  Value wanted = object("", "w", "x");
  wanted.set("apiVersion", kWidget.api_version());
  wanted.set("kind", kWidget.kind);
  const auto applied = client.patch(kWidget, "", "w", wanted,
                                    {.type = PatchType::kApply, .field_manager = "me", .force = true});
  ASSERT_TRUE(applied.has_value()) << applied.error().text();
  const auto request = server.seen().back();
  EXPECT_EQ(request.content_type, "application/apply-patch+yaml");
  EXPECT_THAT(request.path_and_query, HasSubstr("fieldManager=me&force=true"));
}

TEST_F(ClientTest, RemovesWithPropagationAndOnlyTheObjectMeant) {
  const Value job = client.create(kJob, "ns", object("ns", "j")).value();
  const auto other = client.remove(kJob, "ns", "j", {.uid = "another"});
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(client
                  .remove(kJob, "ns", "j",
                          {.propagation = RemoveOptions::Propagation::kForeground,
                           .uid = job["metadata"]["uid"].as_string(),
                           .grace_seconds = 0})
                  .has_value());
  EXPECT_THAT(server.seen().back().body,
              HasSubstr(R"("propagationPolicy":"Foreground","gracePeriodSeconds":0)"));
}

TEST_F(ClientTest, ARequestWithoutANameNeverReachesTheCollection) {
  server.put(kJob, object("ns", "j"));
  EXPECT_EQ(client.remove(kJob, "ns", "").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(client.get(kJob, "ns", "").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(client.patch(kJob, "ns", "", Value::map()).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(client.replace(kJob, Value::map()).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(client.create(kJob, "", object("", "j")).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(client.pod_log("ns", "").error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(server.seen().empty());
}

TEST_F(ClientTest, ANamespacedObjectWithoutNamespaceIsNotTakenForTheCollection) {
  EXPECT_EQ(client.remove(kJob, "", "j").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(client.get(kJob, "", "j").error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(server.seen().empty());
}

TEST_F(ClientTest, ListsPageByPage) {
  for (const char* name : {"a", "b", "c", "d", "e"}) server.put(kNode, object("", name));
  std::vector<std::size_t> sizes;
  std::vector<std::string> names;
  const auto end = client.list(kNode, {.page_size = 2}, [&](std::vector<Value>&& items) {
    sizes.push_back(items.size());
    for (const Value& item : items) {
      names.push_back(item["metadata"]["name"].as_string());
      EXPECT_EQ(item["kind"].as_string(), "Node");
    }
    return true;
  });
  ASSERT_TRUE(end.has_value()) << end.error().text();
  EXPECT_THAT(sizes, ElementsAre(2, 2, 1));
  EXPECT_THAT(names, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(end->pages, 3);
  EXPECT_EQ(end->items, 5U);
  EXPECT_FALSE(end->resource_version.empty());
}

TEST_F(ClientTest, ListsRawItemsAndStopsEarly) {
  for (const char* name : {"a", "b", "c"}) server.put(kNode, object("", name));
  int seen = 0;
  const auto end = client.list_raw(kNode, {.page_size = 2}, [&](std::string_view item) {
    EXPECT_TRUE(base::parse_json(item, "").has_value());
    return ++seen < 2;
  });
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(server.requests("GET", "/nodes"), 1U);
}

TEST_F(ClientTest, ListsByNamespaceAndSelectors) {
  Value labelled = object("ns", "a");
  labelled.set("metadata", json(R"({"name":"a","namespace":"ns","labels":{"x.io/app":"y z"}})"));
  server.put(kPod, labelled);
  server.put(kPod, object("ns", "b"));
  server.put(kPod, object("other", "c"));
  EXPECT_EQ(client.list_all(kPod).value().size(), 3U);
  EXPECT_EQ(client.list_all(kPod, {.ns = "ns"}).value().size(), 2U);
  EXPECT_EQ(client.list_all(kPod, {.label_selector = "x.io/app=y z"}).value().size(), 1U);
  EXPECT_EQ(client.list_all(kPod, {.field_selector = "metadata.name=c"}).value().size(), 1U);
}

TEST_F(ClientTest, AListThatExpiresBetweenPagesSaysSo) {
  for (const char* name : {"a", "b", "c"}) server.put(kNode, object("", name));
  const auto end = client.list(kNode, {.page_size = 1}, [&](std::vector<Value>&&) {
    server.compact();
    return true;
  });
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(end.error().message, HasSubstr("list it again"));
}

TEST_F(ClientTest, PagesTooLargeAreAskedForInSmallerOnes) {
  const std::string filler(400, 'x');
  for (const char* name : {"a", "b", "c", "d"}) server.put(kNode, object("", name, filler));
  ClientOptions options = impatient();
  options.max_reply_bytes = 1500;
  const Client small(server, options);
  EXPECT_EQ(small.list_all(kNode, {.page_size = 4}).value().size(), 4U);
  options.max_reply_bytes = 300;
  const auto hopeless = Client(server, options).list_all(kNode, {.page_size = 4});
  ASSERT_FALSE(hopeless.has_value());
  EXPECT_EQ(hopeless.error().code, ErrorCode::kLimit);
}

TEST_F(ClientTest, LargeObjectsComeAFewAtATimeAndSmallOnesAllAtOnceAgain) {
  const std::string large(3U << 20, 'x');
  for (int i = 0; i < 10; ++i) server.put(kNode, object("", "a" + std::to_string(i), large));
  for (int i = 0; i < 40; ++i) server.put(kNode, object("", "b" + std::to_string(10 + i)));
  std::size_t items = 0;
  const auto end = client.list_raw(kNode, {.page_size = 16}, [&](std::string_view) {
    ++items;
    return true;
  });
  ASSERT_TRUE(end.has_value()) << end.error().text();
  EXPECT_EQ(items, 50U);
  // 16, 8 and 4 are too large once; then two by two, and more at a time where they are small.
  EXPECT_EQ(server.requests("GET", "limit=16"), 3U);
  EXPECT_EQ(server.requests("GET", "limit=4"), 2U);
  EXPECT_EQ(end->pages, 5 + 5);
}

// A server of its own mind: each page names another one.
class EndlessPages final : public Transport {
 public:
  explicit EndlessPages(FakeClock& clock) : clock_(clock) {}
  base::Result<Response> send(const Request&) override {
    clock_.advance(std::chrono::seconds(1));
    const std::string token = std::to_string(++pages);
    return Response{200, R"({"metadata":{"continue":")" + token + R"("},"items":[]})", {}};
  }
  base::Result<StreamEnd> stream(const Request&, const Sink&, std::stop_token) override {
    return base::fail(ErrorCode::kUnavailable, "no streams");
  }
  int pages = 0;

 private:
  FakeClock& clock_;
};

TEST_F(ClientTest, AListWithoutAnEndIsGivenUp) {
  FakeClock clock;
  EndlessPages endless(clock);
  ClientOptions options = impatient();
  options.clock = &clock;
  const auto end = Client(endless, options).list_raw(kNode, {}, [](std::string_view) { return true; });
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().code, ErrorCode::kLimit);
  EXPECT_THAT(end.error().message, HasSubstr("no end"));
  EXPECT_LT(endless.pages, 2'000);
}

TEST_F(ClientTest, ReadsAPodsLogBounded) {
  server.put(kPod, object("ns", "p"));
  server.set_log("ns", "p", "0123456789");
  const auto whole = client.pod_log("ns", "p", {.container = "runner", .max_bytes = 10});
  ASSERT_TRUE(whole.has_value()) << whole.error().text();
  EXPECT_EQ(whole->text, "0123456789");
  EXPECT_FALSE(whole->cut);
  EXPECT_THAT(server.seen().back().path_and_query, HasSubstr("container=runner"));
  const auto part = client.pod_log("ns", "p", {.max_bytes = 4});
  ASSERT_TRUE(part.has_value());
  EXPECT_EQ(part->text, "0123");
  EXPECT_TRUE(part->cut);
  EXPECT_EQ(client.pod_log("ns", "none").error().code, ErrorCode::kNotFound);
}

TEST_F(ClientTest, KnowsVersionAndWhatIsServed) {
  const auto version = client.version();
  ASSERT_TRUE(version.has_value());
  EXPECT_EQ(version->major, 1);
  EXPECT_EQ(version->minor, 36);
  EXPECT_EQ(version->git_version, "v1.36.1");
  EXPECT_EQ(client.is_served(kJob), base::Result<bool>(true));
  EXPECT_EQ(client.is_served(kWidget), base::Result<bool>(false));
  server.serve(kWidget);
  EXPECT_EQ(client.is_served(kWidget), base::Result<bool>(true));
  constexpr ResourceKind kGadget{"example.io", "v1alpha1", "gadgets", "Gadget", false};
  EXPECT_EQ(client.is_served(kGadget), base::Result<bool>(false));
  server.fail_next("GET", "/apis/", 403);
  EXPECT_FALSE(client.is_served(kWidget).has_value()) << "what may not be asked is not known to be missing";
}

TEST_F(ClientTest, WatchGivesFramesUntilTheReaderStops) {
  const std::string before = server.put(kNode, object("", "a"))["metadata"]["resourceVersion"].as_string();
  server.put(kNode, object("", "b"));
  std::vector<std::string> names;
  const auto end = client.watch(kNode, {.resource_version = before},
                                [&](WatchFrame&& frame) {
                                  names.push_back(frame.object["metadata"]["name"].as_string());
                                  return false;
                                },
                                {});
  ASSERT_TRUE(end.has_value()) << end.error().text();
  EXPECT_EQ(end->reason, StreamEnd::Reason::kStopped);
  EXPECT_THAT(names, ElementsAre("b"));
}

// A transport whose stream is the given bytes.
class Bytes final : public Transport {
 public:
  explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  base::Result<Response> send(const Request& /*request*/) override { return Response{}; }
  base::Result<StreamEnd> stream(const Request& /*request*/, const Sink& sink,
                                 std::stop_token /*stop*/) override {
    const bool went_on = sink(bytes_);
    return StreamEnd{went_on ? StreamEnd::Reason::kEnded : StreamEnd::Reason::kStopped, 200, {}, {}};
  }

 private:
  std::string bytes_;
};

TEST_F(ClientTest, AWatchStreamThatIsNoneEndsWithItsFault) {
  const auto code_of = [](std::string bytes) {
    Bytes transport(std::move(bytes));
    ClientOptions options;
    options.max_frame_bytes = 100;
    const auto end = Client(transport, options).watch(kNode, {}, [](WatchFrame&&) { return true; }, {});
    return end ? std::nullopt : std::optional(end.error().code);
  };
  EXPECT_EQ(code_of("<html>\n"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(std::string(200, ' ')), ErrorCode::kLimit);
  EXPECT_EQ(code_of(R"({"type":"ADDED","obj)"), ErrorCode::kCorrupt);
  EXPECT_EQ(code_of("\n\n"), std::nullopt);
}

}  // namespace
}  // namespace baseline::kube
