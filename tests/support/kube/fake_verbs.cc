#include "kube/fake_verbs.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "kube/selectors.h"

namespace baseline::kube::testing {
namespace {

using base::Value;

Response reply(int status, const Value& body) {
  return {status, base::write_json(body), {}};
}

std::string_view reason_of(int status) {
  switch (status) {
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 409:
      return "Conflict";
    case 410:
      return "Expired";
    case 422:
      return "Invalid";
    case 429:
      return "TooManyRequests";
    default:
      return "InternalError";
  }
}

Response not_found(const ResourceKind& kind, std::string_view name) {
  return failure(404, "NotFound", fmt::format("{} \"{}\" not found", kind.resource_name(), name));
}

Response conflict(const ResourceKind& kind, std::string_view name) {
  return failure(409, "Conflict",
                 fmt::format("Operation cannot be fulfilled on {} \"{}\": the object has been modified",
                             kind.resource_name(), name));
}

// RFC 1123 subdomain.
bool is_object_name(std::string_view name) {
  const auto is_alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 253 && is_alnum(name.front()) && is_alnum(name.back()) &&
         std::ranges::all_of(name, [&](char c) { return is_alnum(c) || c == '-' || c == '.'; });
}

void set_member(Value& object, std::string_view key, const Value& value) {
  if (value.is_null()) {
    object.erase(key);
  } else {
    object.set(key, value);
  }
}

// With a token by which the list goes on in the present state, unless that is empty.
Response expired(const std::string& token) {
  Value status(Value::Map{{"kind", "Status"},
                          {"apiVersion", "v1"},
                          {"status", "Failure"},
                          {"message", "The provided continue parameter is too old"},
                          {"reason", "Expired"},
                          {"code", 410}});
  if (!token.empty()) status.set("metadata", Value(Value::Map{{"continue", token}}));
  return reply(410, status);
}

// A plain write leaves the status, a write to the status leaves all else.
Value split_by_subresource(const Value& present, Value written, bool to_status) {
  if (!to_status) {
    set_member(written, "status", present["status"]);
    return written;
  }
  Value out = present;
  set_member(out, "status", written["status"]);
  return out;
}

bool is_stale(const Value& written, const Value& present) {
  const std::string& version = written["metadata"]["resourceVersion"].as_string();
  return !version.empty() && version != present["metadata"]["resourceVersion"].as_string();
}

// The same name, but not the object that was meant.
bool is_another(const Value& written, const Value& present) {
  const std::string& uid = written["metadata"]["uid"].as_string();
  return !uid.empty() && uid != present["metadata"]["uid"].as_string();
}

}  // namespace

Response failure(int code, std::string_view reason, std::string_view message) {
  return reply(code, Value(Value::Map{{"kind", "Status"},
                                      {"apiVersion", "v1"},
                                      {"status", "Failure"},
                                      {"message", message},
                                      {"reason", reason},
                                      {"code", code}}));
}

Response failure(int code, std::string_view message) {
  return failure(code, reason_of(code), message);
}

bool is_selected(const Route& route, const Value& object) {
  return (route.ns.empty() || object["metadata"]["namespace"].as_string() == route.ns) &&
         matches_labels(route.query_value("labelSelector"), object) &&
         matches_fields(route.query_value("fieldSelector"), object);
}

bool FakeVerbs::has_status(const ResourceKind& kind) const {
  return std::ranges::find(kinds_with_status, kind) != kinds_with_status.end();
}

Response FakeVerbs::handle(const Request& request, Written& written) {
  if (request.path_and_query == "/version") {
    return reply(200, Value(Value::Map{{"major", "1"}, {"minor", "36"}, {"gitVersion", "v1.36.1"}}));
  }
  const auto route = find_route(kinds, request.path_and_query);
  if (!route) return discovery(request.path_and_query);
  if (request.method == "GET") return route->name.empty() ? list(*route) : get(*route);
  if (request.method == "DELETE") return remove(*route, request, written);
  auto body = base::parse_json(request.body, "body");
  if (!body || !body->is_map()) return failure(400, "BadRequest", "the body is no object");
  if (request.method == "POST" && route->name.empty()) return create(*route, std::move(*body), written);
  if (request.method == "PUT" && !route->name.empty()) return replace(*route, std::move(*body), written);
  if (request.method == "PATCH" && !route->name.empty()) return patch(*route, request, *body, written);
  return failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
}

// Every group once, with its versions in the order in which they were served.
Response FakeVerbs::groups() const {
  Value::Map versions;
  for (const ResourceKind& kind : kinds) {
    if (kind.group.empty()) continue;
    auto group = std::ranges::find(versions, kind.group, &Value::Member::first);
    if (group == versions.end()) group = versions.insert(group, {std::string(kind.group), Value::list()});
    const Value version(Value::Map{{"groupVersion", kind.api_version()}, {"version", kind.version}});
    if (std::ranges::find(group->second.items(), version) == group->second.items().end()) {
      group->second.push_back(version);
    }
  }
  Value list = Value::list();
  for (const auto& [name, of] : versions) list.push_back(Value(Value::Map{{"name", name}, {"versions", of}}));
  return reply(200, Value(Value::Map{{"kind", "APIGroupList"}, {"groups", std::move(list)}}));
}

Response FakeVerbs::discovery(std::string_view path) const {
  if (path == "/apis") return groups();
  Value resources = Value::list();
  for (const ResourceKind& kind : kinds) {
    if (path != (kind.group.empty() ? "/api/" : "/apis/") + kind.api_version()) continue;
    resources.push_back(
        Value(Value::Map{{"name", kind.plural}, {"kind", kind.kind}, {"namespaced", kind.namespaced}}));
  }
  if (resources.items().empty()) return {404, "404 page not found\n", {}};
  return reply(200, Value(Value::Map{{"kind", "APIResourceList"}, {"resources", std::move(resources)}}));
}

Response FakeVerbs::get(const Route& route) const {
  const Value* object = objects.find(*route.kind, object_key(route.ns, route.name));
  if (object == nullptr) return not_found(*route.kind, route.name);
  if (route.subresource != "log") return reply(200, *object);
  const auto log = logs.find(object_key(route.ns, route.name));
  if (log == logs.end())
    return failure(400, "BadRequest", "container is waiting to start: ContainerCreating");
  const std::string limit = route.query_value("limitBytes");
  return {200, log->second.substr(0, limit.empty() ? std::string::npos : std::stoull(limit)), {}};
}

// A continue token is "<version of the first page>/<last key>".
Response FakeVerbs::list(const Route& route) const {
  const std::string token = route.query_value("continue");
  const std::string limit = route.query_value("limit");
  const std::size_t most = limit.empty() ? std::string::npos : std::stoull(limit);
  std::string version = std::to_string(objects.version());
  std::string after;
  if (!token.empty()) {
    version = token.substr(0, token.find('/'));
    after = token.substr(token.find('/') + 1);
    if (std::stoull(version) < compacted) {
      const std::string offered = offers_tokens ? std::to_string(objects.version()) + "/" + after : "";
      return expired(offered);
    }
  }
  Value items = Value::list();
  std::string last;
  std::string next;
  for (const auto& [key, object] : objects.table(*route.kind)) {
    if ((!token.empty() && key <= after) || !is_selected(route, *object)) continue;
    if (items.items().size() == most) {
      next = version + "/" + last;
      break;
    }
    Value item = *object;
    item.erase("kind");
    item.erase("apiVersion");
    items.push_back(std::move(item));
    last = key;
  }
  Value metadata(Value::Map{{"resourceVersion", version}});
  if (!next.empty()) metadata.set("continue", next);
  return reply(200, Value(Value::Map{{"kind", std::string(route.kind->kind) + "List"},
                                     {"apiVersion", route.kind->api_version()},
                                     {"metadata", std::move(metadata)},
                                     {"items", std::move(items)}}));
}

Response FakeVerbs::create(const Route& route, Value object, Written& written) {
  const ResourceKind& kind = *route.kind;
  Value metadata = object["metadata"].is_map() ? object["metadata"] : Value::map();
  if (kind.namespaced) {
    if (route.ns.empty()) return failure(405, "MethodNotAllowed", "an object of this kind needs a namespace");
    metadata.set("namespace", route.ns);
  }
  if (metadata["name"].as_string().empty() && !metadata["generateName"].as_string().empty()) {
    metadata.set("name", fmt::format("{}{:05}", metadata["generateName"].as_string(), ++last_generated_));
  }
  const std::string name = metadata["name"].as_string();
  if (!is_object_name(name))
    return failure(422, "Invalid", fmt::format("metadata.name: Invalid value: \"{}\"", name));
  if (!metadata["resourceVersion"].is_null()) {
    return failure(400, "BadRequest", "resourceVersion should not be set on objects to be created");
  }
  object.set("metadata", std::move(metadata));
  if (objects.find(kind, object_key(object)) != nullptr) {
    return failure(409, "AlreadyExists", fmt::format("{} \"{}\" already exists", kind.resource_name(), name));
  }
  if (has_status(kind)) object.erase("status");
  return store(201, kind, std::move(object), written);
}

Response FakeVerbs::replace(const Route& route, Value object, Written& written) {
  const ResourceKind& kind = *route.kind;
  const Value* present = objects.find(kind, object_key(route.ns, route.name));
  if (present == nullptr) return not_found(kind, route.name);
  if (object_key(object) != object_key(*present)) {
    return failure(400, "BadRequest", "the name of the object does not match the name on the URL");
  }
  if (is_stale(object, *present)) return conflict(kind, route.name);
  if (has_status(kind))
    object = split_by_subresource(*present, std::move(object), route.subresource == "status");
  return store(200, kind, std::move(object), written);
}

Response FakeVerbs::patch(const Route& route, const Request& request, const Value& body, Written& written) {
  const ResourceKind& kind = *route.kind;
  const bool apply = request.content_type == "application/apply-patch+yaml";
  if (!apply && request.content_type != "application/merge-patch+json") {
    return failure(415, "UnsupportedMediaType", "the body of the request was in an unknown format");
  }
  if (apply && (route.query_value("fieldManager").empty() || body["kind"].as_string() != kind.kind ||
                body["apiVersion"].as_string() != kind.api_version())) {
    return failure(400, "BadRequest", "an apply patch needs fieldManager, apiVersion and kind");
  }
  const Value* present = objects.find(kind, object_key(route.ns, route.name));
  if (present == nullptr) {
    if (!apply || !route.subresource.empty()) return not_found(kind, route.name);
    return create(route, body, written);
  }
  if (is_stale(body, *present) || is_another(body, *present)) return conflict(kind, route.name);
  Value merged = merge_patch(*present, body);
  // All of a status is one manager's: what it does not set any more goes away.
  if (apply && route.subresource == "status") set_member(merged, "status", body["status"]);
  if (has_status(kind))
    merged = split_by_subresource(*present, std::move(merged), route.subresource == "status");
  return store(200, kind, std::move(merged), written);
}

Response FakeVerbs::remove(const Route& route, const Request& request, Written& written) {
  const ResourceKind& kind = *route.kind;
  const std::string key = object_key(route.ns, route.name);
  const Value* present = objects.find(kind, key);
  if (present == nullptr) return not_found(kind, route.name);
  const Value options = base::parse_json(request.body, "body").value_or(Value());
  const std::string& uid = options["preconditions"]["uid"].as_string();
  if (!uid.empty() && uid != (*present)["metadata"]["uid"].as_string()) return conflict(kind, route.name);
  Value last = *present;
  objects.remove(kind, key, options["propagationPolicy"].as_string() == "Orphan");
  written.emplace(kind, last);
  return reply(200, last);
}

Response FakeVerbs::store(int status, const ResourceKind& kind, Value object, Written& written) {
  Value now = objects.store(kind, std::move(object));
  written.emplace(kind, now);
  return reply(status, now);
}

}  // namespace baseline::kube::testing
