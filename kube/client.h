#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/value.h"
#include "kube/client_options.h"
#include "kube/resource.h"
#include "kube/transport.h"
#include "kube/watch_frame.h"

namespace baseline::kube {

// Typed verbs over a Transport. Safe to use from any number of threads. Transport must outlive it.
//
// Failures are base::Error with where = "GET /api/v1/…" and a code by HTTP status:
//   400, 413, 422 kInvalid · 401, 403 kForbidden (names the verb and the resource that RBAC must allow) · 404
//   kNotFound 409 kConflict · 410, 429, 5xx, a refused or broken connection kUnavailable · a reply beyond the
//   bound kLimit
// kConflict means from create(): an object of that name exists; from the others: it changed since it was read
// (or, for an apply patch without force, another manager owns the field). 429, 5xx and connection faults are
// tried again within ClientOptions::retry, minding Retry-After; a create only when the connection was
// refused, since it may have been done otherwise.
class Client {
 public:
  explicit Client(Transport& transport, ClientOptions options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) = delete;
  // The same client with other limits and its own stop: for the lease and for events, which outlive the rest.
  Client with(std::chrono::milliseconds timeout, RetryPolicy retry, std::stop_token stop = {}) const;

  base::Result<base::Value> get(const ResourceKind& kind, std::string_view ns, std::string_view name) const;

  // Page by page, so that memory does not grow with the cluster. The callback returns false to stop early. A
  // list that expired between two pages (410) is kUnavailable: begin again, or let ListOptions do it. Items
  // are given their apiVersion and kind.
  using PageSink = std::function<bool(std::vector<base::Value>&& items)>;
  base::Result<ListEnd> list(const ResourceKind& kind, const ListOptions& options,
                             const PageSink& sink) const;
  // The same with each item as its JSON text (a view that lives during the call, with 32 bytes or more behind
  // it that may be read), for lists too large to hold as values; without apiVersion and kind, which the
  // server leaves out.
  using RawItemSink = std::function<bool(std::string_view item_json)>;
  base::Result<ListEnd> list_raw(const ResourceKind& kind, const ListOptions& options,
                                 const RawItemSink& sink) const;
  // The same in Protobuf where the server has it for this kind, which costs it a fraction of what JSON does;
  // the sink is told what each item is in. For kinds of the API itself: resources of a CRD have no Protobuf.
  using EncodedItemSink = std::function<bool(std::string_view item, Encoding encoding)>;
  base::Result<ListEnd> list_encoded(const ResourceKind& kind, const ListOptions& options,
                                     const EncodedItemSink& sink) const;
  // Everything at once, for kinds that are few.
  base::Result<std::vector<base::Value>> list_all(const ResourceKind& kind,
                                                  const ListOptions& options = {}) const;

  // The writes return the object as the server now has it.
  base::Result<base::Value> create(const ResourceKind& kind, std::string_view ns,
                                   const base::Value& object) const;
  // PUT; guarded by metadata.resourceVersion when the object has one. subresource: "" or "status".
  base::Result<base::Value> replace(const ResourceKind& kind, const base::Value& object,
                                    std::string_view subresource = {}) const;
  base::Result<base::Value> patch(const ResourceKind& kind, std::string_view ns, std::string_view name,
                                  const base::Value& body, const PatchOptions& options = {}) const;
  base::Result<void> remove(const ResourceKind& kind, std::string_view ns, std::string_view name,
                            const RemoveOptions& options = {}) const;

  base::Result<PodLog> pod_log(std::string_view ns, std::string_view pod,
                               const LogOptions& options = {}) const;
  base::Result<ServerVersion> version() const;
  // Whether this server has the kind (a CRD may be missing). 404 of the group is `false`, not an error.
  base::Result<bool> is_served(const ResourceKind& kind) const;
  // The groups that this server has, without the core group: one request, which asks for no kind that may not
  // be there.
  base::Result<std::vector<ApiGroup>> groups() const;
  // The plural names of the resources of "v1" or "apps/v1". 404 is an empty list.
  base::Result<std::vector<std::string>> resources(std::string_view api_version) const;
  // The same with their kinds, without subresources.
  base::Result<std::vector<ApiResource>> api_resources(std::string_view api_version) const;

  // One page as the server sent it, any status, tried once; for the reflector. A page beyond max_reply_bytes
  // is asked for again with fewer items.
  base::Result<Response> page(const ResourceKind& kind, const ListOptions& options, std::string_view token,
                              const std::stop_token& stop = {}) const;
  // One watch until it ends. The sink gets each frame and returns false to end the stream. A frame above
  // ClientOptions::max_frame_bytes or one that is no watch frame ends it with kLimit or kInvalid.
  using FrameSink = std::function<bool(WatchFrame&& frame)>;
  base::Result<StreamEnd> watch(const ResourceKind& kind, const WatchOptions& options, const FrameSink& sink,
                                std::stop_token stop) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::kube
