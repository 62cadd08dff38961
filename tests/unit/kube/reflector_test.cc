#include "kube/reflector.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
using testing::json;
using testing::object;

// What a reflector told, to wait for.
class Diary {
 public:
  void note(const Change& change) {
    const char sign = change.type == Change::Type::kAdded     ? '+'
                      : change.type == Change::Type::kUpdated ? '~'
                                                              : '-';
    const std::scoped_lock lock(mutex_);
    lines_.push_back(sign + change.key);
    changed_.notify_all();
  }
  void note(const base::Error& error) {
    const std::scoped_lock lock(mutex_);
    errors_.push_back(error);
    changed_.notify_all();
  }
  bool wait_for_line(const std::string& line) const {
    return wait([&] { return std::ranges::find(lines_, line) != lines_.end(); });
  }
  bool wait_for_errors(std::size_t n) const {
    return wait([&] { return errors_.size() >= n; });
  }
  std::vector<std::string> lines() const {
    const std::scoped_lock lock(mutex_);
    return lines_;
  }
  std::vector<base::Error> errors() const {
    const std::scoped_lock lock(mutex_);
    return errors_;
  }

 private:
  template <typename Condition>
  bool wait(const Condition& condition) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(10), condition);
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::vector<base::Error> errors_;
};

class ReflectorTest : public ::testing::Test {
 protected:
  ReflectorOptions options() {
    ReflectorOptions out;
    out.kind = kNode;
    out.page_size = 2;
    out.backoff = {milliseconds(1), milliseconds(4)};
    out.on_change = [this](const Change& change) { diary.note(change); };
    out.on_error = [this](const base::Error& error) { diary.note(error); };
    return out;
  }
  void put_nodes(std::initializer_list<const char*> names) {
    for (const char* name : names) server.put(kNode, object("", name));
  }
  std::size_t lists() const { return server.requests("GET", "limit="); }
  std::size_t watch_requests() const { return server.requests("GET", "watch=true"); }

  Diary diary;
  FakeApiServer server;
  Client client{server, testing::impatient()};
};

TEST_F(ReflectorTest, ListsByPagesThenFollowsTheWatch) {
  put_nodes({"a", "b", "c"});
  Reflector reflector(client, options());
  EXPECT_FALSE(reflector.synced());
  reflector.start();
  ASSERT_TRUE(reflector.wait_synced(seconds(10)));
  EXPECT_EQ(lists(), 2U);
  EXPECT_THAT(diary.lines(), ElementsAre("+a", "+b", "+c"));
  ASSERT_TRUE(server.wait_for_watches(1));
  put_nodes({"d"});
  ASSERT_TRUE(diary.wait_for_line("+d"));
  server.put(kNode, object("", "a", "changed"));
  ASSERT_TRUE(diary.wait_for_line("~a"));
  server.erase(kNode, "", "b");
  ASSERT_TRUE(diary.wait_for_line("-b"));
  EXPECT_EQ(reflector.size(), 3U);
  EXPECT_EQ((*reflector.get("a"))["spec"]["marker"].as_string(), "changed");
  EXPECT_EQ((*reflector.get("a"))["kind"].as_string(), "Node");
  EXPECT_EQ(reflector.get("b"), nullptr);
  EXPECT_EQ(reflector.list().size(), 3U);
  EXPECT_EQ(lists(), 2U);
  EXPECT_TRUE(diary.errors().empty());
}

TEST_F(ReflectorTest, KeepsWhatTheProjectionLeaves) {
  Value node = object("", "a", "large");
  node.set("metadata", json(R"({"name":"a","managedFields":[{"manager":"x"}],"labels":{"l":"1"}})"));
  server.put(kNode, node);
  Reflector plain(client, options());
  plain.start();
  ASSERT_TRUE(plain.wait_synced(seconds(10)));
  EXPECT_FALSE((*plain.get("a"))["metadata"].contains("managedFields"));
  EXPECT_EQ((*plain.get("a"))["metadata"]["labels"]["l"].as_string(), "1");

  ReflectorOptions small = options();
  small.project = [](Value&& value) {
    Value kept = Value::map();
    kept.set("metadata", value["metadata"]);
    return kept;
  };
  Reflector projected(client, std::move(small));
  projected.start();
  ASSERT_TRUE(projected.wait_synced(seconds(10)));
  EXPECT_FALSE(projected.get("a")->contains("spec"));
}

