#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

namespace baseline::kube {

// What happened (input of WatchState). HTTP status 0 means that no reply came: refused, unresolvable, broken.
struct PageReceived {
  std::string resource_version;
  std::string continue_token;  // empty: the list is complete
};
struct ListFailed {
  int status = 0;
  std::optional<std::chrono::seconds> retry_after;
};
struct EventReceived {  // added, modified or deleted
  std::string resource_version;
};
struct BookmarkReceived {
  std::string resource_version;
};
struct ErrorEventReceived {  // an ERROR frame inside the stream
  int code = 0;
};
struct FrameUnreadable {};  // not a watch frame, or larger than allowed
struct WatchFailed {        // the watch was answered by another status than 200, or not at all
  int status = 0;
  std::optional<std::chrono::seconds> retry_after;
};
struct StreamEnded {     // in order, as the server does every few minutes
  bool at_once = false;  // less than a second after it began
};
struct StreamCut {};     // in the middle of a frame or of the reply
struct StreamSilent {};  // no byte within the silence limit
struct WaitOver {};      // the delay of the last WatchAction has passed

using WatchInput = std::variant<PageReceived, ListFailed, EventReceived, BookmarkReceived, ErrorEventReceived,
                                FrameUnreadable, WatchFailed, StreamEnded, StreamCut, StreamSilent, WaitOver>;

// What to do now.
struct WatchAction {
  enum class Kind {
    kListFromStart,  // forget pages gathered so far
    kListPage,       // with `token`
    kWatch,          // from resourceVersion `token`
    kKeepReading,    // the stream is good: go on with it
    kWait,           // for `delay`, then give WaitOver
  };
  Kind kind = Kind::kListFromStart;
  std::string token;
  std::chrono::milliseconds delay{0};

  bool operator==(const WatchAction&) const = default;
};

struct WatchBackoff {
  std::chrono::milliseconds first{800};
  std::chrono::milliseconds max{30'000};
};

// A list-then-watch as one value that moves. No socket, clock or thread: feed it what happened, do what it
// says.
//   LIST, page after page, then WATCH from the list's resourceVersion; bookmarks and events move that version
//   on. 410, as HTTP status or as an ERROR frame: list again from the start. 429, 5xx and connections refused
//   or broken: wait, then watch again from the same version without a list. Anything that brings no progress
//   waits longer each time; the first event, bookmark or whole list resets that.
class WatchState {
 public:
  enum class Phase { kListing, kWatching, kBackingOff };

  explicit WatchState(WatchBackoff backoff = {}) : backoff_(backoff) {}

  WatchAction begin();
  // `jitter` in [0,1): 0 waits half the delay, 1 the whole.
  WatchAction step(const WatchInput& input, double jitter = 1.0);

  Phase phase() const { return phase_; }
  const std::string& resource_version() const { return resource_version_; }
  int failures() const { return failures_; }

 private:
  struct Visitor;
  WatchAction go(WatchAction next);
  WatchAction wait_then(WatchAction next, int failures, std::optional<std::chrono::seconds> at_least = {});
  WatchAction fail_then(WatchAction next, std::optional<std::chrono::seconds> at_least = {});
  WatchAction expired();
  WatchAction advance(const std::string& resource_version);

  WatchBackoff backoff_;
  Phase phase_ = Phase::kListing;
  std::string resource_version_;  // to watch from; empty before the first whole list
  std::string continue_token_;    // of the page being asked for; empty for the first
  WatchAction after_wait_;
  int failures_ = 0;
  int expiries_ = 0;           // 410 since the last event or bookmark
  bool stream_moved_ = false;  // the present stream brought an event or bookmark
  double jitter_ = 1.0;
};

}  // namespace baseline::kube
