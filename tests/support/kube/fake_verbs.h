#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/value.h"
#include "kube/fake_route.h"
#include "kube/object_tables.h"
#include "kube/resource.h"
#include "kube/transport.h"

namespace baseline::kube::testing {

// A reply with a Status object; the second form takes the reason that goes with the code.
Response failure(int code, std::string_view reason, std::string_view message);
Response failure(int code, std::string_view message);

// Whether the namespace and selectors of a list or watch take this object in.
bool is_selected(const Route& route, const base::Value& object);

// What the fake server answers to everything but a watch. Not safe from several threads: the server holds its
// lock.
class FakeVerbs {
 public:
  using Written = std::optional<std::pair<ResourceKind, base::Value>>;  // what a request changed

  Response handle(const Request& request, Written& written);

  // Deques: a Route points to its kind while others are added.
  std::deque<ResourceKind> kinds{kPod, kNode, kNamespace, kEvent, kJob, kLease};
  std::deque<ResourceKind> kinds_with_status{kPod, kNode, kNamespace, kJob};
  ObjectTables objects;
  std::map<std::string, std::string> logs;  // by object_key() of the pod
  std::uint64_t compacted = 0;              // versions before it are forgotten
  bool offers_tokens = false;               // with the 410 of a list, as etcd-backed servers do

 private:
  bool has_status(const ResourceKind& kind) const;
  Response groups() const;
  Response discovery(std::string_view path) const;
  Response get(const Route& route) const;
  Response list(const Route& route) const;
  Response create(const Route& route, base::Value object, Written& written);
  Response replace(const Route& route, base::Value object, Written& written);
  Response patch(const Route& route, const Request& request, const base::Value& body, Written& written);
  Response remove(const Route& route, const Request& request, Written& written);
  Response store(int status, const ResourceKind& kind, base::Value object, Written& written);

  int last_generated_ = 0;
};

}  // namespace baseline::kube::testing
