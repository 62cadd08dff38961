#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "kube/resource.h"

namespace baseline::kube::testing {

// What a path and query name.
struct Route {
  const ResourceKind* kind = nullptr;
  std::string ns;
  std::string name;         // empty: the collection
  std::string subresource;  // "", "status", "log", …
  std::map<std::string, std::string, std::less<>> query;

  std::string query_value(std::string_view key) const;
};

// Splits "?a=b&c=d" off.
std::map<std::string, std::string, std::less<>> parse_query(std::string_view path_and_query);
// Empty when none of the kinds is served there.
std::optional<Route> find_route(const std::deque<ResourceKind>& kinds, std::string_view path_and_query);

}  // namespace baseline::kube::testing
