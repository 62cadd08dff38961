#include "integration/support/relay.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace baseline::integration {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool hand_on(int from, int to) {
  std::array<char, 16384> buffer{};
  const ssize_t n = recv(from, buffer.data(), buffer.size(), 0);
  for (ssize_t at = 0; at < n;) {
    const ssize_t sent = send(to, buffer.data() + at, static_cast<std::size_t>(n - at), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    at += sent;
  }
  return n > 0;
}

enum class Mode { kOpen, kCut, kSilent };

}  // namespace

struct Relay::Impl {
  std::uint16_t server = 0;
  std::uint16_t port = 0;
  int listener = -1;
  std::atomic<Mode> mode{Mode::kOpen};
  std::atomic<int> era{0};  // connections of an earlier one end
  std::atomic<bool> over{false};
  std::mutex mutex;
  std::list<std::jthread> threads;

  // One connection, until either side ends it or the era does. Looks up often enough for a test.
  void serve(int client) {
    const int mine = era;
    const int upstream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(server);
    if (connect(upstream, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
      while (!over && era == mine) {
        std::array<pollfd, 2> ends{{{client, POLLIN, 0}, {upstream, POLLIN, 0}}};
        const bool silent = mode == Mode::kSilent;
        if (poll(ends.data(), silent ? 0 : ends.size(), 20) <= 0) continue;
        if (ends[0].revents != 0 && !hand_on(client, upstream)) break;
        if (ends[1].revents != 0 && !hand_on(upstream, client)) break;
      }
    }
    close(upstream);
    close(client);
  }

  void accept_all() {
    while (!over) {
      pollfd waiting{listener, POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      if (mode == Mode::kCut) {
        close(client);
        continue;
      }
      const std::scoped_lock lock(mutex);
      threads.emplace_back([this, client] { serve(client); });
    }
  }
};

Relay::Relay(const std::string& port) : impl_(std::make_unique<Impl>()) {
  impl_->server = static_cast<std::uint16_t>(std::stoi(port));
  impl_->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof(address);
  bind(impl_->listener, reinterpret_cast<const sockaddr*>(&address), length);
  listen(impl_->listener, 16);
  getsockname(impl_->listener, reinterpret_cast<sockaddr*>(&address), &length);
  impl_->port = ntohs(address.sin_port);
  const std::scoped_lock lock(impl_->mutex);
  impl_->threads.emplace_back([impl = impl_.get()] { impl->accept_all(); });
}

Relay::~Relay() {
  impl_->over = true;
  impl_->threads.front().join();  // no more are added after this
  impl_->threads.clear();
  close(impl_->listener);
}

std::string Relay::port() const {
  return std::to_string(impl_->port);
}

void Relay::cut() {
  impl_->mode = Mode::kCut;
  ++impl_->era;
}

void Relay::mend() {
  ++impl_->era;
  impl_->mode = Mode::kOpen;
}

void Relay::fall_silent() {
  impl_->mode = Mode::kSilent;
}

}  // namespace baseline::integration
