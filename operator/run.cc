#include "operator/run.h"

#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "baseline/evaluate.h"
#include "baseline/standard_folders.h"
#include "controllers/manager.h"
#include "kube/client.h"
#include "kube/config.h"
#include "kube/curl_transport.h"
#include "kube/events.h"
#include "kube/lease.h"
#include "objects/judge.h"
#include "operator/heartbeat.h"
#include "operator/metrics.h"
#include "operator/metrics_server.h"
#include "operator/notifier.h"
#include "operator/probe_server.h"
#include "operator/rehearsal.h"
#include "operator/scan_events.h"

namespace baseline::op {
namespace {

std::string host_name() {
  std::array<char, 256> buffer{};
  return gethostname(buffer.data(), buffer.size() - 1) == 0 ? buffer.data() : "unknown";
}

std::string random_suffix() {
  std::random_device device;
  return fmt::format("{:08x}", device());
}

base::Result<kube::ClientConfig> client_config(const Options& options) {
  if (options.kubeconfig.empty()) {
    auto config = kube::in_cluster_config();
    if (config || config.error().code != base::ErrorCode::kNotFound) return config;
  }
  return kube::load_kubeconfig(kube::kubeconfig_from_environment(options.kubeconfig, options.context));
}

// Names the resources whose CRDs are missing; empty when all are served.
base::Result<std::string> missing_crds(const kube::Client& client) {
  std::string missing;
  for (const kube::ResourceKind& kind :
       {controllers::kProfiles, controllers::kScans, controllers::kReports}) {
    const auto served = client.is_served(kind);
    if (!served) return std::unexpected(served.error());
    if (!*served) missing += (missing.empty() ? "" : ", ") + kind.resource_name();
  }
  return missing;
}

// A thread that only waits for the API server beats at least this often: an attempt has its timeout, and the
// wait before the next one, Retry-After included, the retries' deadline.
std::chrono::seconds longest_request() {
  const kube::ClientOptions client;
  return std::chrono::ceil<std::chrono::seconds>(client.timeout + client.retry.deadline);
}

class Operator {
 public:
  Operator(const Options& options, const Log& log, StandardSet standards,
           std::unique_ptr<kube::Transport> transport, const std::stop_token& stop)
      : options_(options),
        standards_(std::move(standards)),
        log_(log),
        asked_to_stop_(stop, [this] { halt_.request_stop(); }),
        metrics_(log),
        notifier_(make_notifier()),
        scan_events_(metrics_, heartbeat_, notifier_.get()),
        identity_(options.identity.empty() ? host_name() + "_" + random_suffix() : options.identity),
        transport_(std::move(transport)),
        client_(*transport_, client_options()),
        events_(
            client_, clock_,
            {.component = "baseline-operator", .instance = host_name(), .fallback_namespace = "default"}) {}

  int run() {
    for (const auto begin : {&Operator::serve_probes, &Operator::serve_metrics, &Operator::check_notifier}) {
      const auto begun = (this->*begin)();
      if (begun) continue;
      log_.error("cannot start", {{"reason", begun.error().text()}});
      return 2;
    }
    if (!wait_for_api()) return 0;
    const bool stopped_in_order = options_.leader_elect ? lead() : act();
    probe_server_.reset();
    metrics_server_.reset();
    if (!stopped_in_order) {
      log_.error("lost the lease: another operator may be acting, so this process ends",
                 {{"lease", options_.lease_name}});
      return 1;
    }
    log_.info("stopped");
    return 0;
  }

 private:
  kube::ClientOptions client_options() {
    kube::ClientOptions o;
    o.observer = [this](const kube::CallRecord& call) {
      heartbeat_.beat();
      metrics_.api_call(call);
    };
    o.stop = halt_.get_token();
    return o;
  }

  controllers::ManagerOptions manager_options() {
    controllers::ManagerOptions o;
    o.scans.jobs = {options_.ns, options_.runner_image, options_.runner_priority_class,
                    options_.runner_priority_classes};
    o.scans.checkpoint_interval = options_.checkpoint_interval;
    o.scans.stop = halt_.get_token();
    o.scans.evaluate = evaluate_node;
    o.scans.rehearse = [](const std::function<void()>& work) { return rehearse(work); };
    o.scans.read_pods = [this](const std::string& node) { return objects::pods_of_node(client_, node); };
    o.scans.judge_cluster = [this](const std::shared_ptr<const ResolvedProfile>& profile,
                                   const cluster::ClusterContext& context,
                                   base::Time now) { return judge(profile, context, now); };
    o.standards = standards_.lookup();
    o.workers = options_.workers;
    o.on_error = [this](const std::string& what, const base::Error& error) {
      if (halt_.stop_requested()) return;  // what is under way at the end is broken off
      // Two writers met; the next look at what is there settles it.
      if (error.code == base::ErrorCode::kConflict) return log_.debug(what, {{"conflict", error.text()}});
      log_.warn(what, {{"error", error.text()}});
    };
    o.on_begin = [this](const std::string& controller) { heartbeat_.begin("reconciling a " + controller); };
    o.on_reconcile = [this](const std::string& controller, bool succeeded, double seconds) {
      heartbeat_.end();
      metrics_.reconciled(controller, succeeded, seconds);
    };
    return o;
  }

