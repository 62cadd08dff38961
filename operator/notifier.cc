#include "operator/notifier.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "kube/curl_transport.h"
#include "kube/file_text.h"

namespace baseline::op {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;

constexpr std::size_t kMostWaiting = 32;
constexpr int kAttempts = 3;
constexpr milliseconds kPatience{10'000};
constexpr milliseconds kLongestPause{30'000};
constexpr std::size_t kLongestUrl = 4096;
constexpr std::size_t kLargestReply = 64U << 10;

// The transport's own words name the host.
std::string words(ErrorCode code) {
  switch (code) {
    case ErrorCode::kForbidden:
      return "the receiver's certificate is not trusted; see --notify-ca-file";
    case ErrorCode::kCorrupt:
      return "the connection broke, or no reply came in time";
    case ErrorCode::kLimit:
      return "the reply is too large";
    case ErrorCode::kUnavailable:
      return "the receiver cannot be reached";
    default:
      return "the receiver cannot be called";
  }
}

bool is_worth_another(const base::Result<int>& status) {
  if (!status)
    return status.error().code == ErrorCode::kUnavailable || status.error().code == ErrorCode::kCorrupt;
  return *status == 408 || *status == 429 || *status >= 500;
}

}  // namespace

Notifier::Notifier(NotifierOptions options, const base::Clock& clock, Told told)
    : options_(std::move(options)), clock_(clock), told_(std::move(told)), thread_([this] { run(); }) {}

Notifier::~Notifier() {
  stop_.request_stop();
}

base::Result<WebhookAddress> Notifier::address() const {
  const auto text = kube::read_text_file(options_.url_file, kLongestUrl);
  if (!text) return std::unexpected(text.error());
  const std::string line = text->substr(0, text->find_first_of("\r\n"));
  auto address = parse_webhook_address(line);
  if (address) return *std::move(address);
  return base::fail(ErrorCode::kInvalid, "it holds no URL like https://host/path", options_.url_file);
}

base::Result<void> Notifier::check() const {
  const auto read = address();
  if (!read) return std::unexpected(read.error());
  kube::ClientConfig config;
  config.server = read->origin;
  config.ca.file = options_.ca_file;
  if (kube::make_curl_transport(std::move(config), clock_)) return {};
  return base::fail(
      ErrorCode::kInvalid,
      "its URL must begin with https:// (http:// goes to this machine alone), and --notify-ca-file "
      "must be a PEM file that can be read",
      options_.url_file);
}

void Notifier::send(Notice notice) {
  std::optional<Notice> dropped;
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= kMostWaiting) {
      dropped = std::move(waiting_.front());
      waiting_.pop_front();
    }
    waiting_.push_back(std::move(notice));
  }
  wake_.notify_one();
  if (dropped) told_(Result::kDropped, *dropped, "too many notifications wait");
}

void Notifier::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (!wake_.wait(lock, stop_.get_token(), [this] { return !waiting_.empty(); })) return;
    const Notice notice = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    deliver(notice);
  }
}

// The files are read each time: a Secret may have been changed.
base::Result<int> Notifier::post(const std::string& body, milliseconds& retry_after) const {
  const auto receiver = address();
  if (!receiver) return std::unexpected(receiver.error());
  kube::ClientConfig config;
  config.server = receiver->origin;
  config.ca.file = options_.ca_file;
  const auto transport = kube::make_curl_transport(std::move(config), clock_);
  if (!transport) return base::fail(transport.error().code, words(transport.error().code));
  kube::Request request;
  request.method = "POST";
  request.path_and_query = receiver->target;
  request.content_type = "application/json";
  request.body = body;
  request.timeout = kPatience;
  request.max_reply_bytes = kLargestReply;
  request.stop = stop_.get_token();
  const auto reply = (*transport)->send(request);
  if (!reply) return base::fail(reply.error().code, words(reply.error().code));
  retry_after = reply->retry_after.value_or(std::chrono::seconds(0));
  return reply->status;
}

void Notifier::deliver(const Notice& notice) {
  const std::string body = notice_json(notice);
  std::string reason;
  milliseconds pause = options_.first_pause;
  for (int attempt = 1;; ++attempt, pause *= 4) {
    milliseconds retry_after{0};
    const auto status = post(body, retry_after);
    if (status && *status >= 200 && *status < 300) return told_(Result::kSent, notice, "");
    if (stop_.stop_requested()) return;
    reason =
        status ? fmt::format("the receiver answered with HTTP status {}", *status) : status.error().text();
    if (attempt == kAttempts || !is_worth_another(status)) break;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop_.get_token(), std::clamp(retry_after, pause, std::max(pause, kLongestPause)),
                   [] { return false; });
    if (stop_.stop_requested()) return;
  }
  told_(Result::kFailed, notice, reason);
}

}  // namespace baseline::op
