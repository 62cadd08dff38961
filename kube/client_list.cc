#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#include "base/json.h"
#include "base/time.h"
#include "kube/client_impl.h"
#include "kube/protobuf_page.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using base::Value;

Query selectors(const std::string& label_selector, const std::string& field_selector) {
  Query query;
  query.add_if("labelSelector", label_selector);
  query.add_if("fieldSelector", field_selector);
  return query;
}

std::string page_path(const ResourceKind& kind, const ListOptions& options, int page_size,
                      std::string_view token) {
  Query query = selectors(options.label_selector, options.field_selector);
  query.add("limit", std::to_string(page_size));
  query.add_if("continue", token);
  return kind.collection_path(options.ns) + query.text();
}

// Expired pages in succession after which a list is given up: the server drops its history faster than it can
// be read.
constexpr int kMostExpired = 5;

// A page of several objects: twice what pods of a usual size take. Beyond it the page is broken off and asked
// for again with fewer objects, so that large objects cost more requests and not more memory.
constexpr std::size_t kLargestPage = 8U << 20;
// A page of one object. etcd takes 1.5 MiB of it by default, which JSON may write eight times as long.
constexpr std::size_t kLargestObject = 16U << 20;

// Of a list in all, far beyond the largest cluster: a server whose pages never end gives no list.
constexpr std::size_t kMostItems = 5'000'000;
constexpr int kMostPages = 200'000;
constexpr std::chrono::minutes kLongestList{15};

class Bounds {
 public:
  explicit Bounds(const base::Clock* clock)
      : clock_(clock ? *clock : system_), end_(clock_.steady() + kLongestList) {}
  bool exceeded(const ListEnd& so_far) const {
    return so_far.items > kMostItems || so_far.pages >= kMostPages || clock_.steady() > end_;
  }

 private:
  const base::SystemClock system_;
  const base::Clock& clock_;
  const std::chrono::steady_clock::time_point end_;
};

constexpr std::string_view kAcceptProtobuf = "application/vnd.kubernetes.protobuf,application/json";

Result<Page> walk(std::string& body, const Client::EncodedItemSink& sink) {
  if (is_protobuf(body)) {
    return walk_protobuf_page(body, [&](std::string_view item) { return sink(item, Encoding::kProtobuf); });
  }
  return walk_page(body, [&](std::string_view item) { return sink(item, Encoding::kJson); });
}

// The token by which a server that has forgotten the state of a list lets it go on in the present one.
std::string offered_token(const Response& response) {
  const auto status = base::parse_json(response.body, "");
  return status ? (*status)["metadata"]["continue"].as_string() : std::string();
}

}  // namespace

Result<Response> Client::Impl::page(const ResourceKind& kind, const ListOptions& list, std::string_view token,
                                    bool once, const std::stop_token& stop, std::string_view accept,
                                    int& size) const {
  for (;; size /= 2) {
    Request ask = request("GET", page_path(kind, list, size, token));
    ask.max_reply_bytes = std::min(ask.max_reply_bytes, size > 1 ? kLargestPage : kLargestObject);
    if (stop.stop_possible()) ask.stop = stop;
    ask.accept = accept;
    const ApiCall call = api_call("list", kind, {}, ask);
    auto response = once ? retrier.send_once(call, ask) : retrier.send(call, ask);
    if (response) {
      if (response->status != 200 && is_protobuf(response->body)) {
        response->body = status_from_protobuf(response->body);
      }
      return response;
    }
    if (response.error().code != ErrorCode::kLimit || size == 1) {
      return std::unexpected(transport_error(call, std::move(response).error()));
    }
  }
}

Result<ListEnd> Client::Impl::pages(const ResourceKind& kind, const ListOptions& list,
                                    std::string_view accept, const EncodedItemSink& sink) const {
  const ApiCall call = api_call("list", kind, {}, request("GET", kind.collection_path(list.ns)));
  const Bounds bounds(options.clock);
  ListEnd end;
  std::string token;
  int expired = 0;
  const int wanted = std::max(list.page_size, 1);
  int size = wanted;
  for (;;) {
    auto response = page(kind, list, token, false, {}, accept, size);
    if (!response) return std::unexpected(response.error());
    if (response->status == 410 && !token.empty() && list.begin_again && ++expired <= kMostExpired) {
      token = offered_token(*response);
      if (!token.empty() || list.begin_again()) continue;
    }
    if (response->status != 200) return std::unexpected(api_error(call, *response));
    bool stopped = false;
    const auto walked = walk(response->body, [&](std::string_view item, Encoding encoding) {
      stopped = !sink(item, encoding);
      return !stopped;
    });
    if (!walked) return fail(walked.error().code, walked.error().message, call.where);
    expired = 0;
    ++end.pages;
    end.items += walked->items;
    end.resource_version = walked->resource_version;
    if (stopped || walked->continue_token.empty()) return end;
    if (walked->continue_token == token) {
      return fail(ErrorCode::kInvalid, "the server gave the same continue token twice", call.where);
    }
    if (bounds.exceeded(end)) {
      return fail(ErrorCode::kLimit,
                  fmt::format("the list has no end: {} pages and {} objects came", end.pages, end.items),
                  call.where);
    }
    token = walked->continue_token;
    if (response->body.size() < kLargestPage / 4) size = std::min(size * 2, wanted);
  }
}

