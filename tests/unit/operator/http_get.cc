#include "http_get.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace baseline::op::testing {
namespace {

constexpr timeval kPatience{60, 0};

sockaddr_in address_of(std::string_view ip, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, std::string(ip).c_str(), &address.sin_addr);
  return address;
}

// sockaddr_in as the calls want it.
template <typename Call>
auto with_address(sockaddr_in& address, const Call& call) {
  sockaddr generic{};
  static_assert(sizeof(generic) == sizeof(address));
  std::memcpy(&generic, &address, sizeof(address));
  const auto result = call(&generic, static_cast<socklen_t>(sizeof(generic)));
  std::memcpy(&address, &generic, sizeof(address));
  return result;
}

}  // namespace

std::uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = address_of("127.0.0.1", 0);
  with_address(address, [&](sockaddr* a, socklen_t size) { return bind(fd, a, size); });
  with_address(address, [&](sockaddr* a, socklen_t size) { return getsockname(fd, a, &size); });
  close(fd);
  return ntohs(address.sin_port);
}

Peer::Peer(std::uint16_t port, std::string_view source)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  sockaddr_in from = address_of(source, 0);
  sockaddr_in to = address_of("127.0.0.1", port);
  if (with_address(from, [&](sockaddr* a, socklen_t size) { return bind(fd_, a, size); }) == 0 &&
      with_address(to, [&](sockaddr* a, socklen_t size) { return connect(fd_, a, size); }) == 0)
    return;
  close(fd_);
  fd_ = -1;
}

Peer::~Peer() {
  if (fd_ >= 0) close(fd_);
}

Peer::Peer(Peer&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

bool Peer::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void Peer::end_sending() const {
  shutdown(fd_, SHUT_WR);
}

void Peer::reset() {
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(std::exchange(fd_, -1));
}

std::optional<std::string> Peer::rest() const {
  std::string all;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t n = recv(fd_, buffer.data(), buffer.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::nullopt;
    if (n <= 0) return all;  // closed, or reset
    all.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

bool Peer::is_closed() const {
  char byte = 0;
  const ssize_t n = recv(fd_, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

std::string http(std::uint16_t port, const std::string& method, const std::string& target) {
  const Peer peer(port);
  if (!peer.connected()) return {};
  peer.send(method + " " + target +
            " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  return peer.rest().value_or("");
}

}  // namespace baseline::op::testing