TEST_F(ReflectorTest, SeesOnlyItsNamespaceAndSelector) {
  server.put(kPod, object("ns", "a"));
  server.put(kPod, object("other", "b"));
  ReflectorOptions selective = options();
  selective.kind = kPod;
  selective.ns = "ns";
  selective.label_selector = "app=x";
  Reflector reflector(client, std::move(selective));
  reflector.start();
  ASSERT_TRUE(reflector.wait_synced(seconds(10)));
  EXPECT_EQ(reflector.size(), 0U);
  ASSERT_TRUE(server.wait_for_watches(1));
  Value pod = object("ns", "a");
  pod.set("metadata", json(R"({"name":"a","namespace":"ns","labels":{"app":"x"}})"));
  server.put(kPod, pod);
  ASSERT_TRUE(diary.wait_for_line("+ns/a"));
  server.put(kPod, object("ns", "a"));
  ASSERT_TRUE(diary.wait_for_line("-ns/a"));
}

TEST_F(ReflectorTest, ARelistAfterGoneReportsWhatWasDeletedMeanwhile) {
  put_nodes({"a", "b", "c"});
  Reflector reflector(client, options());
  reflector.start();
  ASSERT_TRUE(server.wait_for_watches(1));
  // While the watch is away: one gone, one changed, one new; and the history is forgotten.
  server.refuse_connections(true);
  server.end_watches();
  ASSERT_TRUE(server.wait_for_watches(0));
  server.erase(kNode, "", "a");
  server.put(kNode, object("", "b", "changed"));
  put_nodes({"d"});
  server.compact();
  server.refuse_connections(false);
  ASSERT_TRUE(diary.wait_for_line("+d"));
  const auto lines = diary.lines();
  EXPECT_THAT(std::vector<std::string>(lines.begin() + 3, lines.end()), ElementsAre("-a", "~b", "+d"));
  EXPECT_EQ(lists(), 4U);
}

TEST_F(ReflectorTest, GoneAsHttpStatusListsAgain) {
  put_nodes({"a"});
  server.fail_next("GET", "watch=true", 410);
  Reflector reflector(client, options());
  reflector.start();
  ASSERT_TRUE(server.wait_for_watches(1));
  EXPECT_EQ(lists(), 2U);
  EXPECT_THAT(diary.lines(), ElementsAre("+a")) << "the same version is no change";
}

TEST_F(ReflectorTest, GoneOnAPageBeginsTheListAgain) {
  put_nodes({"a", "b", "c"});
  server.fail_next("GET", "continue=", 410);
  Reflector reflector(client, options());
  reflector.start();
  ASSERT_TRUE(reflector.wait_synced(seconds(10)));
  EXPECT_EQ(reflector.size(), 3U);
  EXPECT_THAT(diary.lines(), ElementsAre("+a", "+b", "+c"));
  EXPECT_EQ(lists(), 4U);
}

TEST_F(ReflectorTest, RefusedAndThrottledWatchesAreOpenedAgainWithoutAList) {
  put_nodes({"a"});
  Reflector reflector(client, options());
  reflector.start();
  ASSERT_TRUE(server.wait_for_watches(1));
  server.refuse_connections(true);
  server.end_watches();
  ASSERT_TRUE(diary.wait_for_errors(3));
  EXPECT_TRUE(reflector.last_error().has_value());
  EXPECT_EQ(reflector.size(), 1U) << "what is known stays";
  put_nodes({"b"});
  server.fail_next("GET", "watch=true", 429);
  server.refuse_connections(false);
  ASSERT_TRUE(diary.wait_for_line("+b")) << "the event from meanwhile comes by the old version";
  EXPECT_EQ(lists(), 1U);
  EXPECT_FALSE(reflector.last_error().has_value());
}

