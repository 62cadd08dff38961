#include "kube/fake_route.h"

#include <algorithm>
#include <vector>

#include "kube/selectors.h"

namespace baseline::kube::testing {
namespace {

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> parts;
  std::size_t begin = 1;
  while (begin <= path.size()) {
    const auto end = std::min(path.find('/', begin), path.size());
    parts.push_back(url_unescape(path.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

// Fills ns, name and subresource from what follows group and version; false if it is not this kind's.
bool read_rest(const ResourceKind& kind, const std::vector<std::string>& parts, std::size_t at,
               Route& route) {
  const bool has_namespace =
      kind.namespaced && at + 2 < parts.size() && parts[at] == "namespaces" && parts[at + 2] == kind.plural;
  if (has_namespace) {
    route.ns = parts[at + 1];
    at += 2;
  }
  if (at >= parts.size() || parts[at] != kind.plural || parts.size() > at + 3) return false;
  if (kind.namespaced && !has_namespace && parts.size() > at + 1) return false;
  if (parts.size() > at + 1) route.name = parts[at + 1];
  if (parts.size() > at + 2) route.subresource = parts[at + 2];
  // "/api/v1/namespaces/x/events" is no subresource of the namespace.
  return kind != kNamespace || route.subresource.empty() || route.subresource == "status";
}

}  // namespace

std::string Route::query_value(std::string_view key) const {
  const auto found = query.find(key);
  return found == query.end() ? "" : found->second;
}

std::map<std::string, std::string, std::less<>> parse_query(std::string_view path_and_query) {
  std::map<std::string, std::string, std::less<>> out;
  auto begin = path_and_query.find('?');
  while (begin != std::string_view::npos) {
    const auto end = path_and_query.find('&', begin + 1);
    const std::string_view pair =
        path_and_query.substr(begin + 1, end == std::string_view::npos ? end : end - begin - 1);
    const auto equals = pair.find('=');
    out[url_unescape(pair.substr(0, equals))] =
        equals == std::string_view::npos ? "" : url_unescape(pair.substr(equals + 1));
    begin = end;
  }
  return out;
}

std::optional<Route> find_route(const std::deque<ResourceKind>& kinds, std::string_view path_and_query) {
  const auto parts = segments(path_and_query.substr(0, path_and_query.find('?')));
  for (const ResourceKind& kind : kinds) {
    const bool core = kind.group.empty();
    const std::size_t at = core ? 2 : 3;
    if (parts.size() <= at || parts[0] != (core ? "api" : "apis") || parts[at - 1] != kind.version) continue;
    if (!core && parts[1] != kind.group) continue;
    Route route;
    if (!read_rest(kind, parts, at, route)) continue;
    route.kind = &kind;
    route.query = parse_query(path_and_query);
    return route;
  }
  return std::nullopt;
}

}  // namespace baseline::kube::testing
