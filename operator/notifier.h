#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "base/error.h"
#include "base/time.h"
#include "operator/webhook.h"

namespace baseline::op {

struct NotifierOptions {
  std::string url_file{};  // its first line is the URL, which may be a secret: it is never shown
  std::string ca_file{};   // PEM of who signs for the receiver; empty: the system's authorities
  std::chrono::milliseconds first_pause{1000};  // before the second attempt; four times that before the third
};

// Tells a webhook of finished runs, on a thread of its own: a POST of JSON, three attempts of ten seconds
// each. Whoever cannot be told is counted and logged, and nothing waits for it. Redirects are not followed;
// plain HTTP goes to this machine alone.
class Notifier {
 public:
  enum class Result { kSent, kFailed, kDropped };
  // Called on any thread with what became of a notice; `reason` is in words and holds nothing of the URL.
  using Told = std::function<void(Result result, const Notice& notice, const std::string& reason)>;

  // The clock must outlive it.
  Notifier(NotifierOptions options, const base::Clock& clock, Told told);
  ~Notifier();  // breaks off what is under way
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  // Whether the files can be used now.
  base::Result<void> check() const;
  // Returns at once. Beyond 32 that wait the oldest is dropped.
  void send(Notice notice);

 private:
  base::Result<WebhookAddress> address() const;
  base::Result<int> post(const std::string& body, std::chrono::milliseconds& retry_after) const;
  void deliver(const Notice& notice);
  void run();

  const NotifierOptions options_;
  const base::Clock& clock_;
  const Told told_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Notice> waiting_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace baseline::op