Result<ListEnd> Client::list_raw(const ResourceKind& kind, const ListOptions& options,
                                 const RawItemSink& sink) const {
  return impl_->pages(kind, options, kAcceptJson,
                      [&](std::string_view item, Encoding) { return sink(item); });
}

Result<ListEnd> Client::list_encoded(const ResourceKind& kind, const ListOptions& options,
                                     const EncodedItemSink& sink) const {
  return impl_->pages(kind, options, kAcceptProtobuf, sink);
}

Result<ListEnd> Client::list(const ResourceKind& kind, const ListOptions& options,
                             const PageSink& sink) const {
  std::vector<Value> items;
  std::optional<base::Error> error;
  // list_raw() does not tell where a page ends; a page is what has gathered when the page size is reached.
  const auto full = static_cast<std::size_t>(std::max(options.page_size, 1));
  bool stopped = false;
  auto end = list_raw(kind, options, [&](std::string_view text) {
    auto item = base::parse_json(text, kind.collection_path(options.ns));
    if (!item) {
      error = std::move(item).error();
      return false;
    }
    fill_type(kind, *item);
    items.push_back(std::move(*item));
    if (items.size() < full) return true;
    stopped = !sink(std::exchange(items, {}));
    return !stopped;
  });
  if (error) return std::unexpected(*error);
  if (end && !stopped && !items.empty()) sink(std::move(items));
  return end;
}

Result<std::vector<Value>> Client::list_all(const ResourceKind& kind, const ListOptions& options) const {
  std::vector<Value> all;
  const auto end = list(kind, options, [&](std::vector<Value>&& items) {
    std::ranges::move(items, std::back_inserter(all));
    return true;
  });
  if (!end) return std::unexpected(end.error());
  return all;
}

Result<Response> Client::page(const ResourceKind& kind, const ListOptions& options, std::string_view token,
                              const std::stop_token& stop) const {
  int size = std::max(options.page_size, 1);
  return impl_->page(kind, options, token, true, stop, kAcceptJson, size);
}

Result<StreamEnd> Client::watch(const ResourceKind& kind, const WatchOptions& options, const FrameSink& sink,
                                std::stop_token stop) const {
  Query query = selectors(options.label_selector, options.field_selector);
  query.add("watch", "true");
  query.add("allowWatchBookmarks", "true");
  query.add("resourceVersion", options.resource_version);
  query.add("timeoutSeconds", std::to_string(options.server_timeout.count()));
  Request request = impl_->request("GET", kind.collection_path(options.ns) + query.text());
  request.timeout = options.silence;
  const ApiCall call = api_call("watch", kind, {}, request);

  FrameSplitter splitter(impl_->options.max_frame_bytes);
  std::optional<base::Error> bad_frame;
  const auto line = [&](std::string_view text) {
    auto frame = parse_watch_frame(text);
    if (frame) return sink(std::move(*frame));
    bad_frame = std::move(frame).error();
    return false;
  };
  auto end = impl_->retrier.stream(
      call, request,
      [&](std::string_view chunk) {
        const auto go_on = splitter.push(chunk, line);
        if (!go_on) bad_frame = go_on.error();
        return go_on.value_or(false);
      },
      std::move(stop));
  if (bad_frame) return fail(bad_frame->code, bad_frame->message, call.where);
  if (!end) return fail(end.error().code, end.error().message, call.where);
  if (end->reason == StreamEnd::Reason::kEnded && splitter.mid_frame()) {
    return fail(ErrorCode::kCorrupt, "the watch stream was cut in the middle of a frame", call.where);
  }
  return end;
}

}  // namespace baseline::kube
