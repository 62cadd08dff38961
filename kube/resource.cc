#include "kube/resource.h"

#include <fmt/format.h>

namespace baseline::kube {
namespace {

constexpr bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

// A path segment "." or ".." would be folded away on the way to the server, and another object would be
// meant.
std::string segment(std::string_view name) {
  if (name == ".") return "%2E";
  if (name == "..") return "%2E%2E";
  return url_escape(name);
}

}  // namespace

std::string url_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

std::string ResourceKind::api_version() const {
  return group.empty() ? std::string(version) : fmt::format("{}/{}", group, version);
}

std::string ResourceKind::collection_path(std::string_view ns) const {
  std::string path =
      group.empty() ? fmt::format("/api/{}", version) : fmt::format("/apis/{}/{}", group, version);
  if (namespaced && !ns.empty()) path += "/namespaces/" + segment(ns);
  return path + "/" + std::string(plural);
}

std::string ResourceKind::object_path(std::string_view ns, std::string_view name,
                                      std::string_view subresource) const {
  std::string path = collection_path(ns) + "/" + segment(name);
  if (!subresource.empty()) path += "/" + segment(subresource);
  return path;
}

std::string ResourceKind::resource_name() const {
  return group.empty() ? std::string(plural) : fmt::format("{}.{}", plural, group);
}

ObjectRef reference_to(const base::Value& object) {
  const base::Value& metadata = object["metadata"];
  return {object["apiVersion"].as_string(), object["kind"].as_string(), metadata["namespace"].as_string(),
          metadata["name"].as_string(), metadata["uid"].as_string()};
}

void fill_type(const ResourceKind& kind, base::Value& object) {
  if (object["apiVersion"].as_string().empty()) object.set("apiVersion", kind.api_version());
  if (object["kind"].as_string().empty()) object.set("kind", kind.kind);
}

std::string object_key(std::string_view ns, std::string_view name) {
  return ns.empty() ? std::string(name) : fmt::format("{}/{}", ns, name);
}

std::string object_key(const base::Value& object) {
  const base::Value& metadata = object["metadata"];
  return object_key(metadata["namespace"].as_string(), metadata["name"].as_string());
}

KeyParts split_key(std::string_view key) {
  const auto slash = key.find('/');
  if (slash == std::string_view::npos) return {{}, key};
  return {key.substr(0, slash), key.substr(slash + 1)};
}

}  // namespace baseline::kube
