#include "kube/reflector.h"

#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "base/json.h"
#include "kube/api_error.h"
#include "kube/object_store.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::Value;
using Kind = WatchAction::Kind;

Value without_managed_fields(Value&& object) {
  if (Value* metadata = object.find("metadata")) metadata->erase("managedFields");
  return std::move(object);
}

}  // namespace

struct Reflector::Impl {
  Impl(const Client& c, ReflectorOptions o)
      : client(c), options(std::move(o)), state(options.backoff), random(std::random_device{}()) {
    if (!options.project) options.project = without_managed_fields;
  }

  const Client& client;
  ReflectorOptions options;
  ObjectStore store;
  // Of the reflector's thread alone.
  WatchState state;
  ObjectStore::Entries pages;  // gathered so far
  std::minstd_rand random;
  // Of everyone.
  mutable std::mutex mutex;
  mutable std::condition_variable_any changed;
  bool is_synced = false;
  bool is_stopped = false;
  std::optional<base::Error> error;
  std::mutex lifecycle;  // of start and stop
  std::jthread thread;

  void run(const std::stop_token& stop) {
    WatchAction action = state.begin();
    while (!stop.stop_requested()) {
      switch (action.kind) {
        case Kind::kListFromStart:
          pages.clear();
          action = list_page({}, stop);
          break;
        case Kind::kListPage:
          action = list_page(action.token, stop);
          break;
        case Kind::kWatch:
          action = watch(action.token, stop);
          break;
        case Kind::kWait: {
          std::unique_lock lock(mutex);
          changed.wait_for(lock, stop, action.delay, [] { return false; });
          lock.unlock();
          action = step(WaitOver{});
          break;
        }
        case Kind::kKeepReading:  // only inside a stream
          action = step(StreamCut{});
          break;
      }
    }
  }

  WatchAction step(const WatchInput& input) {
    return state.step(input, std::uniform_real_distribution<double>(0, 1)(random));
  }

  WatchAction list_page(const std::string& token, const std::stop_token& stop) {
    const ListOptions list{options.ns, options.label_selector, options.field_selector, options.page_size};
    auto response = client.page(options.kind, list, token, stop);
    if (!response) {
      report(response.error(), stop);
      return step(ListFailed{});
    }
    if (response->status != 200) {
      report(api_error(call("list"), *response), stop);
      return step(ListFailed{response->status, response->retry_after});
    }
    std::optional<base::Error> bad_item;
    const auto page = walk_page(response->body, [&](std::string_view text) {
      bad_item = gather(text);
      return !bad_item;
    });
    if (bad_item || !page) {
      report(bad_item ? *bad_item : page.error(), stop);
      return step(ListFailed{});
    }
    if (page->continue_token.empty()) commit();
    return step(PageReceived{page->resource_version, page->continue_token});
  }

  std::optional<base::Error> gather(std::string_view text) {
    auto object = base::parse_json(text, call("list").where);
    if (!object) return object.error();
    std::string key = object_key(*object);
    std::string version = (*object)["metadata"]["resourceVersion"].as_string();
    if (key.empty())
      return base::Error{ErrorCode::kInvalid, "an object of the list has no name", call("list").where};
    ObjectPtr known = store.same(key, version);
    if (!known) known = keep(std::move(*object));
    pages.insert_or_assign(std::move(key), ObjectStore::Entry{std::move(version), std::move(known)});
    return std::nullopt;
  }

  ObjectPtr keep(Value&& object) {
    fill_type(options.kind, object);
    return std::make_shared<const Value>(options.project(std::move(object)));
  }

  void commit() {
    tell(store.replace(std::exchange(pages, {})));
    const std::scoped_lock lock(mutex);
    is_synced = true;
    error.reset();
    changed.notify_all();
  }

