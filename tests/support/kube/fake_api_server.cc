#include "kube/fake_api_server.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include "base/json.h"
#include "kube/fake_faults.h"
#include "kube/fake_route.h"
#include "kube/fake_verbs.h"

namespace baseline::kube::testing {
namespace {

using base::ErrorCode;
using base::Value;

std::string frame(std::string_view type, const Value& object) {
  return base::write_json(Value(Value::Map{{"type", type}, {"object", object}})) + "\n";
}

}  // namespace

struct FakeApiServer::Impl {
  enum class Command { kBookmark, kError, kEnd, kCut, kSilence };
  struct Watch {
    std::deque<std::pair<Command, int>> commands;
  };

  mutable std::mutex mutex;
  mutable std::condition_variable_any changed;
  FakeVerbs verbs;
  FakeFaults faults;
  std::vector<Seen> seen;
  std::map<int, Watch> watches;
  int last_watch = 0;
  std::function<void(std::string_view, const ResourceKind&, const Value&)> hook;

  // Both with the mutex held.
  void note(const Request& request) {
    seen.push_back({request.method, request.path_and_query, request.content_type, request.body});
    changed.notify_all();
  }
  std::size_t count(std::string_view method, std::string_view path_part) const {
    return static_cast<std::size_t>(std::ranges::count_if(seen, [&](const Seen& request) {
      return (method.empty() || request.method == method) &&
             request.path_and_query.find(path_part) != std::string::npos;
    }));
  }

  void command_all(Command command, int code = 0) {
    const std::scoped_lock lock(mutex);
    for (auto& [id, watch] : watches) watch.commands.emplace_back(command, code);
    changed.notify_all();
  }

  // The frame of one change as this watch sees it; empty when it does not concern it.
  static std::string frame_of(const ObjectTables::HistoryEntry& entry, const Route& route) {
    const bool was = entry.before && is_selected(route, *entry.before);
    const bool is = entry.after && is_selected(route, *entry.after);
    if (!was && !is) return {};
    if (is) return frame(was ? "MODIFIED" : "ADDED", *entry.after);
    Value last = entry.after ? *entry.after : *entry.before;
    Value metadata = last["metadata"];
    metadata.set("resourceVersion", std::to_string(entry.version));
    last.set("metadata", std::move(metadata));
    return frame("DELETED", last);
  }

  // One thing for a watch to do: send the chunk, then perhaps end.
  struct Turn {
    std::string chunk;
    std::optional<StreamEnd::Reason> end;
    bool cut = false;
  };

  Turn obey(const std::pair<Command, int>& command, const Route& route) const {
    switch (command.first) {
      case Command::kBookmark: {
        const Value metadata(Value::Map{{"resourceVersion", std::to_string(verbs.objects.version())}});
        return {frame("BOOKMARK", Value(Value::Map{{"kind", route.kind->kind}, {"metadata", metadata}})), {}};
      }
      case Command::kError: {
        const Value status = base::parse_json(failure(command.second, "forced").body, "").value_or(Value());
        return {frame("ERROR", status), StreamEnd::Reason::kEnded};
      }
      case Command::kEnd:
        return {{}, StreamEnd::Reason::kEnded};
      case Command::kSilence:
        return {{}, StreamEnd::Reason::kSilent};
      case Command::kCut:
        break;
    }
    return {R"({"type":"ADDED","object":{"metadata":{"na)", {}, true};
  }