TEST_F(ReflectorTest, CutSilentAndEndedStreamsAreOpenedAgainWithoutAList) {
  put_nodes({"a"});
  Reflector reflector(client, options());
  reflector.start();
  ASSERT_TRUE(server.wait_for_watches(1));
  server.send_bookmarks();
  server.cut_watches();
  ASSERT_TRUE(server.wait_for_requests("GET", "watch=true", 2));
  ASSERT_TRUE(server.wait_for_watches(1));
  server.silence_watches();
  ASSERT_TRUE(server.wait_for_requests("GET", "watch=true", 3));
  ASSERT_TRUE(server.wait_for_watches(1));
  put_nodes({"b"});
  server.end_watches();
  ASSERT_TRUE(server.wait_for_requests("GET", "watch=true", 4));
  put_nodes({"c"});
  ASSERT_TRUE(diary.wait_for_line("+c"));
  EXPECT_EQ(lists(), 1U);
  EXPECT_THAT(diary.lines(), ElementsAre("+a", "+b", "+c"));
}

TEST_F(ReflectorTest, BookmarksSaveTheWatchFromForgottenHistory) {
  put_nodes({"a"});
  Reflector reflector(client, options());
  reflector.start();
  ASSERT_TRUE(server.wait_for_watches(1));
  server.compact();
  server.send_bookmarks();
  server.end_watches();
  ASSERT_TRUE(server.wait_for_requests("GET", "watch=true", 2));
  put_nodes({"b"});
  ASSERT_TRUE(diary.wait_for_line("+b"));
  EXPECT_EQ(lists(), 1U) << "the bookmark's version is not too old";
}

TEST_F(ReflectorTest, ListsThatFailAreTriedAgainAndNameTheMissingRight) {
  put_nodes({"a"});
  server.fail_next("GET", "/nodes", 403);
  server.fail_next("GET", "/nodes", 503);
  server.lose_reply_next("GET", "/nodes");
  Reflector reflector(client, options());
  reflector.start();
  ASSERT_TRUE(reflector.wait_synced(seconds(10)));
  const auto errors = diary.errors();
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[0].code, ErrorCode::kForbidden);
  EXPECT_THAT(errors[0].message, ::testing::HasSubstr("verb \"list\""));
  EXPECT_EQ(errors[0].where, "GET /api/v1/nodes");
  EXPECT_FALSE(reflector.last_error().has_value());
}

TEST_F(ReflectorTest, AKindThatIsServedLaterIsFoundThen) {
  constexpr ResourceKind kWidget{"example.io", "v1alpha1", "widgets", "Widget", false};
  ReflectorOptions widgets = options();
  widgets.kind = kWidget;
  Reflector reflector(client, std::move(widgets));
  reflector.start();
  ASSERT_TRUE(diary.wait_for_errors(2));
  EXPECT_FALSE(reflector.synced());
  server.serve(kWidget);
  server.put(kWidget, object("", "w"));
  ASSERT_TRUE(reflector.wait_synced(seconds(10)));
  EXPECT_EQ(reflector.size(), 1U);
}

TEST_F(ReflectorTest, StopsWhileListingWatchingAndWaiting) {
  Reflector watching(client, options());
  watching.start();
  ASSERT_TRUE(server.wait_for_watches(1));
  watching.stop();
  EXPECT_EQ(server.watches(), 0U);
  watching.stop();

  server.refuse_connections(true);
  ReflectorOptions slow = options();
  slow.backoff = {std::chrono::hours(1), std::chrono::hours(1)};
  Reflector waiting(client, std::move(slow));
  waiting.start();
  ASSERT_TRUE(diary.wait_for_errors(1));
  waiting.stop();
  EXPECT_FALSE(waiting.wait_synced(seconds(10)));

  const Reflector never_started(client, options());
}

}  // namespace
}  // namespace baseline::kube
