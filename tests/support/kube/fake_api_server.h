#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "kube/resource.h"
#include "kube/transport.h"

namespace baseline::kube::testing {

// An API server in memory behind the Transport interface: CRUD with resourceVersions and uids, pages with
// continue tokens, label and field selectors (=, !=), watches with bookmarks, 409 on stale writes, status
// subresources, merge and apply patch (apply is treated as a merge that creates), pod logs, and faults on
// demand. It serves the well-known kinds; any other after serve(). Safe from any thread.
//
//   FakeApiServer server;
//   server.serve(kWidget);                                         // a custom resource with a status
//   subresource server.put(kNode, node_value);                                 // as if someone had applied
//   it server.fail_next("POST", "/jobs", 500);                        // the next POST to a path with "/jobs"
//   in it fails kube::Client client(server); ASSERT_TRUE(client.create(kJob, "default", job).has_value());
//   EXPECT_EQ(server.requests("POST", "/jobs"), 2u);
class FakeApiServer : public Transport {
 public:
  FakeApiServer();
  ~FakeApiServer() override;

  base::Result<Response> send(const Request& request) override;
  base::Result<StreamEnd> stream(const Request& request, const Sink& sink, std::stop_token stop) override;

  // Serves a further kind, with a status subresource: a plain write leaves .status alone, a write to it
  // touches nothing else.
  void serve(const ResourceKind& kind);

  // Behind the client's back, always allowed: metadata, uid and resourceVersion are filled in. put() replaces
  // the whole object, status included, and keeps its uid.
  base::Value put(const ResourceKind& kind, base::Value object);
  bool erase(const ResourceKind& kind, std::string_view ns, std::string_view name);
  std::optional<base::Value> find(const ResourceKind& kind, std::string_view ns, std::string_view name) const;
  std::vector<base::Value> all(const ResourceKind& kind) const;
  void set_log(std::string_view ns, std::string_view pod, std::string text);

  // Called after each write through the client (not put/erase), without the lock held: the place to play a
  // controller or kubelet by put(). method is POST, PUT, PATCH or DELETE.
  void on_write(
      std::function<void(std::string_view method, const ResourceKind& kind, const base::Value& object)> hook);

  // Faults. `path_part` matches any request whose path and query contain it; each call arms one request of
  // that method
  // ("" = any method; a watch is a GET with "watch=true" in it). They fire in the order they were armed.
  void fail_next(std::string_view method, std::string_view path_part, int status,
                 std::optional<std::chrono::seconds> retry_after = {});
  void refuse_next(std::string_view method, std::string_view path_part);  // kUnavailable: nothing was done
  void lose_reply_next(std::string_view method,
                       std::string_view path_part);  // done, but the reply is cut: kCorrupt
  void refuse_connections(bool refuse);              // all, until turned off

  // Running watches: send a bookmark, an ERROR frame, end in order, cut in the middle of a frame, fall silent
  // (the stream returns kSilent without waiting).
  void send_bookmarks();
  void send_watch_error(int code);
  void end_watches();
  void cut_watches();
  void silence_watches();
  // Forgets history: a watch or a continue token from before now is answered by 410 (the watch
  // by an ERROR frame, as the real server does).
  void compact();
  // Whether the 410 of a list then carries a token by which it can go on in the present state. Off at first.
  void offer_tokens(bool offer);
  std::size_t watches() const;  // running now
  // Blocks until n watches are running; false after 10 s.
  bool wait_for_watches(std::size_t n) const;

  // What was asked so far.
  struct Seen {
    std::string method;
    std::string path_and_query;
    std::string content_type;
    std::string body;
  };
  std::vector<Seen> seen() const;
  std::size_t requests(std::string_view method, std::string_view path_part) const;
  // Blocks until there were n of them; false after 10 s.
  bool wait_for_requests(std::string_view method, std::string_view path_part, std::size_t n) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::kube::testing
