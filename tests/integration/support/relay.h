#pragma once

#include <memory>
#include <string>

namespace baseline::integration {

// Hands bytes on between clients and a server on this machine until it is cut: a network that a test can
// break.
class Relay {
 public:
  explicit Relay(const std::string& port);  // of the server, on 127.0.0.1
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::string port() const;
  // Ends every connection and takes no more until mend().
  void cut();
  void mend();
  // Connections stay, and nothing goes through them any more, until mend(), which ends them.
  void fall_silent();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::integration
