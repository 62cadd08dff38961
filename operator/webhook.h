#pragma once

#include <map>
#include <optional>
#include <string>

// The address and the body of a notification, by cpprestsdk's URIs and JSON. cpprestsdk stays behind this
// header; its listener, its client and its threads are not used. C++20 only: the library's headers are no
// C++23 to clang.
namespace baseline::op {

struct WebhookAddress {
  std::string origin;  // "https://host:port"
  std::string target;  // path and query; may hold a secret
};

// Nothing for what is no http or https URL with a host, or holds a user name or a fragment.
std::optional<WebhookAddress> parse_webhook_address(const std::string& url);

// What a receiver is told of a finished run: figures, no findings.
struct Notice {
  std::string scan{}, report{};
  std::string cluster_uid{};
  std::string standard{}, profile{};
  std::string finished{};  // RFC 3339
  double score = 0;
  std::map<std::string, int> counts{};  // requirements by status
  int newly_failing = 0;
  int nodes_expected = 0, nodes_reported = 0;
};

std::string notice_json(const Notice& notice);

}  // namespace baseline::op
