#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "base/value.h"
#include "kube/client.h"

namespace baseline::kube {

struct LeaseTimes {
  std::chrono::seconds duration{15};        // others wait this long after the last renewal they saw
  std::chrono::seconds renew_deadline{10};  // the holder gives up when it could not renew for so long
  std::chrono::seconds retry_period{2};
};

// The Lease as last read. Its times are another machine's: they are compared for change only, never with our
// clock.
struct LeaseRecord {
  std::string holder;  // empty: released
  std::string renew_time;
  std::string acquire_time;
  std::chrono::seconds duration{0};
  std::int64_t transitions = 0;
  std::string resource_version;

  bool operator==(const LeaseRecord&) const = default;
};

// What one candidate remembers between two looks; all times by its own monotonic clock.
struct LeaseMemory {
  std::optional<LeaseRecord> seen;                       // the record at the last look
  std::chrono::steady_clock::time_point seen_changed{};  // when it was first seen like this
  std::optional<std::chrono::steady_clock::time_point>
      renewed;  // our last successful renewal; empty: not leading
};

enum class LeaseStep {
  kCreate,  // there is no Lease: create it as ours
  kTake,    // released or run out: replace it as ours (guarded by resourceVersion)
  kRenew,   // ours: write a new renewTime
  kWait,    // another holds it and renews
};

// Pure. Notes in the memory what was observed and says what to try. `observed` is empty when no Lease exists.
LeaseStep decide_lease(const std::optional<LeaseRecord>& observed, LeaseMemory& memory,
                       std::string_view identity, std::chrono::steady_clock::time_point now);
// Pure. Whether a leader that could not renew must take itself as deposed.
bool lease_lost(const LeaseMemory& memory, std::chrono::steady_clock::time_point now,
                const LeaseTimes& times);

// Between the record and the spec of a Lease object; the rest of the object stays as it is.
LeaseRecord read_lease(const base::Value& lease);
void write_lease(const LeaseRecord& record, base::Value& lease);

struct LeaderOptions {
  std::string ns{};
  std::string name{};
  std::string identity{};  // unique to the process: "<pod>_<random>"
  LeaseTimes times{};
  std::function<void()> on_started{};  // called on run()'s thread; must return soon
  std::function<void()> on_lost{};     // the same; the process should end
  std::function<void(const base::Error&)> on_error{};
  // Waits between two looks; the default sleeps until `stop` is requested. Tests put their own.
  std::function<void(std::chrono::milliseconds, std::stop_token)> sleep{};
};

// Leader election on one coordination.k8s.io/v1 Lease, so that one of several replicas acts.
class LeaderElector {
 public:
  LeaderElector(const Client& client, const base::Clock& clock,
                LeaderOptions options);  // both must outlive it
  ~LeaderElector();
  LeaderElector(const LeaderElector&) = delete;
  LeaderElector& operator=(const LeaderElector&) = delete;

  // Each request is given so little time that a holder knows of its loss before another may take over.
  // Blocks until `stop` (then the lease is released, so that the next need not wait) or until a lease once
  // held is lost. Returns true when stopped, false when lost.
  bool run(const std::stop_token& stop);

  // By the clock as well: false once the last renewal is older than `duration`, however stuck run() may be.
  bool leading() const;        // any thread
  std::string holder() const;  // who held it at the last look; any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::kube
