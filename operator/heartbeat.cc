#include "operator/heartbeat.h"

#include <fmt/format.h>

namespace baseline::op {

void Heartbeat::begin(const std::string& what) {
  const std::scoped_lock lock(mutex_);
  works_.insert_or_assign(std::this_thread::get_id(), Work{what, clock_.steady()});
}

void Heartbeat::beat() {
  const std::scoped_lock lock(mutex_);
  const auto mine = works_.find(std::this_thread::get_id());
  if (mine != works_.end()) mine->second.beaten = clock_.steady();
}

void Heartbeat::end() {
  const std::scoped_lock lock(mutex_);
  works_.erase(std::this_thread::get_id());
}

std::string Heartbeat::stalled(std::chrono::seconds limit) const {
  const std::scoped_lock lock(mutex_);
  const auto now = clock_.steady();
  for (const auto& [thread, work] : works_) {
    if (now - work.beaten <= limit) continue;
    return fmt::format("{}: no progress for {} s", work.what,
                       std::chrono::floor<std::chrono::seconds>(now - work.beaten).count());
  }
  return {};
}

}  // namespace baseline::op
