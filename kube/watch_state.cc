#include "kube/watch_state.h"

#include <algorithm>

namespace baseline::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = WatchAction::Kind;

// A server that asks for more is not believed: a watch must come back.
constexpr seconds kLongestRetryAfter{120};
// So many ERROR frames (other than 410) in a row mean that this resourceVersion leads nowhere.
constexpr int kErrorsBeforeRelist = 3;

bool is_server_away(int status) {
  return status == 0 || status == 429 || status >= 500;
}
// Rights come back or a token is renewed: what is known stays good meanwhile.
bool is_identity_refused(int status) {
  return status == 401 || status == 403;
}

}  // namespace

struct WatchState::Visitor {
  WatchState& state;

  WatchAction from_start() const { return {.kind = Kind::kListFromStart, .token = {}, .delay = {}}; }
  WatchAction page() const {
    if (state.continue_token_.empty()) return from_start();
    return {.kind = Kind::kListPage, .token = state.continue_token_, .delay = {}};
  }
  WatchAction watch() const { return {.kind = Kind::kWatch, .token = state.resource_version_, .delay = {}}; }

  WatchAction operator()(const PageReceived& in) const {
    state.continue_token_ = in.continue_token;
    if (!in.continue_token.empty()) return state.go(page());
    state.resource_version_ = in.resource_version;
    state.failures_ = 0;
    return state.go(watch());
  }

  WatchAction operator()(const ListFailed& in) const {
    if (in.status == 410) return state.expired();
    const bool same_page = is_server_away(in.status) || is_identity_refused(in.status);
    return state.fail_then(same_page ? page() : from_start(), in.retry_after);
  }

  WatchAction operator()(const EventReceived& in) const { return state.advance(in.resource_version); }
  WatchAction operator()(const BookmarkReceived& in) const { return state.advance(in.resource_version); }

  WatchAction operator()(const ErrorEventReceived& in) const {
    if (in.code == 410) return state.expired();
    const bool again = is_server_away(in.code) && in.code != 0 && state.failures_ + 1 < kErrorsBeforeRelist;
    return state.fail_then(again ? watch() : from_start());
  }

  WatchAction operator()(const FrameUnreadable& /*in*/) const { return state.fail_then(from_start()); }

  WatchAction operator()(const WatchFailed& in) const {
    if (in.status == 410) return state.expired();
    const bool again = is_server_away(in.status) || is_identity_refused(in.status);
    return state.fail_then(again ? watch() : from_start(), in.retry_after);
  }

  WatchAction operator()(const StreamEnded& in) const {
    if (in.at_once && !state.stream_moved_) return state.fail_then(watch());
    state.failures_ = 0;
    return state.go(watch());
  }

  WatchAction operator()(const StreamCut& /*in*/) const { return state.fail_then(watch()); }
  WatchAction operator()(const StreamSilent& /*in*/) const { return state.go(watch()); }
  WatchAction operator()(const WaitOver& /*in*/) const { return state.go(state.after_wait_); }
};

WatchAction WatchState::begin() {
  *this = WatchState(backoff_);
  return go({});
}

WatchAction WatchState::step(const WatchInput& input, double jitter) {
  jitter_ = std::clamp(jitter, 0.0, 1.0);
  return std::visit(Visitor{*this}, input);
}

WatchAction WatchState::go(WatchAction next) {
  if (next.kind == Kind::kListFromStart) continue_token_.clear();
  if (next.kind == Kind::kWatch) stream_moved_ = false;
  phase_ = next.kind == Kind::kWatch ? Phase::kWatching : Phase::kListing;
  return next;
}

WatchAction WatchState::wait_then(WatchAction next, int failures, std::optional<seconds> at_least) {
  milliseconds delay = backoff_.first;
  for (int i = 1; i < failures && delay < backoff_.max; ++i) delay *= 2;
  delay = std::min(delay, backoff_.max);
  delay =
      milliseconds(static_cast<milliseconds::rep>(static_cast<double>(delay.count()) * (0.5 + jitter_ / 2)));
  if (at_least) delay = std::max<milliseconds>(delay, std::clamp(*at_least, seconds(0), kLongestRetryAfter));
  after_wait_ = std::move(next);
  phase_ = Phase::kBackingOff;
  return {.kind = Kind::kWait, .token = {}, .delay = delay};
}

WatchAction WatchState::fail_then(WatchAction next, std::optional<seconds> at_least) {
  return wait_then(std::move(next), ++failures_, at_least);
}

WatchAction WatchState::expired() {
  ++expiries_;
  return expiries_ == 1 ? go({}) : wait_then({}, expiries_ - 1);
}

WatchAction WatchState::advance(const std::string& resource_version) {
  if (!resource_version.empty()) resource_version_ = resource_version;
  failures_ = 0;
  expiries_ = 0;
  stream_moved_ = true;
  return {.kind = Kind::kKeepReading, .token = {}, .delay = {}};
}

}  // namespace baseline::kube
