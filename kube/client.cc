#include "kube/client.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "kube/api_error.h"
#include "kube/client_impl.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using base::Value;

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

int leading_number(std::string_view text) {
  int number = 0;
  for (const char c : text.substr(0, 6)) {
    if (c < '0' || c > '9') break;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

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
  const auto served = resources(kind.api_version());
  if (!served) return std::unexpected(served.error());
  return std::ranges::find(*served, kind.plural) != served->end();
}

Result<std::vector<ApiGroup>> Client::groups() const {
  const Request request = impl_->discovery("/apis");
  ApiCall call;
  call.where = "GET /apis";
  const auto reply = impl_->exchange_object(call, request);
  if (!reply) return std::unexpected(reply.error());
  std::vector<ApiGroup> out;
  for (const Value& group : (*reply)["groups"].items()) {
    ApiGroup& one = out.emplace_back(ApiGroup{group["name"].as_string(), {}});
    for (const Value& version : group["versions"].items()) {
      one.versions.push_back(version["version"].as_string());
    }
  }
  return out;
}

Result<std::vector<std::string>> Client::resources(std::string_view api_version) const {
  const auto resources = api_resources(api_version);
  if (!resources) return std::unexpected(resources.error());
  std::vector<std::string> names;
  for (const ApiResource& one : *resources) names.push_back(one.name);
  return names;
}

Result<std::vector<ApiResource>> Client::api_resources(std::string_view api_version) const {
  const bool core = api_version.find('/') == std::string_view::npos;
  const std::string path = fmt::format("{}{}", core ? "/api/" : "/apis/", api_version);
  const Request request = impl_->discovery(path);
  ApiCall call;
  call.where = "GET " + path;
  const auto reply = impl_->exchange_object(call, request);
  std::vector<ApiResource> out;
  if (!reply) {
    if (reply.error().code == ErrorCode::kNotFound) return out;
    return std::unexpected(reply.error());
  }
  for (const Value& entry : (*reply)["resources"].items()) {
    const std::string& name = entry["name"].as_string();
    if (name.contains('/')) continue;
    out.push_back({name, entry["kind"].as_string(), entry["namespaced"].as_bool()});
  }
  return out;
}

}  // namespace baseline::kube
