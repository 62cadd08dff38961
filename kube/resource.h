#pragma once

#include <string>
#include <string_view>

#include "base/value.h"

namespace baseline::kube {

// One kind of object as the API server serves it.
struct ResourceKind {
  std::string_view group;  // "" for the core group
  std::string_view version;
  std::string_view plural;  // as in the path
  std::string_view kind;
  bool namespaced = true;

  std::string api_version() const;  // "v1", "batch/v1"
  // "/api/v1/namespaces/NS/pods" or, with an empty namespace or a cluster-scoped kind, "/api/v1/pods".
  std::string collection_path(std::string_view ns) const;
  // ".../pods/NAME" and, with a subresource, ".../pods/NAME/log". Names are escaped.
  std::string object_path(std::string_view ns, std::string_view name,
                          std::string_view subresource = {}) const;
  // "jobs.batch", "pods": as messages and RBAC rules name it.
  std::string resource_name() const;

  bool operator==(const ResourceKind&) const = default;
};

inline constexpr ResourceKind kPod{"", "v1", "pods", "Pod", true};
inline constexpr ResourceKind kNode{"", "v1", "nodes", "Node", false};
inline constexpr ResourceKind kNamespace{"", "v1", "namespaces", "Namespace", false};
inline constexpr ResourceKind kEvent{"", "v1", "events", "Event", true};
inline constexpr ResourceKind kJob{"batch", "v1", "jobs", "Job", true};
inline constexpr ResourceKind kLease{"coordination.k8s.io", "v1", "leases", "Lease", true};

// Names one object, as ownerReferences and events do.
struct ObjectRef {
  std::string api_version;
  std::string kind;
  std::string ns;  // empty for cluster-scoped kinds
  std::string name;
  std::string uid;

  bool operator==(const ObjectRef&) const = default;
};

// From an object's apiVersion, kind and metadata; missing parts stay empty.
ObjectRef reference_to(const base::Value& object);

// Gives an object from a list the apiVersion and kind that the server leaves out there.
void fill_type(const ResourceKind& kind, base::Value& object);

// "namespace/name", or "name" without a namespace: the key of stores and work queues.
std::string object_key(std::string_view ns, std::string_view name);
std::string object_key(const base::Value& object);
// The two parts again; the views point into `key`.
struct KeyParts {
  std::string_view ns;
  std::string_view name;
};
KeyParts split_key(std::string_view key);

// RFC 3986: all but unreserved characters as %XX. For path segments and query values.
std::string url_escape(std::string_view text);

}  // namespace baseline::kube
