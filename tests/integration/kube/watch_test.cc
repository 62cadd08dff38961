// Copies kept by watches of a real API server, through what can befall them.
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "integration/kube/objects.h"
#include "integration/support/control_plane.h"
#include "integration/support/relay.h"
#include "kube/reflector.h"

namespace baseline::integration {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Counts requests by verb, as ClientOptions::observer.
class Calls {
 public:
  std::function<void(const kube::CallRecord&)> observer() {
    return [this](const kube::CallRecord& call) {
      const std::scoped_lock lock(mutex_);
      ++counts_[call.verb];
    };
  }
  int of(const std::string& verb) {
    const std::scoped_lock lock(mutex_);
    return counts_[verb];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> counts_;
};

// A namespace of the test's own, a reflector on its ConfigMaps, and what it reported. It goes through a
// relay, so that its connection can be broken while the test's own stays.
class Watch : public testing::Test {
 protected:
  void SetUp() override {
    ns_ = fmt::format("watch-{}", testing::UnitTest::GetInstance()->current_test_info()->line());
    ASSERT_TRUE(direct_->create(kube::kNamespace, "", name_space(ns_)));
    relay_.emplace(plane().port());
    kube::ClientConfig config = plane().config();
    config.server = "https://127.0.0.1:" + relay_->port();
    kube::ClientOptions options;
    options.observer = calls_.observer();
    client_.emplace(std::move(config), std::move(options));
  }
  void TearDown() override {
    reflector_.reset();
    client_.reset();
    relay_.reset();
  }

  void start(milliseconds silence = seconds(120)) {
    kube::ReflectorOptions options;
    options.kind = kConfigMap;
    options.ns = ns_;
    options.silence = silence;
    options.backoff = {milliseconds(50), milliseconds(500)};
    options.on_change = [this](const kube::Change& change) {
      const std::scoped_lock lock(mutex_);
      if (change.type == kube::Change::Type::kDeleted) ++deleted_[change.key];
      if (change.type == kube::Change::Type::kAdded) ++added_[change.key];
    };
    reflector_.emplace(**client_, std::move(options));
    reflector_->start();
    ASSERT_TRUE(reflector_->wait_synced(seconds(60)));
  }

  void create(const std::string& name) {
    const auto created = direct_->create(kConfigMap, ns_, config_map(name));
    ASSERT_TRUE(created) << created.error().text();
  }
  void remove(const std::string& name) { ASSERT_TRUE(direct_->remove(kConfigMap, ns_, name)); }
  bool has(const std::string& name) const { return reflector_->get(ns_ + "/" + name) != nullptr; }
  int deleted(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    return deleted_[ns_ + "/" + name];
  }
  int added(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    return added_[ns_ + "/" + name];
  }

  Connection direct_;
  Calls calls_;
  std::string ns_;
  std::optional<Relay> relay_;
  std::optional<Connection> client_;
  std::optional<kube::Reflector> reflector_;
  std::mutex mutex_;
  std::map<std::string, int> added_, deleted_;
};

TEST_F(Watch, FollowsChanges) {
  create("before");
  start();
  EXPECT_TRUE(has("before"));
  create("after");
  EXPECT_TRUE(eventually([&] { return has("after"); }));
  remove("before");
  EXPECT_TRUE(eventually([&] { return !has("before"); }));
  EXPECT_EQ(deleted("before"), 1);
  EXPECT_EQ(calls_.of("list"), 1);
}

TEST_F(Watch, ABrokenConnectionIsTakenUpWithoutANewList) {
  start();
  create("kept");
  ASSERT_TRUE(eventually([&] { return has("kept"); }));
  relay_->cut();
  create("meanwhile");
  remove("kept");
  relay_->mend();
  EXPECT_TRUE(eventually([&] { return has("meanwhile") && !has("kept"); }));
  EXPECT_EQ(deleted("kept"), 1);
  EXPECT_EQ(calls_.of("list"), 1) << "the server still knows the version that was watched";
}

TEST_F(Watch, ASilentConnectionIsDead) {
  start(seconds(2));
  relay_->fall_silent();
  create("unheard");
  ASSERT_TRUE(eventually([&] { return calls_.of("watch") >= 1; }));
  relay_->mend();
  EXPECT_TRUE(eventually([&] { return has("unheard"); }));
}

TEST_F(Watch, LivesThroughARestartOfTheServer) {
  create("old");
  start();
  plane().stop_api_server();
  ASSERT_TRUE(eventually([&] { return reflector_->last_error().has_value(); }));
  EXPECT_TRUE(has("old")) << "the copy stays while the server is away";
  plane().start_api_server();
  create("new");
  EXPECT_TRUE(eventually([&] { return has("new") && has("old"); }));
  EXPECT_TRUE(eventually([&] { return !reflector_->last_error(); }));
  EXPECT_EQ(added("old"), 1) << "what was known is not reported again";
  EXPECT_EQ(deleted("old"), 0);
}

// A version of the past is watched that neither etcd nor the server's cache has any more.
TEST_F(Watch, AnExpiredVersionIs410) {
  const auto list = direct_->list(kConfigMap, {.ns = ns_}, [](auto&&) { return true; });
  ASSERT_TRUE(list) << list.error().text();
  create("later");
  plane().stop_api_server();
  plane().compact_etcd();
  plane().start_api_server();
  int code = 0;
  const auto end = direct_->watch(kConfigMap, {.ns = ns_, .resource_version = list->resource_version},
                                  [&](kube::WatchFrame&& frame) {
                                    if (frame.type == kube::WatchFrame::Type::kError) code = frame.error_code;
                                    return false;
                                  },
                                  {});
  ASSERT_TRUE(end) << end.error().text();
  EXPECT_TRUE(code == 410 || end->status == 410) << "frame " << code << ", status " << end->status;
}

TEST_F(Watch, After410TheListTellsWhatWasMissed) {
  create("stays");
  create("goes");
  start();
  relay_->cut();
  remove("goes");
  create("comes");
  plane().stop_api_server();
  plane().compact_etcd();
  plane().start_api_server();
  relay_->mend();
  EXPECT_TRUE(eventually([&] { return has("comes") && !has("goes"); }));
  EXPECT_TRUE(has("stays"));
  EXPECT_EQ(deleted("goes"), 1) << "no event told of it: the new list did";
  EXPECT_EQ(deleted("stays"), 0);
  EXPECT_EQ(added("stays"), 1);
  EXPECT_GE(calls_.of("list"), 2);
}

TEST_F(Watch, EndsAtOnceWhenStopped) {
  start();
  reflector_->stop();
  create("too-late");
  EXPECT_FALSE(has("too-late"));
}

}  // namespace
}  // namespace baseline::integration
