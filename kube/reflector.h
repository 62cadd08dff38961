#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/value.h"
#include "kube/client.h"
#include "kube/resource.h"
#include "kube/watch_state.h"

namespace baseline::kube {

using ObjectPtr = std::shared_ptr<const base::Value>;

// One difference between the store before and after. Level-triggered users need the key alone.
struct Change {
  enum class Type { kAdded, kUpdated, kDeleted };
  Type type = Type::kAdded;
  std::string key;   // object_key()
  ObjectPtr object;  // kDeleted: as it was last known
  ObjectPtr before;  // kUpdated: what it replaced
};

struct ReflectorOptions {
  ResourceKind kind{};
  std::string ns{};
  std::string label_selector{};
  std::string field_selector{};
  int page_size = 500;
  std::chrono::seconds server_timeout{300};
  std::chrono::milliseconds silence{180'000};
  WatchBackoff backoff{};
  // What to keep of an object, to save memory; metadata.name and namespace must stay for object_key().
  // Default: all but metadata.managedFields.
  std::function<base::Value(base::Value&&)> project{};
  // Called on the reflector's thread, after the store has changed; must return soon and must not call stop().
  std::function<void(const Change&)> on_change{};
  // Called on the reflector's thread with what went wrong, once for each attempt that failed.
  std::function<void(const base::Error&)> on_error{};
};

// Keeps a copy of all objects of a kind up to date, on a thread of its own, through every fault a watch can
// have (see WatchState). After a fault the store stays as it was until the next list; that list reports as
// deleted what is gone. All functions are safe from any thread, but stop() and the destructor not from the
// callbacks.
class Reflector {
 public:
  Reflector(const Client& client, ReflectorOptions options);  // client must outlive it
  ~Reflector();                                               // stops
  Reflector(const Reflector&) = delete;
  Reflector& operator=(const Reflector&) = delete;

  void start();  // once
  void stop();   // ends the watch and joins the thread; idempotent

  // The first list is complete (and its changes have been reported). Stays true.
  bool synced() const;
  // False when not synced in time or stopped.
  bool wait_synced(std::chrono::milliseconds timeout) const;
  // The fault it is struggling with now; empty when the watch is well.
  std::optional<base::Error> last_error() const;

  ObjectPtr get(std::string_view key) const;  // null when there is none
  std::vector<ObjectPtr> list() const;        // ordered by key
  std::size_t size() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::kube