  ClusterOutcome judge(const std::shared_ptr<const ResolvedProfile>& profile,
                       const cluster::ClusterContext& context, base::Time now) const {
    auto outcome = objects::judge_cluster(client_, profile, context, now,
                                          {.version = context.version, .stop = halt_.get_token()});
    if (outcome) return *std::move(outcome);
    log_.warn("the cluster's objects could not be read", {{"error", outcome.error().text()}});
    return objects::unread_cluster(profile, context, now, outcome.error());
  }

  base::Result<void> serve_probes() {
    if (options_.probe_port == 0) return {};
    auto server = start_probe_server(options_.probe_address, options_.probe_port,
                                     {.unhealthy = [this] { return heartbeat_.stalled(hangs_after_); },
                                      .not_ready = [this] { return not_ready(); }});
    if (!server) return std::unexpected(server.error());
    probe_server_ = *std::move(server);
    return {};
  }

  base::Result<void> serve_metrics() {
    if (options_.metrics_port == 0) return {};
    if (options_.metrics_authorize) {
      metrics_access_.emplace(
          client_, clock_,
          [this](const base::Error& e) {
            log_.warn(
                "the API server cannot be asked who may read metrics; the rights are in "
                "config/components/metrics-auth",
                {{"error", e.text()}});
          },
          halt_.get_token());
    }
    auto server = start_metrics_server({.address = options_.metrics_address,
                                        .port = options_.metrics_port,
                                        .tls = {options_.metrics_certificate, options_.metrics_key},
                                        .access = metrics_access_ ? &*metrics_access_ : nullptr,
                                        .expose =
                                            [this] {
                                              const std::scoped_lock lock(mutex_);
                                              if (manager_) metrics_.set_queue_depth(manager_->queue_depth());
                                              return metrics_.expose();
                                            },
                                        .on_trouble =
                                            [this](const std::string& trouble) {
                                              log_.warn("the certificate of the metrics cannot be renewed",
                                                        {{"reason", trouble}});
                                            }});
    if (!server) return std::unexpected(server.error());
    metrics_server_ = *std::move(server);
    return {};
  }

  std::unique_ptr<Notifier> make_notifier() {
    if (options_.notify_url_file.empty()) return nullptr;
    return std::make_unique<Notifier>(
        NotifierOptions{.url_file = options_.notify_url_file, .ca_file = options_.notify_ca_file}, clock_,
        [this](Notifier::Result result, const Notice& notice, const std::string& reason) {
          told(result, notice, reason);
        });
  }

  base::Result<void> check_notifier() { return notifier_ ? notifier_->check() : base::Result<void>(); }

  void told(Notifier::Result result, const Notice& notice, const std::string& reason) {
    const char* what = result == Notifier::Result::kSent     ? "sent"
                       : result == Notifier::Result::kFailed ? "failed"
                                                             : "dropped";
    metrics_.notified(what);
    if (result == Notifier::Result::kSent) return;
    log_.warn("a notification was not delivered",
              {{"scan", notice.scan}, {"report", notice.report}, {"reason", reason}});
  }

  std::string not_ready() {
    const std::scoped_lock lock(mutex_);
    if (!waiting_for_.empty()) return waiting_for_;
    if (!manager_) return options_.leader_elect && standby_ ? "" : "starting";
    return manager_->synced() ? "" : "waiting for the first lists; " + manager_->trouble();
  }

  void set_waiting(std::string what) {
    const std::scoped_lock lock(mutex_);
    waiting_for_ = std::move(what);
  }

  // Until the API server answers and has our kinds. False when asked to stop before. Each kind of trouble is
  // told once, not each of its wordings: a server that is away refuses one connection and resets the next.
  bool wait_for_api() {
    std::optional<std::pair<base::ErrorCode, std::string>> told;  // what failed, or which CRDs are missing
    for (auto pause = std::chrono::seconds(1); !halt_.stop_requested();
         pause = std::min(pause * 2, std::chrono::seconds(30))) {
      const auto missing = missing_crds(client_);
      if (missing && missing->empty()) {
        set_waiting("");
        return true;
      }
      if (halt_.stop_requested()) break;
      const std::string problem =
          missing
              ? fmt::format("the API server does not serve {}: install the CRDs with `kubectl apply -k crds`",
                            *missing)
              : missing.error().text();
      const auto kind = missing ? std::pair(base::ErrorCode::kNotFound, *missing)
                                : std::pair(missing.error().code, std::string());
      if (kind != told) log_.warn("waiting for the API server", {{"reason", problem}});
      told = kind;
      set_waiting(problem);
      wait_for_stop(pause);
    }
    return false;
  }

