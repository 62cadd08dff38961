// What the kernel shows in /proc, some of which a process writes itself: command line, environment, name.
#include "node-runner/parse_proc.h"
#include "node-runner/utf8.h"
#include "support.h"

namespace {

using namespace baseline;

void require_utf8(const std::string& text) {
  fuzz::require(runner::to_utf8(text) == text, "what facts hold is UTF-8 without NUL", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  for (const std::string& word : runner::parse_cmdline(text)) require_utf8(word);
  for (const auto& [name, value] : runner::parse_environ(text, "ETCD_")) {
    fuzz::require(name.starts_with("ETCD_"), "only variables that were asked for", name);
    require_utf8(name);
    require_utf8(value);
  }
  runner::parse_start_ticks(text);
  const auto credentials = runner::parse_credentials(text);
  fuzz::require(!credentials || runner::parse_effective_uid(text) == credentials->uid,
                "a process has one user");
  runner::parse_socket_link(text);
  for (const auto& sockets :
       {runner::parse_proc_net_tcp(text, "tcp"), runner::parse_proc_net_tcp(text, "tcp6"),
        runner::parse_proc_net_udp(text, "udp"), runner::parse_proc_net_udp(text, "udp6")}) {
    for (const runner::ListeningSocket& socket : sockets) {
      fuzz::require(socket.port <= 65'535 && !socket.address.empty(), "a socket has a port and an address");
      require_utf8(socket.address);
    }
  }
  return 0;
}