  base::Result<StreamEnd> run_watch(std::unique_lock<std::mutex>& lock, const Route& route, const Sink& sink,
                                    const std::stop_token& stop) {
    const std::string from = route.query_value("resourceVersion");
    const std::uint64_t version = from.empty() || from == "0" ? verbs.objects.version() : std::stoull(from);
    const auto& history = verbs.objects.history();
    const int id = ++last_watch;
    auto& commands = watches[id].commands;
    changed.notify_all();
    std::size_t next = 0;
    if (version < verbs.compacted) {
      next = history.size();
      commands.emplace_back(Command::kError, 410);
    }
    base::Result<StreamEnd> result = StreamEnd{StreamEnd::Reason::kStopped, 200, {}, {}};
    // What has happened comes before what is commanded: a bookmark must not overtake an event.
    while (changed.wait(lock, stop, [&] { return next < history.size() || !commands.empty(); }) &&
           !stop.stop_requested()) {
      Turn turn;
      if (next < history.size()) {
        const auto& entry = history[next++];
        if (entry.version <= version || entry.resource != route.kind->resource_name()) continue;
        turn.chunk = frame_of(entry, route);
      } else {
        turn = obey(commands.front(), route);
        commands.pop_front();
      }
      lock.unlock();
      const bool go_on = turn.chunk.empty() || sink(turn.chunk);
      lock.lock();
      if (turn.cut) result = base::fail(ErrorCode::kCorrupt, "the connection was cut");
      if (turn.end && go_on) result->reason = *turn.end;
      if (turn.cut || turn.end || !go_on) break;
    }
    watches.erase(id);
    changed.notify_all();
    return result;
  }
};

FakeApiServer::FakeApiServer() : impl_(std::make_unique<Impl>()) {}
FakeApiServer::~FakeApiServer() = default;

base::Result<Response> FakeApiServer::send(const Request& request) {
  using Kind = FakeFaults::Kind;
  FakeVerbs::Written written;
  std::function<void(std::string_view, const ResourceKind&, const Value&)> hook;
  Response response;
  bool lost = false;
  {
    const std::scoped_lock lock(impl_->mutex);
    impl_->note(request);
    const auto fault = impl_->faults.take(request);
    if (fault && fault->kind == Kind::kRefuse)
      return base::fail(ErrorCode::kUnavailable, "connection refused");
    if (fault && fault->kind == Kind::kStatus) {
      Response failed = failure(fault->status, "forced");
      failed.retry_after = fault->retry_after;
      return failed;
    }
    lost = fault.has_value();
    response = impl_->verbs.handle(request, written);
    impl_->changed.notify_all();
    hook = impl_->hook;
  }
  if (written && hook) hook(request.method, written->first, written->second);
  if (lost) return base::fail(ErrorCode::kCorrupt, "the connection was cut");
  if (response.body.size() > request.max_reply_bytes)
    return base::fail(ErrorCode::kLimit, "the reply is too large");
  return response;
}

base::Result<StreamEnd> FakeApiServer::stream(const Request& request, const Sink& sink,
                                              std::stop_token stop) {
  using Kind = FakeFaults::Kind;
  std::unique_lock lock(impl_->mutex);
  impl_->note(request);
  const auto fault = impl_->faults.take(request);
  if (fault && fault->kind == Kind::kRefuse) return base::fail(ErrorCode::kUnavailable, "connection refused");
  if (fault && fault->kind == Kind::kLoseReply)
    return base::fail(ErrorCode::kCorrupt, "the connection was cut");
  const auto refused = [](Response response) {
    return StreamEnd{StreamEnd::Reason::kEnded, response.status, std::move(response.body),
                     response.retry_after};
  };
  if (fault) {
    Response failed = failure(fault->status, "forced");
    failed.retry_after = fault->retry_after;
    return refused(std::move(failed));
  }
  const auto route = find_route(impl_->verbs.kinds, request.path_and_query);
  if (!route) return refused({404, "404 page not found\n", {}});
  return impl_->run_watch(lock, *route, sink, stop);
}

void FakeApiServer::serve(const ResourceKind& kind) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->verbs.kinds.push_back(kind);
  impl_->verbs.kinds_with_status.push_back(kind);
}

base::Value FakeApiServer::put(const ResourceKind& kind, base::Value object) {
  const std::scoped_lock lock(impl_->mutex);
  Value stored = impl_->verbs.objects.store(kind, std::move(object));
  impl_->changed.notify_all();
  return stored;
}