  void start_manager() {
    const std::scoped_lock lock(mutex_);
    if (ended_) return;
    manager_ =
        std::make_unique<controllers::Manager>(client_, clock_, events_, scan_events_, manager_options());
    manager_->start();
    metrics_.set_leader(true);
  }

  // For good.
  void stop_manager() {
    std::unique_ptr<controllers::Manager> manager;
    {
      const std::scoped_lock lock(mutex_);
      ended_ = true;
      manager = std::move(manager_);
    }
    metrics_.set_leader(false);
    if (manager) manager->stop();
  }

  void wait_for_stop(std::chrono::milliseconds at_most) const {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, halt_.get_token(), at_most, [] { return false; });
  }
  void wait_for_stop() const {
    while (!halt_.stop_requested()) wait_for_stop(std::chrono::hours(1));
  }

  // Without a lease: act until stopped.
  bool act() {
    start_manager();
    log_.info("watching", {{"version", BASELINE_VERSION}, {"namespace", options_.ns}});
    wait_for_stop();
    log_.info("stopping");
    stop_manager();
    return true;
  }

  bool lead() {
    kube::LeaderOptions o;
    o.ns = options_.ns;
    o.name = options_.lease_name;
    o.identity = identity_;
    o.on_started = [this] {
      log_.info("holds the lease and watches",
                {{"version", BASELINE_VERSION}, {"identity", identity_}, {"namespace", options_.ns}});
      start_manager();
    };
    o.on_error = [this](const base::Error& e) { log_.warn("renewing the lease", {{"error", e.text()}}); };
    {
      const std::scoped_lock lock(mutex_);
      standby_ = true;
    }
    kube::LeaderElector elector(client_, clock_, std::move(o));
    log_.info("waits for the lease", {{"lease", options_.lease_name}, {"identity", identity_}});
    // Reconciling ends before the lease is given back: the elector only stops once the manager has.
    std::stop_source elector_stop;
    std::jthread stopper([&] {
      wait_for_stop();
      log_.info("stopping");
      stop_manager();
      elector_stop.request_stop();
    });
    const bool in_order = elector.run(elector_stop.get_token());
    halt_.request_stop();  // when the lease was lost: breaks off every request under way
    stopper.join();
    return in_order;
  }

  const Options& options_;
  const StandardSet standards_;
  const Log& log_;
  std::stop_source halt_;  // asked to stop, or the lease was lost
  const std::stop_callback<std::function<void()>> asked_to_stop_;
  const base::SystemClock clock_;
  Metrics metrics_;
  Heartbeat heartbeat_{clock_};
  // As much again for what is done with a reply, while the CPU's limit slows it down.
  const std::chrono::seconds hangs_after_ = 2 * longest_request();
  const std::unique_ptr<Notifier> notifier_;
  ScanEvents scan_events_;
  const std::string identity_;
  std::unique_ptr<kube::Transport> transport_;
  kube::Client client_;
  kube::EventRecorder events_;

  std::mutex mutex_;  // guards what follows: probes read it from threads of their own
  std::unique_ptr<controllers::Manager> manager_;
  std::string waiting_for_ = "starting";
  bool standby_ = false;
  bool ended_ = false;

  std::optional<MetricsAccess> metrics_access_;
  std::unique_ptr<HttpServer> metrics_server_, probe_server_;  // last: they ask for all of the above
};

}  // namespace

int run_operator(const Options& options, const Log& log, const std::stop_token& stop) {
  auto config = client_config(options);
  if (!config) {
    log.error("no way to the API server", {{"reason", config.error().text()}});
    return 2;
  }
  const base::SystemClock clock;
  auto transport = kube::make_curl_transport(*std::move(config), clock);
  if (!transport) {
    log.error("the credentials cannot be used", {{"reason", transport.error().text()}});
    return 2;
  }
  return run_operator(options, log, *std::move(transport), stop);
}

int run_operator(const Options& options, const Log& log, std::unique_ptr<kube::Transport> transport,
                 const std::stop_token& stop) {
  StandardSet standards;
  const std::vector<Mistake> mistakes = add_standard_folders(standards, options.standards);
  for (const Mistake& mistake : mistakes) log.error("a standard has a mistake", {{"reason", mistake.text()}});
  if (!mistakes.empty()) return 2;
  return Operator(options, log, std::move(standards), std::move(transport), stop).run();
}

}  // namespace baseline::op
