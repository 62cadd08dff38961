#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "base/time.h"

namespace baseline::op {

// Whether work under way moves: the work of a thread beats with each request that ended (answered or not),
// each page and each node. Work that waits for an API server beats too, since its requests end; what has no
// beat hangs. Safe from any thread.
class Heartbeat {
 public:
  explicit Heartbeat(const base::Clock& clock) : clock_(clock) {}

  // Of the calling thread.
  void begin(const std::string& what);
  void beat();  // nothing, where the thread has no work under way
  void end();

  // The work that has not beaten for longer than `limit`, in a sentence; empty: there is none.
  std::string stalled(std::chrono::seconds limit) const;

 private:
  struct Work {
    std::string what;
    std::chrono::steady_clock::time_point beaten;
  };
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::thread::id, Work> works_;
};

}  // namespace baseline::op
