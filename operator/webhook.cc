#include "operator/webhook.h"

#define _TURN_OFF_PLATFORM_STRING  // else the library defines a macro U
#include <cpprest/base_uri.h>
#include <cpprest/json.h>

namespace baseline::op {

using web::json::value;

namespace {

// web::uri makes something of any text behind the host's colon.
bool has_sound_port(const std::string& url, int port) {
  const std::size_t begin = url.find("//") + 2;
  const std::string authority = url.substr(begin, url.find_first_of("/?", begin) - begin);
  const std::size_t colon = authority.find_last_of(":]");
  if (colon == std::string::npos || authority[colon] == ']') return true;
  return port > 0 && port <= 65535 && authority.substr(colon + 1) == std::to_string(port);
}

}  // namespace

std::optional<WebhookAddress> parse_webhook_address(const std::string& url) {
  // web::uri's constructor throws on what validate() refuses.
  if (!web::uri::validate(url)) return std::nullopt;
  const web::uri uri(url);
  const bool known = uri.scheme() == "https" || uri.scheme() == "http";
  if (!known || uri.host().empty() || !uri.user_info().empty() || !uri.fragment().empty())
    return std::nullopt;
  if (!has_sound_port(url, uri.port())) return std::nullopt;
  WebhookAddress out{.origin = uri.scheme() + "://" + uri.host(), .target = uri.path()};
  if (uri.port() > 0) out.origin += ":" + std::to_string(uri.port());
  if (out.target.empty()) out.target = "/";
  if (!uri.query().empty()) out.target += "?" + uri.query();
  return out;
}

std::string notice_json(const Notice& notice) {
  value counts = value::object();
  for (const auto& [status, count] : notice.counts) counts[status] = value::number(count);
  value nodes = value::object();
  nodes["expected"] = value::number(notice.nodes_expected);
  nodes["reported"] = value::number(notice.nodes_reported);
  value body = value::object(/*keep_order=*/true);
  body["event"] = value::string("ScanCompleted");
  body["scan"] = value::string(notice.scan);
  body["report"] = value::string(notice.report);
  body["clusterUid"] = value::string(notice.cluster_uid);
  body["standard"] = value::string(notice.standard);
  body["profile"] = value::string(notice.profile);
  body["finished"] = value::string(notice.finished);
  body["score"] = value::number(notice.score);
  body["counts"] = counts;
  body["newlyFailing"] = value::number(notice.newly_failing);
  body["nodes"] = nodes;
  return body.serialize();
}

}  // namespace baseline::op
