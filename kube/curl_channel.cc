#include "kube/curl_channel.h"

#include <algorithm>
#include <array>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "kube/curl_reply.h"
#include "kube/sigpipe.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr long kProbeAfterSeconds = 30;
constexpr long kProbeEverySeconds = 10;
constexpr int kProbes = 3;
constexpr unsigned kUnacknowledgedMillis = 60'000;

struct EasyDelete {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiDelete {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListDelete {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDelete>;

void append(List& list, const std::string& line) {
  if (curl_slist* longer = curl_slist_append(list.get(), line.c_str())) {
    // curl gives the same list back, or the first entry of a new one.
    if (list.get() != longer) list.reset(longer);
  }
}

// The kernel's own limits find a peer that vanished without a word, on an idle watch as well.
int set_socket_options(void* /*unused*/, curl_socket_t socket, curlsocktype /*purpose*/) {
  setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &kProbes, sizeof kProbes);
  setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnacknowledgedMillis, sizeof kUnacknowledgedMillis);
  return CURL_SOCKOPT_OK;
}

bool can_stand_in_header(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}
bool can_stand_in_request_line(std::string_view text) {
  return text.starts_with('/') && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

struct CurlChannel::Impl {
  Impl(Endpoint e, const CredentialSet& c, ChannelOptions o)
      : endpoint(std::move(e)),
        credentials(c),
        options(std::move(o)),
        multi(curl_multi_init()),
        easy(curl_easy_init()) {}

  const Endpoint endpoint;
  const CredentialSet credentials;
  const ChannelOptions options;
  std::unique_ptr<CURLM, MultiDelete> multi;
  std::unique_ptr<CURL, EasyDelete> easy;  // gone before the multi handle that holds its connection
  std::array<char, CURL_ERROR_SIZE> error_text{};

  template <typename T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(easy.get(), option, value);
  }

  void set_blob(CURLoption option, const std::string& text) {
    if (text.empty()) return;
    // Not copied: `credentials` lives as long as the handle.
    curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
    curl_easy_setopt(easy.get(), option, &blob);
  }

  void prepare_connection() {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_PROTOCOLS_STR, endpoint.tls ? "https" : "http");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_TCP_KEEPIDLE, kProbeAfterSeconds);
    set(CURLOPT_TCP_KEEPINTVL, kProbeEverySeconds);
    set(CURLOPT_SOCKOPTFUNCTION, &set_socket_options);
    set(CURLOPT_USERAGENT, options.user_agent.c_str());
    set(CURLOPT_ERRORBUFFER, error_text.data());
    set(CURLOPT_BUFFERSIZE, 256L << 10);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!credentials.ca_pem.empty()) {
      // Only this authority: not those of the system as well.
      set(CURLOPT_CAINFO, static_cast<char*>(nullptr));
      set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
      set_blob(CURLOPT_CAINFO_BLOB, credentials.ca_pem);
    }
    if (!credentials.certificate_pem.empty()) {
      set(CURLOPT_SSLCERTTYPE, "PEM");
      set(CURLOPT_SSLKEYTYPE, "PEM");
      set_blob(CURLOPT_SSLCERT_BLOB, credentials.certificate_pem);
      set_blob(CURLOPT_SSLKEY_BLOB, credentials.key_pem);
    }
  }

  // With another name to verify, that name stands in the URL and the connection goes to the real host.
  List prepare_url(const Request& request) {
    const bool renamed = endpoint.tls && !endpoint.tls_server_name.empty();
    const std::string authority =
        renamed ? fmt::format("{}:{}", endpoint.tls_server_name, endpoint.port) : endpoint.authority();
    set(CURLOPT_URL, fmt::format("{}://{}{}{}", endpoint.tls ? "https" : "http", authority, endpoint.prefix,
                                 request.path_and_query)
                         .c_str());
    List connect_to;
    if (renamed) append(connect_to, fmt::format("{}:{}", authority, endpoint.authority()));
    set(CURLOPT_CONNECT_TO, connect_to.get());
    return connect_to;
  }

  List prepare_headers(const Request& request, const std::string& token) {
    List headers;
    append(headers, "Accept: " + request.accept);
    append(headers, "Expect:");
    if (!request.content_type.empty()) append(headers, "Content-Type: " + request.content_type);
    if (!token.empty()) append(headers, "Authorization: Bearer " + token);
    set(CURLOPT_HTTPHEADER, headers.get());
    return headers;
  }

  void prepare_method(const Request& request) {
    if (request.method == "GET" && request.body.empty()) {
      set(CURLOPT_HTTPGET, 1L);
      return;
    }
    set(CURLOPT_POST, 1L);
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(CURLOPT_POSTFIELDS, request.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }

  base::Result<ExchangeEnd> run(const Request& request, const std::string& token, const Exchange& exchange,
                                const std::stop_token& stop) {
    if (!easy || !multi) return fail(ErrorCode::kInternal, "libcurl could not be started");
    if (!can_stand_in_request_line(request.path_and_query) || !can_stand_in_header(request.content_type) ||
        !can_stand_in_header(request.accept) || !can_stand_in_header(token) ||
        !can_stand_in_header(request.method)) {
      return fail(ErrorCode::kInvalid,
                  "the request holds characters that cannot stand in a request line or a header");
    }
    curl_easy_reset(easy.get());  // keeps connections and TLS sessions
    prepare_connection();
    const List connect_to = prepare_url(request);
    const List headers = prepare_headers(request, token);
    prepare_method(request);
    CurlReply reply(exchange, easy.get());
    reply.attach();
    if (!exchange.silence)
      set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<milliseconds::rep>(request.timeout.count(), 1)));
    error_text.front() = '\0';

    const SigpipeBlocked no_sigpipe;
    if (curl_multi_add_handle(multi.get(), easy.get()) != CURLM_OK) {
      return fail(ErrorCode::kInternal, "libcurl did not take the request");
    }
    const std::optional<CURLcode> code = drive(exchange, reply, stop);
    auto result = conclude(code, reply, exchange);
    curl_multi_remove_handle(multi.get(), easy.get());
    curl_easy_reset(easy.get());  // nothing may point to what ends with this call
    return result;
  }

  // Until the exchange is done (its code), or stopped or silent (none; `reply.end.reason` tells which).
  std::optional<CURLcode> drive(const Exchange& exchange, CurlReply& reply,
                                const std::stop_token& stop) const {
    CURLM* handle = multi.get();
    const std::stop_callback wake(stop, [handle] { curl_multi_wakeup(handle); });
    for (;;) {
      int running = 0;
      if (curl_multi_perform(handle, &running) != CURLM_OK) return CURLE_FAILED_INIT;
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(handle, &left)) {
        if (message->msg == CURLMSG_DONE) return message->data.result;
      }
      if (stop.stop_requested()) {
        reply.end.reason = StreamEnd::Reason::kStopped;
        return std::nullopt;
      }
      milliseconds wait{1000};
      if (exchange.silence) {
        const auto silent = std::chrono::ceil<milliseconds>(Steady::now() - reply.last_byte);
        if (silent >= *exchange.silence) {
          reply.end.reason = StreamEnd::Reason::kSilent;
          return std::nullopt;
        }
        wait = std::clamp<milliseconds>(*exchange.silence - silent, milliseconds(1), wait);
      }
      curl_multi_poll(handle, nullptr, 0, static_cast<int>(wait.count()), nullptr);
    }
  }

  base::Result<ExchangeEnd> conclude(std::optional<CURLcode> code, CurlReply& reply,
                                     const Exchange& exchange) {
    if (reply.end.status == 0) reply.start();
    if (reply.sink_stopped) reply.end.reason = StreamEnd::Reason::kStopped;
    if (!code || reply.sink_stopped) return std::move(reply.end);
    if (reply.too_large) {
      return fail(ErrorCode::kLimit, fmt::format("the reply is larger than {} bytes", exchange.max_body));
    }
    if (*code != CURLE_OK) return std::unexpected(error(*code));
    if (!reply.is_whole()) {
      return fail(ErrorCode::kCorrupt, fmt::format("the reply of {} has no marked end: it may have been cut",
                                                   endpoint.authority()));
    }
    curl_off_t retry_after = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RETRY_AFTER, &retry_after);
    if (retry_after > 0) reply.end.retry_after = std::chrono::seconds(retry_after);
    return std::move(reply.end);
  }

  base::Error error(CURLcode code) {
    const std::string said = error_text.front() != '\0' ? error_text.data() : curl_easy_strerror(code);
    const std::string server = endpoint.authority();
    switch (code) {
      case CURLE_PEER_FAILED_VERIFICATION:
        return {ErrorCode::kForbidden,
                fmt::format("the certificate of {} is not trusted ({}); check the certificate authority and "
                            "the server name",
                            server, said),
                {}};
      case CURLE_SSL_CERTPROBLEM:
      case CURLE_SSL_CACERT_BADFILE:
      case CURLE_SSL_CIPHER:
        return {ErrorCode::kInvalid,
                fmt::format("the certificates given for {} cannot be used ({})", server, said),
                {}};
      default:
        break;
    }
    // Nothing of the request went out: the server cannot have acted on it.
    long sent = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_REQUEST_SIZE, &sent);
    if (sent == 0) {
      return {ErrorCode::kUnavailable,
              fmt::format("the API server at {} cannot be reached ({})", server, said),
              {}};
    }
    return {ErrorCode::kCorrupt, fmt::format("the connection to {} broke ({})", server, said), {}};
  }
};

CurlChannel::CurlChannel(Endpoint endpoint, const CredentialSet& credentials, ChannelOptions options)
    : impl_(std::make_unique<Impl>(std::move(endpoint), credentials, std::move(options))) {}
CurlChannel::~CurlChannel() = default;

std::uint64_t CurlChannel::tls_generation() const {
  return impl_->credentials.tls_generation;
}

base::Result<ExchangeEnd> CurlChannel::run(const Request& request, const std::string& token,
                                           const Exchange& exchange, const std::stop_token& stop) {
  return impl_->run(request, token, exchange, stop);
}

}  // namespace baseline::kube
