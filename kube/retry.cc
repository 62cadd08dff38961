#include "kube/retry.h"

#include <algorithm>
#include <condition_variable>
#include <utility>

namespace baseline::kube {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using TimePoint = std::chrono::steady_clock::time_point;

// A create that may have been done must not be sent again; all others end in the same state when done twice.
bool can_repeat(const Request& request, const base::Result<Response>& result) {
  const bool idempotent = request.method != "POST";
  if (!result) {
    return result.error().code == ErrorCode::kUnavailable ||
           (idempotent && result.error().code == ErrorCode::kCorrupt);
  }
  return idempotent && (result->status == 429 || (result->status >= 500 && result->status != 501));
}

}  // namespace

Retrier::Retrier(Transport& transport, const ClientOptions& options)
    : transport_(transport),
      options_(options),
      clock_(options.clock != nullptr ? *options.clock : system_clock_),
      random_(std::random_device{}()) {}

base::Result<Response> Retrier::send_once(const ApiCall& call, const Request& request) const {
  const TimePoint started = clock_.steady();
  auto result = transport_.send(request);
  observe(call, result ? result->status : 0, started);
  return result;
}

base::Result<Response> Retrier::send(const ApiCall& call, const Request& request) const {
  const TimePoint started = clock_.steady();
  for (int attempt = 1;; ++attempt) {
    auto result = send_once(call, request);
    const auto delay = delay_before_next(request, result, attempt, started);
    if (!delay) return result;
    sleep(*delay);
    if (options_.stop.stop_requested()) return result;
  }
}

base::Result<StreamEnd> Retrier::stream(const ApiCall& call, const Request& request,
                                        const Transport::Sink& sink, std::stop_token stop) const {
  const TimePoint started = clock_.steady();
  auto end = transport_.stream(request, sink, std::move(stop));
  observe(call, end ? end->status : 0, started);
  return end;
}

std::optional<milliseconds> Retrier::delay_before_next(const Request& request,
                                                       const base::Result<Response>& result, int attempt,
                                                       TimePoint started) const {
  const RetryPolicy& policy = options_.retry;
  if (attempt >= policy.attempts || options_.stop.stop_requested() || request.stop.stop_requested() ||
      !can_repeat(request, result)) {
    return std::nullopt;
  }
  milliseconds delay = policy.first_delay;
  for (int i = 1; i < attempt && delay < policy.max_delay; ++i) delay *= 2;
  delay = std::min(delay, policy.max_delay);
  delay =
      milliseconds(static_cast<milliseconds::rep>(static_cast<double>(delay.count()) * (0.5 + jitter() / 2)));
  if (result && result->retry_after) delay = std::max<milliseconds>(delay, *result->retry_after);
  if (clock_.steady() + delay > started + policy.deadline) return std::nullopt;
  return delay;
}

void Retrier::observe(const ApiCall& call, int status, TimePoint started) const {
  if (!options_.observer) return;
  const std::chrono::duration<double> taken = clock_.steady() - started;
  options_.observer({call.verb, call.qualified_resource(), status, taken.count()});
}

void Retrier::sleep(milliseconds delay) const {
  if (options_.sleep) return options_.sleep(delay);
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, options_.stop, delay, [] { return false; });
}

double Retrier::jitter() const {
  const std::scoped_lock lock(random_mutex_);
  return std::uniform_real_distribution<double>(0, 1)(random_);
}

}  // namespace baseline::kube
