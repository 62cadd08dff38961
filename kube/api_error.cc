#include "kube/api_error.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;

constexpr std::size_t kLongestMessage = 1024;

struct Status {
  bool from_api = false;  // a Status object, not the words of a proxy or of a missing path
  std::string reason;
  std::string message;
};

// The server's words on one line: they end in logs and conditions.
std::string one_line(std::string_view text) {
  std::string out(text.substr(0, kLongestMessage));
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

Status read_status(const Response& response) {
  const auto value = base::parse_json(response.body, "", 1U << 20);
  if (!value || (*value)["kind"].as_string() != "Status")
    return {false, "", one_line(response.body.substr(0, 200))};
  return {true, (*value)["reason"].as_string(), one_line((*value)["message"].as_string())};
}

std::string said(const Status& status) {
  return status.message.empty() ? "" : fmt::format(" (the server said: {})", status.message);
}

std::string missing_right(const ApiCall& call) {
  return fmt::format("grant this identity the verb \"{}\" on the resource \"{}\" of the API group \"{}\"",
                     call.verb, call.resource, call.group);
}

}  // namespace

std::string ApiCall::qualified_resource() const {
  if (group.empty()) return resource;
  const auto slash = resource.find('/');
  const std::string below = slash == std::string::npos ? "" : resource.substr(slash);
  return resource.substr(0, slash) + "." + group + below;
}

ApiCall api_call(std::string verb, const ResourceKind& kind, std::string_view subresource,
                 const Request& request) {
  ApiCall call;
  call.verb = std::move(verb);
  call.group = kind.group;
  call.resource = kind.plural;
  if (!subresource.empty()) call.resource += "/" + std::string(subresource);
  call.where = request.method + " " + request.path_and_query.substr(0, request.path_and_query.find('?'));
  return call;
}

base::Error api_error(const ApiCall& call, const Response& response) {
  const Status status = read_status(response);
  const std::string resource = call.qualified_resource();
  const auto error = [&](ErrorCode code, std::string message) {
    return base::Error{code, std::move(message), call.where};
  };
  switch (response.status) {
    case 401:
      return error(
          ErrorCode::kForbidden,
          "the API server does not accept these credentials; check that the token or the client certificate "
          "belongs to this cluster and has not expired" +
              said(status));
    case 403:
      if (call.verb.empty())
        return error(ErrorCode::kForbidden, "the API server refuses this" + said(status));
      return error(ErrorCode::kForbidden, fmt::format("not allowed to {} {}; {}{}", call.verb, resource,
                                                      missing_right(call), said(status)));
    case 404:
      if (status.from_api && status.message != "the server could not find the requested resource") {
        return error(ErrorCode::kNotFound, status.message);
      }
      return error(ErrorCode::kNotFound,
                   fmt::format("the API server does not serve {}; is its CustomResourceDefinition installed?",
                               resource));
    case 409:
      // For instance a quota that was being counted: the object was not made, and it does not exist either.
      if (call.verb == "create" && status.reason != "AlreadyExists") {
        return error(ErrorCode::kUnavailable,
                     fmt::format("{} could not be created now{}", resource, said(status)));
      }
      if (call.verb == "create") return error(ErrorCode::kConflict, "it exists already" + said(status));
      return error(ErrorCode::kConflict, "the object is no longer as this request expects" + said(status));
    case 410:
      return error(
          ErrorCode::kUnavailable,
          fmt::format("the list of {} expired while it was read; list it again{}", resource, said(status)));
    case 400:
    case 413:
    case 422:
      return error(ErrorCode::kInvalid, "the API server does not accept the request" + said(status));
    case 429:
      return error(ErrorCode::kUnavailable, "the API server asks for fewer requests (429)" + said(status));
    default:
      break;
  }
  if (response.status >= 500) {
    return error(ErrorCode::kUnavailable,
                 fmt::format("the API server failed with {}{}", response.status, said(status)));
  }
  return error(
      ErrorCode::kInvalid,
      fmt::format("the API server answered {}, which this client does not expect; is the server address that "
                  "of a Kubernetes API server?{}",
                  response.status, said(status)));
}

base::Error transport_error(const ApiCall& call, base::Error error) {
  if (error.code == ErrorCode::kCorrupt) error.code = ErrorCode::kUnavailable;
  error.where = call.where;
  return error;
}

}  // namespace baseline::kube