  WatchAction watch(const std::string& version, const std::stop_token& stop) {
    WatchOptions ask{options.ns, options.label_selector, options.field_selector,
                     version,    options.server_timeout, options.silence};
    std::optional<WatchAction> from_frame;  // when a frame ended the stream
    const auto started = std::chrono::steady_clock::now();
    const auto end = client.watch(
        options.kind, ask,
        [&](WatchFrame&& frame) {
          WatchAction next = take(std::move(frame), stop);
          if (next.kind == Kind::kKeepReading) return true;
          from_frame = std::move(next);
          return false;
        },
        stop);
    if (from_frame) return *from_frame;
    if (!end) {
      report(end.error(), stop);
      switch (end.error().code) {
        case ErrorCode::kCorrupt:
          return step(StreamCut{});
        case ErrorCode::kLimit:
        case ErrorCode::kInvalid:
          return step(FrameUnreadable{});
        default:
          return step(WatchFailed{});
      }
    }
    if (end->reason == StreamEnd::Reason::kSilent) return step(StreamSilent{});
    if (end->reason == StreamEnd::Reason::kStopped) return step(StreamCut{});
    if (end->status != 200) {
      report(api_error(call("watch"), {end->status, end->error_body, end->retry_after}), stop);
      return step(WatchFailed{end->status, end->retry_after});
    }
    return step(StreamEnded{std::chrono::steady_clock::now() - started < std::chrono::seconds(1)});
  }

  WatchAction take(WatchFrame&& frame, const std::stop_token& stop) {
    if (frame.type == WatchFrame::Type::kError) {
      report({frame.error_code == 410 ? ErrorCode::kUnavailable : ErrorCode::kInternal,
              "the watch ended with an error: " + frame.object["message"].as_string().substr(0, 512),
              call("watch").where},
             stop);
      return step(ErrorEventReceived{frame.error_code});
    }
    well();
    if (frame.type == WatchFrame::Type::kBookmark)
      return step(BookmarkReceived{std::move(frame.resource_version)});
    const std::string key = object_key(frame.object);
    std::string version = frame.resource_version;
    const bool is_delete = frame.type == WatchFrame::Type::kDeleted;
    ObjectPtr object = keep(std::move(frame.object));
    tell(is_delete ? store.erase(key, std::move(object)) : store.put(key, {version, std::move(object)}));
    return step(EventReceived{std::move(version)});
  }

  void tell(const std::vector<Change>& changes) {
    if (!options.on_change) return;
    for (const Change& change : changes) options.on_change(change);
  }

  void well() {
    const std::scoped_lock lock(mutex);
    error.reset();
  }

  void report(const base::Error& fault, const std::stop_token& stop) {
    if (stop.stop_requested()) return;
    {
      const std::scoped_lock lock(mutex);
      error = fault;
    }
    if (options.on_error) options.on_error(fault);
  }

  ApiCall call(std::string verb) const {
    Request request;
    request.path_and_query = options.kind.collection_path(options.ns);
    return api_call(std::move(verb), options.kind, {}, request);
  }
};

Reflector::Reflector(const Client& client, ReflectorOptions options)
    : impl_(std::make_unique<Impl>(client, std::move(options))) {}
Reflector::~Reflector() {
  stop();
}

void Reflector::start() {
  const std::scoped_lock lifecycle(impl_->lifecycle);
  if (impl_->thread.joinable()) return;
  impl_->thread = std::jthread([this](const std::stop_token& stop) { impl_->run(stop); });
}

void Reflector::stop() {
  const std::scoped_lock lifecycle(impl_->lifecycle);
  impl_->thread.request_stop();
  if (impl_->thread.joinable()) impl_->thread.join();
  const std::scoped_lock lock(impl_->mutex);
  impl_->is_stopped = true;
  impl_->changed.notify_all();
}

bool Reflector::synced() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->is_synced;
}

bool Reflector::wait_synced(std::chrono::milliseconds timeout) const {
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait_for(lock, timeout, [this] { return impl_->is_synced || impl_->is_stopped; });
  return impl_->is_synced;
}

std::optional<base::Error> Reflector::last_error() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->error;
}

ObjectPtr Reflector::get(std::string_view key) const {
  return impl_->store.get(key);
}
std::vector<ObjectPtr> Reflector::list() const {
  return impl_->store.list();
}
std::size_t Reflector::size() const {
  return impl_->store.size();
}

}  // namespace baseline::kube
