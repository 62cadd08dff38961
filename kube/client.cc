#include "kube/client.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "kube/api_error.h"
#include "kube/retry.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using base::Value;

// The query part of a path, "?a=b&c=d".
class Query {
 public:
  void add(std::string_view key, std::string_view value) {
    text_ += fmt::format("{}{}={}", text_.empty() ? '?' : '&', key, url_escape(value));
  }
  void add_if(std::string_view key, std::string_view value) {
    if (!value.empty()) add(key, value);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

Query selectors(const std::string& label_selector, const std::string& field_selector) {
  Query query;
  query.add_if("labelSelector", label_selector);
  query.add_if("fieldSelector", field_selector);
  return query;
}

std::string page_path(const ResourceKind& kind, const ListOptions& options, int page_size,
                      std::string_view token) {
  Query query = selectors(options.label_selector, options.field_selector);
  query.add("limit", std::to_string(page_size));
  query.add_if("continue", token);
  return kind.collection_path(options.ns) + query.text();
}

// Without a name the path would be that of the whole collection, and a DELETE would empty it.
std::optional<base::Error> unnamed(const ApiCall& call, const ResourceKind& kind, std::string_view ns,
                                   std::string_view name) {
  if (name.empty()) return base::Error{ErrorCode::kInvalid, "the request names no object", call.where};
  if (kind.namespaced && ns.empty()) {
    return base::Error{ErrorCode::kInvalid, "the request names an object without its namespace", call.where};
  }
  return std::nullopt;
}

std::string_view propagation(RemoveOptions::Propagation policy) {
  switch (policy) {
    case RemoveOptions::Propagation::kForeground:
      return "Foreground";
    case RemoveOptions::Propagation::kOrphan:
      return "Orphan";
    case RemoveOptions::Propagation::kBackground:
      break;
  }
  return "Background";
}

Result<Value> read_object(const ApiCall& call, const Response& response) {
  auto value = base::parse_json(response.body, call.where);
  if (value && !value->is_map()) {
    return fail(ErrorCode::kInvalid, "the server's reply is no object", call.where);
  }
  return value;
}

int leading_number(std::string_view text) {
  int number = 0;
  for (const char c : text.substr(0, 6)) {
    if (c < '0' || c > '9') break;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

struct Client::Impl {
  Impl(Transport& t, ClientOptions o) : transport(t), options(std::move(o)), retrier(transport, options) {}

  Transport& transport;
  const ClientOptions options;
  const Retrier retrier;

  Request request(std::string method, std::string path) const {
    Request out;
    out.method = std::move(method);
    out.path_and_query = std::move(path);
    out.timeout = options.timeout;
    out.max_reply_bytes = options.max_reply_bytes;
    out.stop = options.stop;
    return out;
  }

  // Any 2xx reply, else the error.
  Result<Response> exchange(const ApiCall& call, const Request& request) const {
    auto response = retrier.send(call, request);
    if (!response) return std::unexpected(transport_error(call, std::move(response).error()));
    if (response->status < 200 || response->status > 299) return std::unexpected(api_error(call, *response));
    return response;
  }

  Result<Value> exchange_object(const ApiCall& call, const Request& request) const {
    const auto response = exchange(call, request);
    if (!response) return std::unexpected(response.error());
    return read_object(call, *response);
  }

  Result<Response> page(const ResourceKind& kind, const ListOptions& list, std::string_view token, bool once,
                        const std::stop_token& stop) const {
    for (int size = std::max(list.page_size, 1);; size /= 2) {
      Request ask = request("GET", page_path(kind, list, size, token));
      if (stop.stop_possible()) ask.stop = stop;
      const ApiCall call = api_call("list", kind, {}, ask);
      auto response = once ? retrier.send_once(call, ask) : retrier.send(call, ask);
      if (response) return response;
      if (response.error().code != ErrorCode::kLimit || size == 1) {
        return std::unexpected(transport_error(call, std::move(response).error()));
      }
    }
  }
};

Client::Client(Transport& transport, ClientOptions options)
    : impl_(std::make_unique<Impl>(transport, std::move(options))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;

Client Client::with(std::chrono::milliseconds timeout, RetryPolicy retry, std::stop_token stop) const {
  ClientOptions options = impl_->options;
  options.timeout = timeout;
  options.retry = retry;
  options.stop = std::move(stop);
  return Client(impl_->transport, std::move(options));
}

Result<Value> Client::get(const ResourceKind& kind, std::string_view ns, std::string_view name) const {
  const Request request = impl_->request("GET", kind.object_path(ns, name));
  const ApiCall call = api_call("get", kind, {}, request);
  if (auto error = unnamed(call, kind, ns, name)) return std::unexpected(*error);
  return impl_->exchange_object(call, request);
}

Result<ListEnd> Client::list_raw(const ResourceKind& kind, const ListOptions& options,
                                 const RawItemSink& sink) const {
  const ApiCall call = api_call("list", kind, {}, impl_->request("GET", kind.collection_path(options.ns)));
  ListEnd end;
  std::string token;
  for (;;) {
    auto response = impl_->page(kind, options, token, false, {});
    if (!response) return std::unexpected(response.error());
    if (response->status != 200) return std::unexpected(api_error(call, *response));
    bool stopped = false;
    const auto page = walk_page(response->body, [&](std::string_view item) {
      stopped = !sink(item);
      return !stopped;
    });
    if (!page) return fail(page.error().code, page.error().message, call.where);
    ++end.pages;
    end.items += page->items;
    end.resource_version = page->resource_version;
    if (stopped || page->continue_token.empty()) return end;
    if (page->continue_token == token) {
      return fail(ErrorCode::kInvalid, "the server gave the same continue token twice", call.where);
    }
    token = page->continue_token;
  }
}

Result<ListEnd> Client::list(const ResourceKind& kind, const ListOptions& options,
                             const PageSink& sink) const {
  std::vector<Value> items;
  std::optional<base::Error> error;
  // list_raw() does not tell where a page ends; a page is what has gathered when the page size is reached.
  const auto full = static_cast<std::size_t>(std::max(options.page_size, 1));
  bool stopped = false;
  auto end = list_raw(kind, options, [&](std::string_view text) {
    auto item = base::parse_json(text, kind.collection_path(options.ns));
    if (!item) {
      error = std::move(item).error();
      return false;
    }
    fill_type(kind, *item);
    items.push_back(std::move(*item));
    if (items.size() < full) return true;
    stopped = !sink(std::exchange(items, {}));
    return !stopped;
  });
  if (error) return std::unexpected(*error);
  if (end && !stopped && !items.empty()) sink(std::move(items));
  return end;
}

Result<std::vector<Value>> Client::list_all(const ResourceKind& kind, const ListOptions& options) const {
  std::vector<Value> all;
  const auto end = list(kind, options, [&](std::vector<Value>&& items) {
    std::ranges::move(items, std::back_inserter(all));
    return true;
  });
  if (!end) return std::unexpected(end.error());
  return all;
}

Result<Value> Client::create(const ResourceKind& kind, std::string_view ns, const Value& object) const {
  Query query;
  query.add_if("fieldManager", impl_->options.field_manager);
  Request request = impl_->request("POST", kind.collection_path(ns) + query.text());
  request.content_type = "application/json";
  request.body = base::write_json(object);
  const ApiCall call = api_call("create", kind, {}, request);
  if (kind.namespaced && ns.empty()) {
    return fail(ErrorCode::kInvalid, "the object to create has no namespace", call.where);
  }
  return impl_->exchange_object(call, request);
}

Result<Value> Client::replace(const ResourceKind& kind, const Value& object,
                              std::string_view subresource) const {
  const ObjectRef ref = reference_to(object);
  Query query;
  query.add_if("fieldManager", impl_->options.field_manager);
  Request request = impl_->request("PUT", kind.object_path(ref.ns, ref.name, subresource) + query.text());
  request.content_type = "application/json";
  request.body = base::write_json(object);
  const ApiCall call = api_call("update", kind, subresource, request);
  if (auto error = unnamed(call, kind, ref.ns, ref.name)) return std::unexpected(*error);
  return impl_->exchange_object(call, request);
}

Result<Value> Client::patch(const ResourceKind& kind, std::string_view ns, std::string_view name,
                            const Value& body, const PatchOptions& options) const {
  Query query;
  query.add_if("fieldManager",
               options.field_manager.empty() ? impl_->options.field_manager : options.field_manager);
  if (options.type == PatchType::kApply && options.force) query.add("force", "true");
  Request request = impl_->request("PATCH", kind.object_path(ns, name, options.subresource) + query.text());
  // JSON is YAML, and the older servers know apply only by this name.
  request.content_type =
      options.type == PatchType::kApply ? "application/apply-patch+yaml" : "application/merge-patch+json";
  request.body = base::write_json(body);
  const ApiCall call = api_call("patch", kind, options.subresource, request);
  if (auto error = unnamed(call, kind, ns, name)) return std::unexpected(*error);
  return impl_->exchange_object(call, request);
}

Result<void> Client::remove(const ResourceKind& kind, std::string_view ns, std::string_view name,
                            const RemoveOptions& options) const {
  Value body = Value::map();
  body.set("kind", "DeleteOptions");
  body.set("apiVersion", "v1");
  body.set("propagationPolicy", propagation(options.propagation));
  if (options.grace_seconds) body.set("gracePeriodSeconds", *options.grace_seconds);
  if (!options.uid.empty()) {
    Value preconditions = Value::map();
    preconditions.set("uid", options.uid);
    body.set("preconditions", std::move(preconditions));
  }
  Request request = impl_->request("DELETE", kind.object_path(ns, name));
  request.content_type = "application/json";
  request.body = base::write_json(body);
  const ApiCall call = api_call("delete", kind, {}, request);
  if (auto error = unnamed(call, kind, ns, name)) return std::unexpected(*error);
  const auto response = impl_->exchange(call, request);
  if (!response) return std::unexpected(response.error());
  return {};
}

Result<PodLog> Client::pod_log(std::string_view ns, std::string_view pod, const LogOptions& options) const {
  Query query;
  query.add_if("container", options.container);
  if (options.previous) query.add("previous", "true");
  query.add("limitBytes", std::to_string(options.max_bytes + 1));
  Request request = impl_->request("GET", kPod.object_path(ns, pod, "log") + query.text());
  request.accept = "*/*";
  request.max_reply_bytes = options.max_bytes + (64U << 10);  // a kubelet may end on a line
  const ApiCall call = api_call("get", kPod, "log", request);
  if (auto error = unnamed(call, kPod, ns, pod)) return std::unexpected(*error);
  auto response = impl_->exchange(call, request);
  if (!response) return std::unexpected(response.error());
  PodLog log{std::move(response->body), false};
  if (log.text.size() > options.max_bytes) {
    log.text.resize(options.max_bytes);
    log.cut = true;
  }
  return log;
}

Result<ServerVersion> Client::version() const {
  const Request request = impl_->request("GET", "/version");
  ApiCall call;
  call.where = "GET /version";
  const auto reply = impl_->exchange_object(call, request);
  if (!reply) return std::unexpected(reply.error());
  return ServerVersion{leading_number((*reply)["major"].as_string()),
                       leading_number((*reply)["minor"].as_string()), (*reply)["gitVersion"].as_string()};
}

Result<bool> Client::is_served(const ResourceKind& kind) const {
  const std::string path = (kind.group.empty() ? "/api/" : "/apis/") + kind.api_version();
  const Request request = impl_->request("GET", path);
  ApiCall call;
  call.where = "GET " + path;
  const auto reply = impl_->exchange_object(call, request);
  if (!reply) {
    if (reply.error().code == ErrorCode::kNotFound) return false;
    return std::unexpected(reply.error());
  }
  return std::ranges::any_of((*reply)["resources"].items(),
                             [&](const Value& entry) { return entry["name"].as_string() == kind.plural; });
}

Result<Response> Client::page(const ResourceKind& kind, const ListOptions& options, std::string_view token,
                              std::stop_token stop) const {
  return impl_->page(kind, options, token, true, stop);
}

Result<StreamEnd> Client::watch(const ResourceKind& kind, const WatchOptions& options, const FrameSink& sink,
                                std::stop_token stop) const {
  Query query = selectors(options.label_selector, options.field_selector);
  query.add("watch", "true");
  query.add("allowWatchBookmarks", "true");
  query.add("resourceVersion", options.resource_version);
  query.add("timeoutSeconds", std::to_string(options.server_timeout.count()));
  Request request = impl_->request("GET", kind.collection_path(options.ns) + query.text());
  request.timeout = options.silence;
  const ApiCall call = api_call("watch", kind, {}, request);

  FrameSplitter splitter(impl_->options.max_frame_bytes);
  std::optional<base::Error> bad_frame;
  const auto line = [&](std::string_view text) {
    auto frame = parse_watch_frame(text);
    if (frame) return sink(std::move(*frame));
    bad_frame = std::move(frame).error();
    return false;
  };
  auto end = impl_->retrier.stream(
      call, request,
      [&](std::string_view chunk) {
        const auto go_on = splitter.push(chunk, line);
        if (!go_on) bad_frame = go_on.error();
        return go_on.value_or(false);
      },
      std::move(stop));
  if (bad_frame) return fail(bad_frame->code, bad_frame->message, call.where);
  if (!end) return fail(end.error().code, end.error().message, call.where);
  if (end->reason == StreamEnd::Reason::kEnded && splitter.mid_frame()) {
    return fail(ErrorCode::kCorrupt, "the watch stream was cut in the middle of a frame", call.where);
  }
  return end;
}

}  // namespace baseline::kube
