#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "kube/resource.h"
#include "kube/transport.h"

namespace baseline::kube {

// What was asked of the server, in the words of RBAC.
struct ApiCall {
  std::string verb;      // get, list, watch, create, update, patch, delete; empty for /version and discovery
  std::string group;     // "" for the core group
  std::string resource;  // "jobs", "jobs/status"
  std::string where;     // "GET /apis/batch/v1/namespaces/default/jobs/x"

  std::string qualified_resource() const;  // "jobs.batch", "jobs.batch/status"
};

ApiCall api_call(std::string verb, const ResourceKind& kind, std::string_view subresource,
                 const Request& request);

// The error that a reply with a status other than 2xx is; the codes are those promised in client.h.
base::Error api_error(const ApiCall& call, const Response& response);
// An error of the transport with the place filled in; a broken connection becomes kUnavailable.
base::Error transport_error(const ApiCall& call, base::Error error);

}  // namespace baseline::kube