bool FakeApiServer::erase(const ResourceKind& kind, std::string_view ns, std::string_view name) {
  const std::scoped_lock lock(impl_->mutex);
  const std::string key = object_key(ns, name);
  if (impl_->verbs.objects.find(kind, key) == nullptr) return false;
  impl_->verbs.objects.remove(kind, key, false);
  impl_->changed.notify_all();
  return true;
}

std::optional<base::Value> FakeApiServer::find(const ResourceKind& kind, std::string_view ns,
                                               std::string_view name) const {
  const std::scoped_lock lock(impl_->mutex);
  const Value* object = impl_->verbs.objects.find(kind, object_key(ns, name));
  return object == nullptr ? std::nullopt : std::optional(*object);
}

std::vector<base::Value> FakeApiServer::all(const ResourceKind& kind) const {
  const std::scoped_lock lock(impl_->mutex);
  std::vector<Value> out;
  for (const auto& [key, object] : impl_->verbs.objects.table(kind)) out.push_back(*object);
  return out;
}

void FakeApiServer::set_log(std::string_view ns, std::string_view pod, std::string text) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->verbs.logs[object_key(ns, pod)] = std::move(text);
}

void FakeApiServer::on_write(
    std::function<void(std::string_view method, const ResourceKind& kind, const base::Value& object)> hook) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->hook = std::move(hook);
}

void FakeApiServer::fail_next(std::string_view method, std::string_view path_part, int status,
                              std::optional<std::chrono::seconds> retry_after) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->faults.arm(
      {std::string(method), std::string(path_part), FakeFaults::Kind::kStatus, status, retry_after});
}

void FakeApiServer::refuse_next(std::string_view method, std::string_view path_part) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->faults.arm({std::string(method), std::string(path_part), FakeFaults::Kind::kRefuse, 0, {}});
}

void FakeApiServer::lose_reply_next(std::string_view method, std::string_view path_part) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->faults.arm({std::string(method), std::string(path_part), FakeFaults::Kind::kLoseReply, 0, {}});
}

void FakeApiServer::refuse_connections(bool refuse) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->faults.refuse_all(refuse);
}

void FakeApiServer::send_bookmarks() {
  impl_->command_all(Impl::Command::kBookmark);
}
void FakeApiServer::send_watch_error(int code) {
  impl_->command_all(Impl::Command::kError, code);
}
void FakeApiServer::end_watches() {
  impl_->command_all(Impl::Command::kEnd);
}
void FakeApiServer::cut_watches() {
  impl_->command_all(Impl::Command::kCut);
}
void FakeApiServer::silence_watches() {
  impl_->command_all(Impl::Command::kSilence);
}

void FakeApiServer::compact() {
  const std::scoped_lock lock(impl_->mutex);
  impl_->verbs.compacted = impl_->verbs.objects.skip_version();
}

void FakeApiServer::offer_tokens(bool offer) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->verbs.offers_tokens = offer;
}

std::size_t FakeApiServer::watches() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->watches.size();
}

bool FakeApiServer::wait_for_watches(std::size_t n) const {
  std::unique_lock lock(impl_->mutex);
  return impl_->changed.wait_for(lock, std::chrono::seconds(10), [&] { return impl_->watches.size() == n; });
}

std::vector<FakeApiServer::Seen> FakeApiServer::seen() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->seen;
}

std::size_t FakeApiServer::requests(std::string_view method, std::string_view path_part) const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->count(method, path_part);
}

bool FakeApiServer::wait_for_requests(std::string_view method, std::string_view path_part,
                                      std::size_t n) const {
  std::unique_lock lock(impl_->mutex);
  return impl_->changed.wait_for(lock, std::chrono::seconds(10),
                                 [&] { return impl_->count(method, path_part) >= n; });
}

}  // namespace baseline::kube::testing
