// The manager over real watches: threads, caches, queue.
#include "controllers/manager.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::Cluster;

// Observer that can be waited on from another thread.
class Waiting final : public ScanObserver {
 public:
  void run_started(const std::string&, const std::string&) override {}
  void node_reported(const std::string&, const std::string&, double) override {}
  void node_missing(const std::string&, const std::string&, const std::string&) override {}
  void run_completed(const std::string&, const std::string&, const Report&, double) override {
    count(completed_);
  }
  void run_stalled(const std::string&, const std::string&, const std::string&) override { count(stalled_); }
  void result_known(const crds::BaselineScan&) override {}
  void scan_gone(const std::string&) override { count(gone_); }

  bool wait_completed(int n) { return wait(completed_, n); }
  bool wait_stalled(int n) { return wait(stalled_, n); }
  bool wait_gone(int n) { return wait(gone_, n); }

 private:
  void count(int& what) {
    const std::scoped_lock lock(mutex_);
    ++what;
    changed_.notify_all();
  }
  bool wait(const int& what, int n) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return what >= n; });
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  int completed_ = 0, stalled_ = 0, gone_ = 0;
};

struct World : Cluster {
  World() {
    job_clock = &system_clock;  // a Job that ended long ago may have lost its pod; one of now may not
    options.scans = settings;
    options.scans.checkpoint_interval = std::chrono::milliseconds(10);
    options.standards = [](const std::string& id) {
      return id == "tiny" ? testing::tiny_standard() : nullptr;
    };
  }
  std::unique_ptr<Manager> manager() {
    return std::make_unique<Manager>(*client, system_clock, *events, waiting, options);
  }
  const base::SystemClock system_clock;
  Waiting waiting;
  ManagerOptions options;
};

TEST(Manager, RunsAScanAndItsRescanAndSeesItGo) {
  World w;
  w.add_node("n1");
  w.add_node("n2", "bad");
  w.set_scan("nightly", "profileRef: {name: base}");
  const auto manager = w.manager();
  manager->start();
  ASSERT_TRUE(w.waiting.wait_completed(1));
  EXPECT_TRUE(manager->synced());
  EXPECT_EQ(manager->trouble(), "");
  w.annotate("nightly", "again");
  ASSERT_TRUE(w.waiting.wait_completed(2));
  EXPECT_EQ(w.reports(), 2U);
  w.server.erase(kScans, "", "nightly");
  ASSERT_TRUE(w.waiting.wait_gone(1));
  manager->stop();
  manager->stop();
  EXPECT_EQ(w.server.watches(), 0U);
}

TEST(Manager, TellsOfEachReconcileBeforeAndAfterItOnItsThread) {
  World w;
  std::mutex mutex;
  std::map<std::thread::id, int> under_way;
  int told = 0;
  w.options.on_begin = [&](const std::string& controller) {
    const std::scoped_lock lock(mutex);
    EXPECT_TRUE(controller == "scan" || controller == "profile") << controller;
    EXPECT_EQ(++under_way[std::this_thread::get_id()], 1);
    ++told;
  };
  w.options.on_reconcile = [&](const std::string& /*controller*/, bool /*succeeded*/, double /*seconds*/) {
    const std::scoped_lock lock(mutex);
    EXPECT_EQ(--under_way[std::this_thread::get_id()], 0);
  };
  w.add_node("n1");
  w.set_scan("nightly", "profileRef: {name: base}");
  const auto manager = w.manager();
  manager->start();
  ASSERT_TRUE(w.waiting.wait_completed(1));
  manager->stop();
  EXPECT_GT(told, 0);
  for (const auto& [thread, count] : under_way) EXPECT_EQ(count, 0);
}

TEST(Manager, LooksAgainWhenAProfileOrANodeChanges) {
  World w;
  w.set_profile("base", "standard: none");
  w.set_scan("nightly", "profileRef: {name: base}");
  const auto manager = w.manager();
  manager->start();
  ASSERT_TRUE(w.waiting.wait_stalled(1));
  w.set_profile("base", "standard: tiny");
  ASSERT_TRUE(w.waiting.wait_stalled(2));  // now for want of a node
  w.add_node("n1");
  ASSERT_TRUE(w.waiting.wait_completed(1));
  const auto profile = w.server.find(kProfiles, "", "base").value();
  EXPECT_EQ(profile.at("status.conditions").items().at(0)["status"].as_string(), "True");
}

TEST(Manager, StopsWhileARunIsUnderWayAndTheNextGoesOn) {
  World w;
  w.add_node("n1");
  w.add_node("n2");
  w.fates["n2"] = testing::Fate::kPending;
  w.set_scan("nightly", "profileRef: {name: base}");
  {
    const auto manager = w.manager();
    manager->start();
    ASSERT_TRUE(w.server.wait_for_requests("POST", "/jobs", 2));
  }  // stops and joins
  for (base::Value& pod : w.server.all(kube::kPod)) {
    if (pod.at("status.phase").as_string() != "Pending") continue;
    const std::string log_of = pod.at("metadata.name").as_string();
    w.server.erase(kube::kJob, testing::kNs, log_of.substr(0, log_of.size() - 2));
  }
  w.fates.clear();
  const auto manager = w.manager();
  manager->start();
  ASSERT_TRUE(w.waiting.wait_completed(1));
  EXPECT_EQ(w.status()["progress"].as_string(), "2/2");
  EXPECT_EQ(w.jobs_created["n1"], 1);
}

TEST(Manager, MakesNoRequestWhenNothingChanges) {
  World w;
  w.add_node("n1");
  w.set_scan("nightly", "profileRef: {name: base}");
  const auto manager = w.manager();
  manager->start();
  ASSERT_TRUE(w.waiting.wait_completed(1));
  ASSERT_TRUE(w.server.wait_for_watches(6));
  manager->stop();
  const auto again = w.manager();
  w.events->flush();
  const std::size_t before = w.server.seen().size();
  again->start();
  ASSERT_TRUE(w.server.wait_for_watches(6));
  again->stop();
  EXPECT_EQ(w.server.seen().size(), before + 12);  // a list and a watch of each kind
}

}  // namespace
}  // namespace baseline::controllers
