#pragma once

#include <condition_variable>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>

namespace baseline::cli {

// Tells, after two seconds, that the program still works on `what`, with the seconds so far; takes the line
// away again when it ends. Says nothing when `shown` is false. The stream is used by nobody else meanwhile.
class Progress {
 public:
  Progress(std::ostream& stream, bool shown, std::string_view what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // From now on it works on this. From any thread.
  void now_at(std::string_view what);

 private:
  void tell(const std::stop_token& stop);

  std::ostream& stream_;
  std::string what_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace baseline::cli
