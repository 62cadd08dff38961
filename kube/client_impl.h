#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/json.h"
#include "kube/api_error.h"
#include "kube/client.h"
#include "kube/retry.h"

namespace baseline::kube {

// The query part of a path, "?a=b&c=d".
class Query {
 public:
  void add(std::string_view key, std::string_view value) {
    text_ += fmt::format("{}{}={}", text_.empty() ? '?' : '&', key, url_escape(value));
  }
  void add_if(std::string_view key, std::string_view value) {
    if (!value.empty()) add(key, value);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

struct Client::Impl {
  Impl(Transport& t, ClientOptions o) : transport(t), options(std::move(o)), retrier(transport, options) {}

  Transport& transport;
  const ClientOptions options;
  const Retrier retrier;

  Request request(std::string method, std::string path) const {
    Request out;
    out.method = std::move(method);
    out.path_and_query = std::move(path);
    out.timeout = options.timeout;
    out.max_reply_bytes = options.max_reply_bytes;
    out.stop = options.stop;
    return out;
  }

  // Of an API group anybody's own server may answer. The largest known has 2,000 kinds in half a MiB.
  Request discovery(std::string path) const {
    constexpr std::size_t kLargest = 4U << 20;
    Request out = request("GET", std::move(path));
    out.max_reply_bytes = std::min(out.max_reply_bytes, kLargest);
    return out;
  }

  // Any 2xx reply, else the error.
  base::Result<Response> exchange(const ApiCall& call, const Request& request) const {
    auto response = retrier.send(call, request);
    if (!response) return std::unexpected(transport_error(call, std::move(response).error()));
    if (response->status < 200 || response->status > 299) return std::unexpected(api_error(call, *response));
    return response;
  }

  base::Result<base::Value> exchange_object(const ApiCall& call, const Request& request) const {
    const auto response = exchange(call, request);
    if (!response) return std::unexpected(response.error());
    auto value = base::parse_json(response->body, call.where);
    if (value && !value->is_map()) {
      return base::fail(base::ErrorCode::kInvalid, "the server's reply is no object", call.where);
    }
    return value;
  }

  // `accept` is the header of that name. A failure comes as JSON whatever was asked for. `size`: of the page,
  // lowered until it fits.
  base::Result<Response> page(const ResourceKind& kind, const ListOptions& list, std::string_view token,
                              bool once, const std::stop_token& stop, std::string_view accept,
                              int& size) const;
  base::Result<ListEnd> pages(const ResourceKind& kind, const ListOptions& list, std::string_view accept,
                              const EncodedItemSink& sink) const;
};

inline constexpr std::string_view kAcceptJson = "application/json";

}  // namespace baseline::kube
