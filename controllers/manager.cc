#include "controllers/manager.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "controllers/profile_reconciler.h"
#include "controllers/profile_resolver.h"
#include "controllers/scan_status.h"
#include "kube/reflector.h"
#include "kube/work_queue.h"

namespace baseline::controllers {
namespace {

constexpr std::string_view kScanPrefix = "scan/";
constexpr std::string_view kProfilePrefix = "profile/";

using Projection = base::Value (*)(base::Value&&);

kube::ReflectorOptions watch_of(const kube::ResourceKind& kind, Projection project) {
  kube::ReflectorOptions options;
  options.kind = kind;
  if (project) options.project = project;
  return options;
}

kube::ReflectorOptions runner_watch(const kube::ResourceKind& kind, const std::string& ns,
                                    Projection project) {
  kube::ReflectorOptions options = watch_of(kind, project);
  options.ns = ns;
  options.label_selector = fmt::format("{}={}", kManagedByLabel, kManagedBy);
  return options;
}

// The wall clock may be set, and the machine may sleep: a moment far off is looked at again on the way.
constexpr std::chrono::milliseconds kLongestNap = std::chrono::minutes(10);

// Scans that nodes matter to: with a run in progress, or waiting for a node that matches.
bool looks_at_nodes(const base::Value& scan) {
  if (scan.at("status.run").is_map()) return true;
  const auto& conditions = scan.at("status.conditions").items();
  return std::ranges::any_of(
      conditions, [](const base::Value& condition) { return condition["reason"].as_string() == kNoNodes; });
}

}  // namespace

struct Manager::Impl {
  Impl(const kube::Client& c, const base::Clock& clk, kube::EventRecorder& events, ScanObserver& observer,
       ManagerOptions o)
      : options(std::move(o)),
        client(c),
        clock(clk),
        queue(clk),
        profiles(c, on(watch_of(kProfiles, nullptr), [this](const kube::Change& x) { profile_changed(x); })),
        scans(c, on(watch_of(kScans, nullptr), [this](const kube::Change& x) { add(kScanPrefix, x.key); })),
        reports(c,
                on(watch_of(kReports, project_report), [this](const kube::Change& x) { report_changed(x); })),
        nodes(c, on(watch_of(kube::kNode, project_node), [this](const kube::Change& x) { node_changed(x); })),
        jobs(c, on(runner_watch(kube::kJob, options.scans.jobs.ns, project_job),
                   [this](const kube::Change& x) { runner_changed(x); })),
        pods(c, on(runner_watch(kube::kPod, options.scans.jobs.ns, project_pod),
                   [this](const kube::Change& x) { runner_changed(x); })),
        stores{&profile_store, &scan_store, &report_store, &node_store, &job_store, &pod_store},
        resolver(profile_store, options.standards),
        profile_reconciler(c, profile_store, resolver, clk, events),
        scan_reconciler(c, stores, resolver, clk, events, observer, options.scans) {}

  // Adds the callbacks.
  kube::ReflectorOptions on(kube::ReflectorOptions watch, std::function<void(const kube::Change&)> changed) {
    watch.on_change = std::move(changed);
    watch.on_error = [this, what = "watching " + watch.kind.resource_name()](const base::Error& e) {
      if (options.on_error) options.on_error(what, e);
    };
    return watch;
  }

  void add(std::string_view prefix, std::string_view name) { queue.add(fmt::format("{}{}", prefix, name)); }

  // A profile may be extended by others, and scans use it by name: look at all of them, they are few.
  void profile_changed(const kube::Change& change) {
    if (change.type == kube::Change::Type::kUpdated && change.before &&
        (*change.before)["spec"] == (*change.object)["spec"])
      return;
    add(kProfilePrefix, change.key);
    for (const auto& profile : profiles.list()) add(kProfilePrefix, kube::object_key(*profile));
    for (const auto& scan : scans.list()) add(kScanPrefix, kube::object_key(*scan));
  }

