#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/time.h"

namespace baseline::kube {

// What was asked and what came of it, for metrics and logs. Called on the thread that made the request.
struct CallRecord {
  std::string verb;      // get, list, watch, create, update, patch, delete
  std::string resource;  // "jobs.batch"; "" for /version and discovery
  int status = 0;        // HTTP; 0 when no reply came
  double seconds = 0;
};

struct RetryPolicy {
  int attempts = 5;  // the first one included; 1 = never again
  std::chrono::milliseconds first_delay{200};
  std::chrono::milliseconds max_delay{5'000};
  std::chrono::milliseconds deadline{30'000};  // no further attempt starts after this
};

struct ClientOptions {
  RetryPolicy retry;
  std::chrono::milliseconds timeout{30'000};  // of one attempt
  std::size_t max_reply_bytes = 64U << 20;
  std::size_t max_frame_bytes = 8U << 20;
  std::string field_manager = "baseline-operator";
  std::function<void(const CallRecord&)> observer;
  // Waits between two attempts; the default sleeps and returns early when `stop` is requested. Tests put
  // their own.
  std::function<void(std::chrono::milliseconds)> sleep;
  std::stop_token stop;  // once requested, a request under way ends with kUnavailable and none is tried again
  const base::Clock* clock =
      nullptr;  // for deadline and durations; null: the machine's. Must outlive the client
};

// Of the objects in a reply.
enum class Encoding { kJson, kProtobuf };

// Every member has an initialiser, so that a caller may name only those that matter: {.ns = "x"}.
struct ListOptions {
  std::string ns{};  // empty: all namespaces
  std::string label_selector{};
  std::string field_selector{};
  int page_size = 500;
  // What becomes of a list whose continue token expires between two pages (410). Not set: it ends with
  // kUnavailable. Set: it goes on by the token that the server offers for it, so that what was made or
  // removed meanwhile may be in it or not; where the server offers none, this is asked whether to begin again
  // from the first page, and items that came before come once more.
  std::function<bool()> begin_again{};
};

// A group of the API, as discovery names it.
struct ApiGroup {
  std::string name;
  std::vector<std::string> versions;  // preferred first: "v1", "v1beta1"
};

// A resource of a version of the API, as discovery names it.
struct ApiResource {
  std::string name;  // the plural, as in the path
  std::string kind;
  bool namespaced = true;
};

struct ListEnd {
  std::string resource_version;
  std::size_t items = 0;
  int pages = 0;
};

struct WatchOptions {
  std::string ns{};
  std::string label_selector{};
  std::string field_selector{};
  std::string resource_version{};
  std::chrono::seconds server_timeout{300};    // the server ends the watch in order after this
  std::chrono::milliseconds silence{180'000};  // no byte for so long (bookmarks come each minute): dead
};

enum class PatchType {
  kMerge,  // RFC 7386
  kApply,  // server-side apply; the body must hold apiVersion, kind and metadata.name
};

struct PatchOptions {
  PatchType type = PatchType::kMerge;
  std::string subresource{};    // "" or "status"
  std::string field_manager{};  // empty: ClientOptions::field_manager
  bool force = false;           // kApply: take fields over from other managers
};

struct RemoveOptions {
  enum class Propagation { kBackground, kForeground, kOrphan };
  Propagation propagation = Propagation::kBackground;
  std::string uid{};  // when set: only if the object still is this one (else kConflict)
  std::optional<std::int64_t> grace_seconds{};
};

struct LogOptions {
  std::string container{};  // empty: the only one
  std::size_t max_bytes = 16U << 20;
  bool previous = false;
};

struct PodLog {
  std::string text;
  bool cut = false;  // there was more than max_bytes
};

struct ServerVersion {
  int major = 0;
  int minor = 0;
  std::string git_version;  // "v1.36.1"
};

}  // namespace baseline::kube
