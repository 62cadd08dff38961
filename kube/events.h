#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/value.h"
#include "kube/client.h"
#include "kube/resource.h"

namespace baseline::kube {

enum class EventType { kNormal, kWarning };

struct EventNote {
  ObjectRef about;
  EventType type = EventType::kNormal;
  std::string reason;   // one CamelCase word: "ScanCompleted"
  std::string message;  // cut at 1,024 bytes
};

// The name of the Event for this note: the same object, type and reason give the same name.
std::string event_name(const EventNote& note, std::string_view component);

struct EventOptions {
  std::string component = "baseline-operator";
  std::string instance{};                      // the pod's name
  std::string fallback_namespace = "default";  // for objects without a namespace
  std::size_t max_pending = 256;
};

// Writes core/v1 Events in the background. One Event an object, type and reason; a repetition raises its
// count and replaces its message. Needs the rights to create and patch events. Never blocks and never fails
// its caller: what cannot be queued or written is counted and dropped. record() is safe from any thread.
class EventRecorder {
 public:
  EventRecorder(const Client& client, const base::Clock& clock,
                EventOptions options);  // both must outlive it
  ~EventRecorder();                     // writes what is pending, at most a few seconds
  EventRecorder(const EventRecorder&) = delete;
  EventRecorder& operator=(const EventRecorder&) = delete;

  void record(EventNote note);
  void flush();  // waits until all that was recorded so far is written or dropped

  std::uint64_t dropped() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::kube
