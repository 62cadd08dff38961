#include "http_get.h"

#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace baseline::op::testing {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
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
  sockaddr_in address = loopback(0);
  with_address(address, [&](sockaddr* a, socklen_t size) { return bind(fd, a, size); });
  with_address(address, [&](sockaddr* a, socklen_t size) { return getsockname(fd, a, &size); });
  close(fd);
  return ntohs(address.sin_port);
}

std::string http(std::uint16_t port, const std::string& method, const std::string& target) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(port);
  std::string reply;
  if (with_address(address, [&](sockaddr* a, socklen_t size) { return connect(fd, a, size); }) == 0) {
    const std::string request =
        method + " " + target +
        " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
      std::array<char, 4096> buffer{};
      for (ssize_t n = 0; (n = recv(fd, buffer.data(), buffer.size(), 0)) > 0;)
        reply.append(buffer.data(), static_cast<std::size_t>(n));
    }
  }
  close(fd);
  return reply;
}

}  // namespace baseline::op::testing
