#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace baseline::kube::testing {

// A certificate for `name` signed by itself, with its key, both PEM.
struct SelfSigned {
  std::string certificate;
  std::string key;
};
SelfSigned make_self_signed(const std::string& name);

// A real socket on 127.0.0.1 that reads one request after the other and answers as the test says; with TLS
// when given a certificate.
class TinyHttpServer {
 public:
  enum class Then { kKeepOpen, kClose, kHang };  // kHang: says nothing more until the server ends
  struct Answer {
    std::string bytes;
    Then then = Then::kKeepOpen;
  };
  using Handler = std::function<Answer(const std::string& request)>;  // head and body as they came

  explicit TinyHttpServer(Handler handler, const SelfSigned* identity = nullptr);
  ~TinyHttpServer();
  TinyHttpServer(const TinyHttpServer&) = delete;
  TinyHttpServer& operator=(const TinyHttpServer&) = delete;

  std::uint16_t port() const;
  int connections() const;
  std::vector<std::string> requests() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// "HTTP/1.1 <status line>" with a body and its length.
std::string http_reply(const std::string& status, const std::string& body,
                       const std::string& more_headers = {});
// One chunk of a chunked body; an empty one ends it.
std::string http_chunk(const std::string& bytes);

}  // namespace baseline::kube::testing
