#pragma once

#include <chrono>
#include <mutex>

#include "base/time.h"

namespace baseline::kube::testing {

// A clock that stands still until it is moved. Safe from any thread.
class FakeClock final : public base::Clock {
 public:
  base::Time now() const override {
    const std::scoped_lock lock(mutex_);
    return std::chrono::floor<std::chrono::seconds>(start_ + passed_);
  }
  std::chrono::steady_clock::time_point steady() const override {
    const std::scoped_lock lock(mutex_);
    return std::chrono::steady_clock::time_point(std::chrono::hours(1) + passed_);
  }
  void advance(std::chrono::nanoseconds by) {
    const std::scoped_lock lock(mutex_);
    passed_ += by;
  }

 private:
  mutable std::mutex mutex_;
  const std::chrono::sys_time<std::chrono::nanoseconds> start_ = std::chrono::sys_days(
      std::chrono::year_month_day(std::chrono::year(2026), std::chrono::month(1), std::chrono::day(31)));
  std::chrono::nanoseconds passed_{0};
};

}  // namespace baseline::kube::testing
