#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.h"

namespace baseline::kube {

struct Request {
  std::string method = "GET";
  std::string path_and_query;  // "/api/v1/pods?limit=500", already escaped
  std::string content_type;    // of the body; empty without one
  std::string accept = "application/json";
  std::string body;
  // send(): for the whole exchange. stream(): the longest silence, before the reply and between two of its
  // bytes.
  std::chrono::milliseconds timeout{30'000};
  std::size_t max_reply_bytes = 64U << 20;  // send() only; a longer reply is ErrorCode::kLimit
  std::stop_token stop;                     // send() only; ends the exchange with kUnavailable
};

// Any HTTP status is a Response: judging it is the client's business.
struct Response {
  int status = 0;
  std::string body;  // has room for simdjson's padding behind its end when it comes from the curl transport
  std::optional<std::chrono::seconds> retry_after;
};

// How a streamed reply came to its end without a fault.
struct StreamEnd {
  enum class Reason {
    kEnded,    // the server closed the reply in order
    kStopped,  // the sink returned false or a stop was requested
    kSilent,   // nothing came for Request::timeout: take the connection for dead
  };
  Reason reason = Reason::kEnded;
  int status = 0;  // the chunks were handed on only if this is 200; 0 if stopped or silent before the reply
  std::string error_body;  // the reply's body for any other status, cut at 64 KiB
  std::optional<std::chrono::seconds> retry_after;
};

// One API server, as a place to send requests to. Every function is safe to call from any number of threads
// at once. Error codes:
//   kUnavailable  the request did not reach the server (refused, unresolvable, no connection in time)
//   kCorrupt      the connection broke, or timed out, after the request may have been received; for a stream
//   also
//                 "cut in the middle"
//   kLimit        the reply was larger than allowed
//   kForbidden    the server's certificate is not trusted, or it does not accept ours
//   kInvalid      the request or the credentials at hand cannot be sent as they are
class Transport {
 public:
  using Sink = std::function<bool(std::string_view chunk)>;  // false ends the stream

  virtual ~Transport() = default;
  virtual base::Result<Response> send(const Request& request) = 0;
  // Blocks until the stream ends; the sink is called on the calling thread.
  virtual base::Result<StreamEnd> stream(const Request& request, const Sink& sink, std::stop_token stop) = 0;
};

}  // namespace baseline::kube
