#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The least of an HTTP client, and peers that behave as no client does.
namespace baseline::op::testing {

// A port of the loopback address that nobody listens on just now.
std::uint16_t free_port();

// One connection to a port of this machine, from an address of 127.0.0.0/8.
class Peer {
 public:
  explicit Peer(std::uint16_t port, std::string_view source = "127.0.0.1");
  ~Peer();
  Peer(Peer&& other) noexcept;
  Peer& operator=(Peer&&) = delete;

  bool connected() const { return fd_ >= 0; }
  // False when the other side has closed.
  bool send(std::string_view bytes) const;
  void end_sending() const;
  // Closes with a reset instead of an orderly end.
  void reset();
  // All that comes until the other side closes; nothing when it has not within a generous time.
  std::optional<std::string> rest() const;
  // Whether the other side closes within that time. What it sends is dropped.
  bool is_closed_in_time() const { return rest().has_value(); }
  // Whether it is closed by now.
  bool is_closed() const;

 private:
  int fd_ = -1;
};

// The whole reply to "<method> <target> HTTP/1.1"; empty when there is no connection or no end of it.
std::string http(std::uint16_t port, const std::string& method, const std::string& target);

}  // namespace baseline::op::testing
