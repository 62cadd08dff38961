#include "cli/progress.h"

#include <chrono>

#include "cli/text.h"

namespace baseline::cli {

Progress::Progress(std::ostream& stream, bool shown, std::string_view what)
    : stream_(stream), what_(printable(what)) {
  if (shown) thread_ = std::jthread([this](const std::stop_token& stop) { tell(stop); });
}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Progress::now_at(std::string_view what) {
  const std::scoped_lock lock(mutex_);
  what_ = printable(what);
}

void Progress::tell(const std::stop_token& stop) {
  using std::chrono::seconds;
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);  // given back while it waits
  bool told = false;
  auto wait = seconds(2);
  while (!wake_.wait_for(lock, stop, wait, [] { return false; }) && !stop.stop_requested()) {
    const auto passed = std::chrono::duration_cast<seconds>(std::chrono::steady_clock::now() - start);
    stream_ << "\r\x1b[K" << what_ << " … " << passed.count() << " s" << std::flush;
    told = true;
    wait = seconds(1);
  }
  if (told) stream_ << "\r\x1b[K" << std::flush;
}

}  // namespace baseline::cli