  void report_changed(const kube::Change& change) {
    // Only a report that went away matters: somebody may have deleted the one in progress.
    if (change.type == kube::Change::Type::kDeleted) add(kScanPrefix, (*change.object)["scan"].as_string());
  }

  void node_changed(const kube::Change& change) {
    if (change.before && *change.before == *change.object) return;  // a heartbeat
    for (const auto& scan : scans.list()) {
      if (looks_at_nodes(*scan)) add(kScanPrefix, kube::object_key(*scan));
    }
  }

  void runner_changed(const kube::Change& change) {
    const std::string& uid = change.object->at("metadata.labels")[kScanUidLabel].as_string();
    for (const auto& scan : scans.list()) {
      if (scan->at("metadata.uid").as_string() == uid) add(kScanPrefix, kube::object_key(*scan));
    }
  }

  std::array<kube::Reflector*, 6> all() { return {&profiles, &scans, &reports, &nodes, &jobs, &pods}; }

  bool synced() {
    for (const kube::Reflector* r : all()) {
      if (!r->synced()) return false;
    }
    return true;
  }

  base::Result<std::optional<base::Time>> reconcile(const std::string& key) {
    if (key.starts_with(kScanPrefix)) return scan_reconciler.reconcile(key.substr(kScanPrefix.size()));
    return profile_reconciler.reconcile(key.substr(kProfilePrefix.size()));
  }

  void work() {
    while (const auto key = queue.get()) {
      // Decisions are made on the whole picture only.
      if (!synced()) {
        queue.add_after(*key, std::chrono::milliseconds(100));
        queue.done(*key);
        continue;
      }
      const std::string controller = key->substr(0, key->find('/'));
      if (options.on_begin) options.on_begin(controller);
      const auto begun = clock.steady();
      const auto result = reconcile(*key);
      if (options.on_reconcile) {
        options.on_reconcile(controller, result.has_value(),
                             std::chrono::duration<double>(clock.steady() - begun).count());
      }
      if (!result) {
        if (options.on_error) options.on_error("reconciling " + *key, result.error());
        queue.add_rate_limited(*key);
      } else {
        queue.forget(*key);
        if (*result) {
          const auto nap = std::chrono::milliseconds(**result - clock.now());
          queue.add_after(*key, std::clamp(nap, std::chrono::milliseconds(0), kLongestNap));
        }
      }
      queue.done(*key);
    }
  }

  const ManagerOptions options;
  const kube::Client& client;
  const base::Clock& clock;
  kube::WorkQueue queue;
  kube::Reflector profiles, scans, reports, nodes, jobs, pods;
  const ReflectorStore profile_store{profiles}, scan_store{scans}, report_store{reports}, node_store{nodes},
      job_store{jobs}, pod_store{pods};
  const Stores stores;
  const ProfileResolver resolver;
  ProfileReconciler profile_reconciler;
  ScanReconciler scan_reconciler;
  std::vector<std::jthread> workers;
};

Manager::Manager(const kube::Client& client, const base::Clock& clock, kube::EventRecorder& events,
                 ScanObserver& observer, ManagerOptions options)
    : impl_(std::make_unique<Impl>(client, clock, events, observer, std::move(options))) {}

Manager::~Manager() {
  stop();
}

void Manager::start() {
  for (kube::Reflector* reflector : impl_->all()) reflector->start();
  for (int i = 0; i < impl_->options.workers; ++i) impl_->workers.emplace_back([this] { impl_->work(); });
}

void Manager::stop() {
  impl_->queue.shutdown();
  impl_->workers.clear();  // joins
  for (kube::Reflector* reflector : impl_->all()) reflector->stop();
}

bool Manager::synced() const {
  return impl_->synced();
}

std::string Manager::trouble() const {
  std::string text;
  for (const kube::Reflector* reflector : impl_->all()) {
    if (const auto error = reflector->last_error()) text += error->text() + "\n";
  }
  return text;
}

std::size_t Manager::queue_depth() const {
  return impl_->queue.depth();
}

}  // namespace baseline::controllers
