#pragma once

#include <cstdint>
#include <string>

// The least of an HTTP client, for the probe server's tests.
namespace baseline::op::testing {

// A port of the loopback address that nobody listens on just now.
std::uint16_t free_port();
// The whole reply to "<method> <target> HTTP/1.1"; empty when there is no connection.
std::string http(std::uint16_t port, const std::string& method, const std::string& target);

}  // namespace baseline::op::testing
