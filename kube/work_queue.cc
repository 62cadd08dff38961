#include "kube/work_queue.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace baseline::kube {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

}  // namespace

struct WorkQueue::Impl {
  Impl(const base::Clock& c, QueueBackoff b) : clock(c), backoff(b) {}

  const base::Clock& clock;
  const QueueBackoff backoff;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::string> ready;
  std::unordered_set<std::string> dirty;  // to be handed out: in `ready`, or taken and added again meanwhile
  std::unordered_set<std::string> working;  // with a worker
  std::unordered_map<std::string, TimePoint> due;
  std::set<std::pair<TimePoint, std::string>> agenda;  // `due`, by time
  std::unordered_map<std::string, int> failures;
  bool down = false;

  // All below with the mutex held.
  void add(const std::string& key) {
    if (down || !dirty.insert(key).second || working.contains(key)) return;
    ready.push_back(key);
    changed.notify_one();
  }

  void add_at(const std::string& key, TimePoint at) {
    if (down) return;
    const auto [entry, is_new] = due.try_emplace(key, at);
    if (!is_new) {
      if (entry->second <= at) return;
      agenda.erase({entry->second, key});
      entry->second = at;
    }
    agenda.emplace(at, key);
    changed.notify_one();
  }

  void promote() {
    const TimePoint now = clock.steady();
    while (!agenda.empty() && agenda.begin()->first <= now) {
      const std::string key = agenda.begin()->second;
      agenda.erase(agenda.begin());
      due.erase(key);
      add(key);
    }
  }

  std::optional<std::string> take() {
    promote();
    if (ready.empty()) return std::nullopt;
    std::string key = std::move(ready.front());
    ready.pop_front();
    dirty.erase(key);
    working.insert(key);
    return key;
  }
};

WorkQueue::WorkQueue(const base::Clock& clock, QueueBackoff backoff)
    : impl_(std::make_unique<Impl>(clock, backoff)) {}
WorkQueue::~WorkQueue() = default;

void WorkQueue::add(std::string_view key) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->add(std::string(key));
}

void WorkQueue::add_after(std::string_view key, std::chrono::milliseconds delay) {
  const std::scoped_lock lock(impl_->mutex);
  if (delay.count() <= 0) {
    impl_->add(std::string(key));
  } else {
    impl_->add_at(std::string(key), impl_->clock.steady() + delay);
  }
}

void WorkQueue::add_rate_limited(std::string_view key) {
  const std::scoped_lock lock(impl_->mutex);
  int& failures = impl_->failures[std::string(key)];
  std::chrono::milliseconds delay = impl_->backoff.first;
  for (int i = 0; i < failures && delay < impl_->backoff.max; ++i) delay *= 2;
  ++failures;
  impl_->add_at(std::string(key), impl_->clock.steady() + std::min(delay, impl_->backoff.max));
}

void WorkQueue::forget(std::string_view key) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->failures.erase(std::string(key));
}

int WorkQueue::failures(std::string_view key) const {
  const std::scoped_lock lock(impl_->mutex);
  const auto found = impl_->failures.find(std::string(key));
  return found == impl_->failures.end() ? 0 : found->second;
}

std::optional<std::string> WorkQueue::get() {
  std::unique_lock lock(impl_->mutex);
  while (!impl_->down) {
    if (auto key = impl_->take()) {
      // One notification may have been meant for several keys that came due together.
      if (!impl_->ready.empty()) impl_->changed.notify_one();
      return key;
    }
    if (impl_->agenda.empty()) {
      impl_->changed.wait(lock);
    } else {
      impl_->changed.wait_for(lock, impl_->agenda.begin()->first - impl_->clock.steady());
    }
  }
  return std::nullopt;
}

std::optional<std::string> WorkQueue::try_get() {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->down ? std::nullopt : impl_->take();
}

void WorkQueue::done(std::string_view key) {
  const std::scoped_lock lock(impl_->mutex);
  const std::string owned(key);
  if (impl_->working.erase(owned) == 0 || impl_->down || !impl_->dirty.contains(owned)) return;
  impl_->ready.push_back(owned);
  impl_->changed.notify_one();
}

void WorkQueue::shutdown() {
  const std::scoped_lock lock(impl_->mutex);
  impl_->down = true;
  impl_->changed.notify_all();
}

void WorkQueue::wake() {
  const std::scoped_lock lock(impl_->mutex);
  impl_->changed.notify_all();
}

std::size_t WorkQueue::depth() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->ready.size();
}

std::size_t WorkQueue::delayed() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->due.size();
}

std::size_t WorkQueue::processing() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->working.size();
}

}  // namespace baseline::kube
