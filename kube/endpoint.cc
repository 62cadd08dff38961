#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "kube/curl_channel.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

bool is_host(std::string_view host, bool v6) {
  return !host.empty() && std::ranges::all_of(host, [v6](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || (v6 && (c == ':' || c == '%')) || (!v6 && c == '_');
  });
}

bool is_port(std::string_view port) {
  return !port.empty() && port.size() <= 5 &&
         std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

std::string Endpoint::authority() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

base::Result<Endpoint> parse_endpoint(std::string_view server, std::string tls_server_name) {
  const auto bad = [&](std::string_view why) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("the server address \"{:.200}\" {}; write it like https://10.0.0.1:6443", server, why));
  };
  Endpoint out;
  std::string_view rest = server;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    out.tls = false;
    rest.remove_prefix(7);
  } else {
    return bad("does not begin with https://");
  }
  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (slash != std::string_view::npos) out.prefix = rest.substr(slash);
  while (out.prefix.ends_with('/')) out.prefix.pop_back();
  if (!is_visible(out.prefix) || out.prefix.find_first_of("?#") != std::string::npos)
    return bad("has no plain path");
  if (authority.find('@') != std::string_view::npos)
    return bad("holds a user name, which belongs into the user entry");

  const bool v6 = authority.starts_with('[');
  if (v6) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return bad("has an IPv6 address without a closing bracket");
    out.host = authority.substr(1, end - 1);
    authority.remove_prefix(end + 1);
  } else {
    const auto colon = authority.find(':');
    out.host = authority.substr(0, colon);
    authority.remove_prefix(std::min(colon, authority.size()));
  }
  out.port = out.tls ? "443" : "80";
  if (!authority.empty()) out.port = authority.substr(1);
  if (!is_host(out.host, v6) || !is_port(out.port) || (!authority.empty() && authority.front() != ':')) {
    return bad("has no host and port that could be called");
  }
  if (!out.tls && !is_loopback(out.host))
    return bad("is not encrypted, which is only allowed to this machine itself");
  if (!tls_server_name.empty() && !is_host(tls_server_name, false)) {
    return fail(ErrorCode::kInvalid, fmt::format("\"{:.200}\" is no server name for TLS", tls_server_name));
  }
  out.tls_server_name = std::move(tls_server_name);
  return out;
}

}  // namespace baseline::kube
