#pragma once

#include <chrono>
#include <string_view>

#include <curl/curl.h>

#include "kube/curl_channel.h"

namespace baseline::kube {

// Gathers the reply of one running exchange from curl's callbacks. Lives on the stack of that exchange.
class CurlReply {
 public:
  CurlReply(const Exchange& exchange, CURL* easy);
  CurlReply(const CurlReply&) = delete;
  CurlReply& operator=(const CurlReply&) = delete;

  // Tells the handle to write here.
  void attach();
  // Status and length, once they are known.
  void start();
  // A reply that ends with its connection could have been cut anywhere; the API server sends none.
  bool is_whole() const { return head_ended_ && (has_framing_ || end.status == 204 || end.status == 304); }

  ExchangeEnd end;
  std::chrono::steady_clock::time_point last_byte;
  bool sink_stopped = false;
  bool too_large = false;

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* reply);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* reply);
  bool take(std::string_view bytes);
  void take_header(std::string_view line);

  const Exchange& exchange_;
  CURL* easy_;
  bool head_ended_ = false;   // the empty line after the headers has come
  bool has_framing_ = false;  // a length or chunks tell where the body ends
};

}  // namespace baseline::kube
