#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/value.h"
#include "controllers/scan_reconciler.h"
#include "kube/fake_api_server.h"

// A cluster in memory for the reconcilers: a fake API server, a clock moved by hand, and a played Job
// controller and kubelet.
namespace baseline::controllers::testing {

inline constexpr const char* kNs = "baseline-system";

base::Time at(std::string_view text);
base::Value yaml(std::string_view text);
crds::ScanRun run_of(std::string id, std::string report);

class TestClock final : public base::Clock {
 public:
  base::Time now() const override { return now_; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(now_.load().time_since_epoch());
  }
  void move(std::chrono::seconds by) { now_ = now_.load() + by; }
  void move_to(base::Time moment) { now_ = std::max(now_.load(), moment); }

 private:
  std::atomic<base::Time> now_ = at("2026-01-01T00:00:00Z");  // when the fake server's objects are created
};

// Lets a number of writes through and then nothing: the operator is killed. Events do not count.
class Gate final : public kube::Transport {
 public:
  explicit Gate(kube::Transport& server) : server_(server) {}
  base::Result<kube::Response> send(const kube::Request& request) override;
  base::Result<kube::StreamEnd> stream(const kube::Request& request, const Sink& sink,
                                       std::stop_token stop) override {
    return server_.stream(request, sink, std::move(stop));
  }
  // `lose_reply`: the last write is done, but nobody hears of it.
  void allow(int writes, bool lose_reply = false);
  void open();
  bool closed() const { return closed_; }
  void refuse_jobs(int times) { refused_jobs_ = times; }  // as a ResourceQuota without room does
  // Reports beyond so many bytes, as an API server does (413) or etcd through one (500).
  void refuse_reports_above(std::size_t bytes, int status) {
    report_bytes_ = bytes;
    report_status_ = status;
  }
  std::size_t largest_report() const { return largest_report_; }  // of those asked for
  int writes() const { return writes_; }                          // done so far

 private:
  kube::Transport& server_;
  // The manager's tests send from several threads.
  std::atomic<int> left_ = -1;
  std::atomic<bool> lose_reply_ = false, closed_ = false;
  std::atomic<int> writes_ = 0, refused_jobs_ = 0, report_status_ = 0;
  std::atomic<std::size_t> report_bytes_ = 0, largest_report_ = 0;
};

// A cache that shows what the server has, or had when it was frozen.
class ServerStore final : public Store {
 public:
  using Projection = base::Value (*)(base::Value&&);
  ServerStore(const kube::testing::FakeApiServer& server, kube::ResourceKind kind,
              Projection project = nullptr)
      : server_(server), kind_(kind), project_(project) {}
  kube::ObjectPtr get(std::string_view key) const override;
  std::vector<kube::ObjectPtr> list() const override;
  void freeze() { frozen_ = list(); }
  void thaw() { frozen_.reset(); }

 private:
  const kube::testing::FakeApiServer& server_;
  kube::ResourceKind kind_;
  Projection project_;
  std::optional<std::vector<kube::ObjectPtr>> frozen_;
};

// What an observer was told, one line each.
class Told final : public ScanObserver {
 public:
  void run_started(const std::string& scan, const std::string& trigger) override;
  void node_reported(const std::string& scan, const std::string& node, double seconds) override;
  void node_missing(const std::string& scan, const std::string& node, const std::string& reason) override;
  void run_completed(const std::string& scan, const std::string& name, const Report& report,
                     double seconds) override;
  void run_stalled(const std::string& scan, const std::string& reason, const std::string& message) override;
  void result_known(const crds::BaselineScan& scan) override;
  void scan_gone(const std::string& scan) override;
  std::vector<std::string> lines;
};

// What becomes of the Job on a node.
enum class Fate { kReports, kNoPod, kPending, kFails, kWrongDigest, kNoDigest, kPodRemoved, kRemovedOnce };

class Cluster {
 public:
  Cluster();
  ~Cluster();

  void add_node(const std::string& name, const std::string& os_id = "good");
  void change_node(const std::string& name, const std::function<void(base::Value&)>& change);
  void set_profile(const std::string& name, std::string_view spec_yaml);
  void set_scan(const std::string& name, std::string_view spec_yaml);
  void annotate(const std::string& scan, const std::string& rescan);

  base::Value scan(const std::string& name = "nightly") const;
  base::Value status(const std::string& name = "nightly") const { return scan(name)["status"]; }
  std::string phase(const std::string& name = "nightly") const;
  base::Value condition(std::string_view type, const std::string& name = "nightly") const;
  // The report that the scan's status names.
  base::Value report(const std::string& name = "nightly") const;
  std::map<std::string, std::string> missing(const std::string& name = "nightly") const;
  std::size_t jobs() const { return server.all(kube::kJob).size(); }
  std::size_t reports() const;

  // A new operator process: nothing is remembered.
  void restart();
  base::Result<std::optional<base::Time>> reconcile(const std::string& name = "nightly");
  // Reconciles until no run is in progress and nothing is due, moving the clock to each moment asked for.
  // False when the run is stuck: it waits for nothing.
  bool run_to_rest(const std::string& name = "nightly");

  kube::testing::FakeApiServer server;
  Gate gate{server};
  TestClock clock;
  const base::Clock* job_clock = &clock;      // by which the Job controller writes when a Job has ended
  std::map<std::string, Fate> fates;          // kReports where none is given
  std::map<std::string, int> jobs_created;    // by node
  std::size_t most_jobs = 0;                  // at any time
  std::map<std::string, std::string> os_ids;  // by node: what its runner finds
  Told told;
  ScanSettings settings;
  std::function<std::shared_ptr<const Standard>()> standard;  // tiny_standard() unless set before restart()
  ServerStore profiles, scans, reports_store, nodes, job_store, pods;
  std::unique_ptr<ProfileResolver> resolver;
  std::unique_ptr<kube::Client> client;
  std::unique_ptr<kube::EventRecorder> events;
  std::unique_ptr<ScanReconciler> reconciler;

 private:
  void play(std::string_view method, const kube::ResourceKind& kind, const base::Value& object);
  void play_job(const base::Value& job);
  std::set<std::string> removed_once_;
};

// A standard of three requirements for nodes: "1.1", "1.2" (mandatory), "2.1" (recommended).
std::shared_ptr<const Standard> tiny_standard();
// Judges by the host's os_id: "bad" fails 1.2, "worse" fails 1.1 and 1.2, everything else passes.
NodeOutcome tiny_evaluate(const ResolvedProfile& profile, const facts::NodeFacts& facts,
                          const NodeContext& context, base::Time now);

}  // namespace baseline::controllers::testing
