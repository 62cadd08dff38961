#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "kube/lease.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::Value;
using std::chrono::milliseconds;
using TimePoint = std::chrono::steady_clock::time_point;

// A request that starts just before renew_deadline must end before others may take over.
milliseconds request_timeout(const LeaseTimes& times) {
  const milliseconds spare = times.duration - times.renew_deadline;
  return std::max(milliseconds(100), spare * 4 / 5);
}

}  // namespace

struct LeaderElector::Impl {
  Impl(const Client& c, const base::Clock& k, LeaderOptions o)
      : options(std::move(o)),
        client(c.with(request_timeout(options.times), RetryPolicy{.attempts = 1})),
        clock(k),
        random(std::random_device{}()) {}

  const LeaderOptions options;
  const Client client;
  const base::Clock& clock;
  std::minstd_rand random;
  // Of run()'s thread.
  LeaseMemory memory;
  Value lease;  // as last read or written
  // Of everyone.
  mutable std::mutex mutex;
  std::optional<TimePoint> renewed;
  std::string holder;

  bool run(const std::stop_token& stop) {
    bool told = false;
    while (!stop.stop_requested()) {
      const bool held = memory.renewed.has_value();
      attempt();
      if (held && (!memory.renewed || lease_lost(memory, clock.steady(), options.times))) {
        forget();
        if (options.on_lost) options.on_lost();
        return false;
      }
      if (memory.renewed && !told) {
        told = true;
        if (options.on_started) options.on_started();
      }
      pause(stop);
    }
    release();
    return true;
  }

  // One look and, where it is ours to have, one write. A leader writes at once by what it knows: half the
  // requests.
  void attempt() {
    if (!memory.renewed || !lease.is_map()) {
      if (!look()) return;
    }
    const std::optional<LeaseRecord> observed =
        lease.is_map() ? std::optional(read_lease(lease)) : std::nullopt;
    const LeaseStep next = decide_lease(observed, memory, options.identity, clock.steady());
    if (observed) publish(observed->holder);
    if (next == LeaseStep::kWait || (memory.renewed && next == LeaseStep::kTake)) {
      memory.renewed.reset();  // another holds it, or did since
      return;
    }
    // The look took too long: what is written now could be taken for a renewal that came in time.
    if (lease_lost(memory, clock.steady(), options.times)) return;
    write(next, observed.value_or(LeaseRecord{}));
  }

  bool look() {
    auto read = client.get(kLease, options.ns, options.name);
    if (read) {
      lease = std::move(*read);
      return true;
    }
    lease = {};
    if (read.error().code == ErrorCode::kNotFound) return true;
    report(read.error());
    return false;
  }

  void write(LeaseStep next, LeaseRecord record) {
    // Before the request: others count from the time the server has it, which is later.
    const TimePoint now = clock.steady();
    const std::string stamp = micro_time();
    if (next != LeaseStep::kRenew) {
      record.transitions += next == LeaseStep::kTake ? 1 : 0;
      record.acquire_time = stamp;
    }
    record.holder = options.identity;
    record.renew_time = stamp;
    record.duration = options.times.duration;
    auto written = next == LeaseStep::kCreate ? create(record) : replace(record);
    if (!written) {
      // Look again before the next write: it may have been done, or another may have been faster.
      lease = {};
      if (written.error().code != ErrorCode::kConflict) report(written.error());
      return;
    }
    lease = std::move(*written);
    memory.seen = read_lease(lease);
    memory.seen_changed = now;
    memory.renewed = now;
    publish(options.identity);
  }

  base::Result<Value> create(const LeaseRecord& record) const {
    Value object = Value::map();
    object.set("apiVersion", kLease.api_version());
    object.set("kind", kLease.kind);
    Value metadata = Value::map();
    metadata.set("name", options.name);
    metadata.set("namespace", options.ns);
    object.set("metadata", std::move(metadata));
    write_lease(record, object);
    return client.create(kLease, options.ns, object);
  }

  base::Result<Value> replace(const LeaseRecord& record) const {
    Value object = lease;
    write_lease(record, object);
    return client.replace(kLease, object);
  }

  void release() {
    if (!memory.renewed || !lease.is_map()) return forget();
    LeaseRecord record = read_lease(lease);
    record.holder.clear();
    record.duration = std::chrono::seconds(1);
    record.renew_time = micro_time();
    forget();
    if (const auto written = replace(record); !written) report(written.error());
  }

  void forget() {
    memory.renewed.reset();
    const std::scoped_lock lock(mutex);
    renewed.reset();
  }

  void publish(const std::string& who) {
    const std::scoped_lock lock(mutex);
    renewed = memory.renewed;
    holder = who;
  }

  void report(const base::Error& error) const {
    if (options.on_error) options.on_error(error);
  }

  // MicroTime wants six digits; they only need to differ from one renewal to the next.
  std::string micro_time() const {
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(clock.steady().time_since_epoch());
    std::string text = base::format_time(clock.now());
    text.pop_back();
    return fmt::format("{}.{:06}Z", text, micros.count() % 1'000'000);
  }

  void pause(const std::stop_token& stop) {
    const double spread = memory.renewed ? 1.0 : std::uniform_real_distribution<double>(1.0, 2.2)(random);
    const milliseconds period = options.times.retry_period;
    const milliseconds delay(static_cast<milliseconds::rep>(static_cast<double>(period.count()) * spread));
    if (options.sleep) return options.sleep(delay, stop);
    std::mutex own;
    std::condition_variable_any changed;
    std::unique_lock lock(own);
    changed.wait_for(lock, stop, delay, [] { return false; });
  }
};

LeaderElector::LeaderElector(const Client& client, const base::Clock& clock, LeaderOptions options)
    : impl_(std::make_unique<Impl>(client, clock, std::move(options))) {}
LeaderElector::~LeaderElector() = default;

bool LeaderElector::run(const std::stop_token& stop) {
  return impl_->run(stop);
}

bool LeaderElector::leading() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->renewed && impl_->clock.steady() - *impl_->renewed < impl_->options.times.duration;
}

std::string LeaderElector::holder() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->holder;
}

}  // namespace baseline::kube
