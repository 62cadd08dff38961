#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace baseline::kube {

struct QueueBackoff {
  std::chrono::milliseconds first{5};
  std::chrono::milliseconds max{300'000};
};

// Keys waiting to be reconciled. A key that is added while it waits is there once; a key that is added while
// a worker has it comes again when that worker calls done(): so no two workers ever have the same key, and no
// change is missed. Each get() must be followed by done() with the same key. All functions are safe from any
// thread.
class WorkQueue {
 public:
  explicit WorkQueue(const base::Clock& clock, QueueBackoff backoff = {});  // clock must outlive it
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  void add(std::string_view key);
  // At the earliest after `delay`; of several the soonest counts.
  void add_after(std::string_view key, std::chrono::milliseconds delay);
  // After a delay that doubles with each call for this key until forget().
  void add_rate_limited(std::string_view key);
  void forget(std::string_view key);
  int failures(std::string_view key) const;

  // Blocks for the next key; empty once shut down (keys still waiting are dropped).
  std::optional<std::string> get();
  // The next key that is due by the clock, if any; does not block.
  std::optional<std::string> try_get();
  void done(std::string_view key);

  void shutdown();  // wakes every get(); adds are ignored from now on
  // Looks at the clock again: for a clock that was moved by hand.
  void wake();

  // For metrics.
  std::size_t depth() const;       // due, not yet taken
  std::size_t delayed() const;     // not yet due
  std::size_t processing() const;  // with a worker

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::kube
