// The whole process but for its signals, against an API server in memory.
#include "operator/run.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/yaml.h"
#include "controllers/stores.h"
#include "http_get.h"
#include "kube/fake_api_server.h"

namespace baseline::op {
namespace {

using kube::testing::FakeApiServer;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ToFake final : public kube::Transport {
 public:
  explicit ToFake(FakeApiServer& server) : server_(server) {}
  base::Result<kube::Response> send(const kube::Request& request) override { return server_.send(request); }
  base::Result<kube::StreamEnd> stream(const kube::Request& request, const Sink& sink,
                                       std::stop_token stop) override {
    return server_.stream(request, sink, std::move(stop));
  }

 private:
  FakeApiServer& server_;
};

// One operator on a thread of its own.
class Process {
 public:
  Process(FakeApiServer& server, const std::string& identity, bool leader_elect = true) {
    options_.identity = identity;
    options_.leader_elect = leader_elect;
    options_.probe_address = "127.0.0.1";
    options_.probe_port = testing::free_port();
    options_.metrics_port = testing::free_port();
    exit_ = std::async(std::launch::async, [this, &server] {
      return run_operator(options_, log_, std::make_unique<ToFake>(server), stop_.get_token());
    });
  }
  ~Process() { stop(); }
  int stop() {
    stop_.request_stop();
    if (exit_.valid()) status_ = exit_.get();
    return status_;
  }
  std::string get(const std::string& target) const {
    return testing::http(target == "/metrics" ? options_.metrics_port : options_.probe_port, "GET", target);
  }
  // Whether the reply comes to hold the text.
  bool wait_for(const std::string& target, const std::string& text) const {
    for (int i = 0; i < 1200; ++i) {
      if (get(target).find(text) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

 private:
  const base::SystemClock clock_;
  const Log log_{false, Log::Level::kError, clock_};
  Options options_;
  std::stop_source stop_;
  std::future<int> exit_;
  int status_ = -1;
};

void serve_kinds(FakeApiServer& server) {
  for (const kube::ResourceKind& kind : {controllers::kProfiles, controllers::kScans, controllers::kReports})
    server.serve(kind);
  server.put(kube::kNamespace, base::parse_yaml("{metadata: {name: kube-system}}", "").value());
}

std::string holder(const FakeApiServer& server) {
  const auto lease = server.find(kube::kLease, "baseline-system", "baseline-operator");
  return lease ? lease->at("spec.holderIdentity").as_string() : "";
}

TEST(RunOperator, WaitsForItsKindsAndThenWatches) {
  FakeApiServer server;
  Process one(server, "one", /*leader_elect=*/false);
  EXPECT_TRUE(one.wait_for("/readyz", "does not serve"));
  const std::string waiting = one.get("/readyz");
  EXPECT_THAT(waiting, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(waiting, HasSubstr("baselinescans.baseline.kxy.io"));
  EXPECT_THAT(waiting, HasSubstr("kubectl apply -k crds"));
  EXPECT_THAT(one.get("/healthz"), StartsWith("HTTP/1.1 200"));
  serve_kinds(server);
  EXPECT_TRUE(one.wait_for("/readyz", "200 OK"));
  EXPECT_TRUE(server.wait_for_watches(6));
  EXPECT_TRUE(one.wait_for("/metrics", "baseline_leader 1"));
  EXPECT_EQ(one.stop(), 0);
  EXPECT_EQ(server.watches(), 0U);
}

TEST(RunOperator, StopsWhileItWaits) {
  FakeApiServer server;
  server.refuse_connections(true);
  Process one(server, "one");
  EXPECT_TRUE(one.wait_for("/readyz", "503"));
  EXPECT_EQ(one.stop(), 0);
}

TEST(RunOperator, OfTwoOneLeadsAndTheOtherTakesOverOnItsStop) {
  FakeApiServer server;
  serve_kinds(server);
  Process one(server, "one");
  ASSERT_TRUE(one.wait_for("/metrics", "baseline_leader 1"));
  Process two(server, "two");
  EXPECT_TRUE(two.wait_for("/readyz", "200 OK"));  // ready to take over
  EXPECT_EQ(holder(server), "one");
  EXPECT_TRUE(server.wait_for_watches(6));  // of the leader alone
  EXPECT_THAT(two.get("/metrics"), HasSubstr("baseline_leader 0"));
  EXPECT_EQ(one.stop(), 0);
  EXPECT_TRUE(two.wait_for("/metrics", "baseline_leader 1"));
  EXPECT_EQ(holder(server), "two");
  EXPECT_TRUE(server.wait_for_watches(6));
  EXPECT_EQ(two.stop(), 0);
  EXPECT_EQ(holder(server), "");  // given back
}

TEST(RunOperator, EndsWhenTheLeaseIsTaken) {
  FakeApiServer server;
  serve_kinds(server);
  Process one(server, "one");
  ASSERT_TRUE(one.wait_for("/metrics", "baseline_leader 1"));
  base::Value lease = server.find(kube::kLease, "baseline-system", "baseline-operator").value();
  lease.find("spec")->set("holderIdentity", "somebody");
  server.put(kube::kLease, std::move(lease));
  EXPECT_TRUE(server.wait_for_watches(0));  // it notices at its next renewal
  EXPECT_EQ(one.stop(), 1);
}

TEST(RunOperator, APortThatIsTakenIsAFaultOfTheStart) {
  FakeApiServer server;
  const base::SystemClock clock;
  const Log log(false, Log::Level::kError, clock);
  Options options;
  options.probe_address = "192.0.2.1";  // an address of nobody's
  options.metrics_port = 0;
  EXPECT_EQ(run_operator(options, log, std::make_unique<ToFake>(server), {}), 2);
}

TEST(RunOperator, ANotificationThatCannotBeSentIsAFaultOfTheStart) {
  FakeApiServer server;
  const base::SystemClock clock;
  const Log log(false, Log::Level::kError, clock);
  Options options;
  options.probe_port = 0;
  options.metrics_port = 0;
  options.notify_url_file = "/no/such/file";
  EXPECT_EQ(run_operator(options, log, std::make_unique<ToFake>(server), {}), 2);
}

TEST(RunOperator, AMistakeInAStandardIsAFaultOfTheStart) {
  FakeApiServer server;
  const base::SystemClock clock;
  const Log log(false, Log::Level::kError, clock);
  Options options;
  options.probe_port = 0;
  options.metrics_port = 0;
  options.standards = {std::string(PROJECT_DIR) + "/config/samples/own-standard",
                       std::string(PROJECT_DIR) + "/config/profiles"};
  EXPECT_EQ(run_operator(options, log, std::make_unique<ToFake>(server), {}), 2);
}

TEST(RunOperator, NoWayToTheApiServerIsAFaultOfTheStart) {
  const base::SystemClock clock;
  const Log log(false, Log::Level::kError, clock);
  Options options;
  options.kubeconfig = "/nonexistent/kubeconfig";
  EXPECT_EQ(run_operator(options, log, std::stop_token()), 2);
}

}  // namespace
}  // namespace baseline::op
