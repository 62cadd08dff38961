#include "kube/events.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/printable.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::Value;

constexpr std::size_t kLongestMessage = 1024;
constexpr std::size_t kLongestNamePart = 200;
constexpr std::size_t kRememberedCounts = 1024;
constexpr std::chrono::seconds kDrainTime{5};

std::string_view type_name(EventType type) {
  return type == EventType::kWarning ? "Warning" : "Normal";
}

// Cuts without leaving half a UTF-8 sequence.
void cut(std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  text.resize(bytes);
}

// Several of the same note, waiting to be written as one.
struct Pending {
  EventNote note;
  std::int64_t count = 0;
  base::Time first;
  base::Time last;
};

}  // namespace

std::string event_name(const EventNote& note, std::string_view component) {
  const ObjectRef& about = note.about;
  std::string identity;
  for (const std::string_view part :
       {component, std::string_view(about.api_version), std::string_view(about.kind),
        std::string_view(about.ns), std::string_view(about.name), std::string_view(about.uid),
        type_name(note.type), std::string_view(note.reason)}) {
    identity += part;
    identity += '\0';
  }
  std::string start = about.name.substr(0, kLongestNamePart);
  while (!start.empty() && (start.back() == '.' || start.back() == '-')) start.pop_back();
  return fmt::format("{}.{}", start, base::sha256_hex(identity).substr(0, 16));
}

struct EventRecorder::Impl {
  Impl(const Client& c, const base::Clock& k, EventOptions o)
      : options(std::move(o)),
        client(c.with(kDrainTime, RetryPolicy{.attempts = 2, .deadline = kDrainTime}, given_up.get_token())),
        clock(k) {}

  const EventOptions options;
  std::stop_source given_up;  // nobody waits for the last events any longer
  const Client client;
  const base::Clock& clock;
  std::unordered_map<std::string, std::int64_t> counts;  // on the server, by name; of the thread alone

  mutable std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<std::string> order;
  std::unordered_map<std::string, Pending> pending;
  bool writing = false;
  bool closed = false;
  std::uint64_t dropped = 0;
  std::jthread thread;

  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (changed.wait(lock, stop, [this] { return !order.empty(); })) {
      const std::string name = std::move(order.front());
      order.pop_front();
      const Pending next = std::move(pending.extract(name).mapped());
      writing = true;
      lock.unlock();
      const bool written = write(name, next);
      lock.lock();
      writing = false;
      if (!written) ++dropped;
      changed.notify_all();
      if (stop.stop_requested()) break;
    }
  }

  bool write(const std::string& name, const Pending& event) {
    const std::string ns = event.note.about.ns.empty() ? options.fallback_namespace : event.note.about.ns;
    const auto known = counts.find(name);
    if (known != counts.end()) {
      const auto patched = raise(ns, name, event, known->second + event.count);
      if (patched) return true;
      if (patched.error().code != ErrorCode::kNotFound) return false;  // else it has expired: begin anew
    }
    const auto created = client.create(kEvent, ns, object(ns, name, event));
    if (created) {
      remember(name, event.count);
      return true;
    }
    if (created.error().code != ErrorCode::kConflict) return false;
    // Written by this program's last life: the reply to a first patch tells how often.
    const auto there = client.patch(kEvent, ns, name, seen_again(event));
    if (!there) return false;
    return raise(ns, name, event, (*there)["count"].as_int(1) + event.count).has_value();
  }

  base::Result<void> raise(const std::string& ns, const std::string& name, const Pending& event,
                           std::int64_t count) {
    Value body = seen_again(event);
    body.set("count", count);
    const auto patched = client.patch(kEvent, ns, name, body);
    if (!patched) {
      counts.erase(name);
      return std::unexpected(patched.error());
    }
    remember(name, count);
    return {};
  }

  void remember(const std::string& name, std::int64_t count) {
    if (counts.size() >= kRememberedCounts) counts.clear();
    counts[name] = count;
  }

  static Value seen_again(const Pending& event) {
    Value body = Value::map();
    body.set("message", event.note.message);
    body.set("lastTimestamp", base::format_time(event.last));
    return body;
  }

  Value object(const std::string& ns, const std::string& name, const Pending& event) const {
    const ObjectRef& about = event.note.about;
    const Value involved(Value::Map{{"apiVersion", about.api_version},
                                    {"kind", about.kind},
                                    {"namespace", about.ns},
                                    {"name", about.name},
                                    {"uid", about.uid}});
    return Value(Value::Map{{"apiVersion", kEvent.api_version()},
                            {"kind", kEvent.kind},
                            {"metadata", Value(Value::Map{{"name", name}, {"namespace", ns}})},
                            {"involvedObject", involved},
                            {"type", type_name(event.note.type)},
                            {"reason", event.note.reason},
                            {"message", event.note.message},
                            {"count", event.count},
                            {"firstTimestamp", base::format_time(event.first)},
                            {"lastTimestamp", base::format_time(event.last)},
                            {"source", Value(Value::Map{{"component", options.component}})},
                            {"reportingComponent", options.component},
                            {"reportingInstance", options.instance}});
  }
};

EventRecorder::EventRecorder(const Client& client, const base::Clock& clock, EventOptions options)
    : impl_(std::make_unique<Impl>(client, clock, std::move(options))) {
  impl_->thread = std::jthread([this](const std::stop_token& stop) { impl_->run(stop); });
}

EventRecorder::~EventRecorder() {
  {
    std::unique_lock lock(impl_->mutex);
    impl_->closed = true;
    impl_->changed.wait_for(lock, kDrainTime, [this] { return impl_->order.empty() && !impl_->writing; });
  }
  impl_->given_up.request_stop();
  impl_->thread.request_stop();
  impl_->thread.join();
}

void EventRecorder::record(EventNote note) {
  note.message = base::printable(note.message);
  cut(note.message, kLongestMessage);
  const std::string name = event_name(note, impl_->options.component);
  const base::Time now = impl_->clock.now();
  const std::scoped_lock lock(impl_->mutex);
  const auto found = impl_->pending.find(name);
  if (found == impl_->pending.end()) {
    if (impl_->closed || impl_->order.size() >= impl_->options.max_pending) {
      ++impl_->dropped;
      return;
    }
    impl_->order.push_back(name);
    impl_->pending.emplace(name, Pending{std::move(note), 1, now, now});
    impl_->changed.notify_all();
    return;
  }
  ++found->second.count;
  found->second.last = now;
  found->second.note.message = std::move(note.message);
}

void EventRecorder::flush() {
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait(lock, [this] { return impl_->order.empty() && !impl_->writing; });
}

std::uint64_t EventRecorder::dropped() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->dropped;
}

}  // namespace baseline::kube
