// On which ports the containers of a pod really listen (5.7.2.7). They share one network namespace, so a pod
// is looked at as a whole.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "baseline/cluster/runtime_rows.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

using Ports = std::set<std::uint32_t>;

std::set<std::uint32_t> remote_shells(const NodeRow& row) {
  Ports ports;
  for (const std::string& text : row.texts("remote-shell-ports")) {
    std::uint32_t port = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), port).ec == std::errc()) ports.insert(port);
  }
  return ports;
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1";
}

std::string declared_text(const Container& container) {
  std::vector<std::string> out;
  for (const ContainerPort& port : container.ports) {
    out.push_back(std::to_string(port.port) + "/" + port.protocol);
  }
  std::ranges::sort(out);
  return join(out, ", ");
}

// One pod being judged.
class PodPorts {
 public:
  PodPorts(const NodeRow& row, const Pod& pod, const Workload& workload)
      : row_(row), pod_(pod), workload_(workload) {
    for (const Container& container : pod.containers) gather(container);
  }

  void judge(const Ports& remote) const {
    if (pod_.truncated) add("", Status::kError, phrase("workload.truncated"));
    if (host_network_) return each([&](const Container& one) { judge_on_host(one); });
    if (!known_) return each([&](const Container& one) { judge_blind(one); });
    judge_listening(remote);
    each([&](const Container& one) { judge_silent(one); });
  }

 private:
  void gather(const Container& container) {
    for (const ContainerPort& port : container.ports) {
      if (port.protocol == "TCP") declared_.insert(static_cast<std::uint32_t>(std::max(port.port, 0)));
    }
    const facts::Container* fact = row_.node.container(pod_, container.name);
    if (!fact) return;
    if (fact->process_read() && fact->host_network()) host_network_ = true;
    if (!fact->process_read() || !fact->listening_known() || fact->host_network()) return;
    known_ = true;
    for (const facts::Socket& socket : fact->listening()) {
      const bool loopback = is_loopback(socket.address());
      const auto [it, is_new] = listening_.emplace(socket.port(), loopback ? socket.address() : "");
      if (!is_new && !loopback) it->second.clear();
    }
  }

  template <typename Look>
  void each(const Look& look) const {
    for (const Container& container : pod_.containers) look(container);
  }

  void judge_on_host(const Container& container) const {
    const std::string declared = declared_text(container);
    add(container.name, Status::kManual,
        declared.empty() ? phrase("runtime.ports.host-network")
                         : phrase("runtime.ports.host-network-declared", declared));
  }

  void judge_blind(const Container& container) const {
    SpecAnswer answer = spec_listening(pod_, container);
    const facts::Container* fact = row_.node.container(pod_, container.name);
    if (fact) {
      answer = {Status::kError, fact->error().empty() ? phrase("runtime.ports.unread")
                                                      : phrase("runtime.ports.unread-why", fact->error())};
    } else if (row_.node.unknown()) {
      answer = {Status::kError, *row_.node.unknown()};
    }
    add(container.name, answer.status, std::move(answer.actual));
  }

  void judge_listening(const Ports& remote) const {
    // Of several containers nobody can say which one it is that listens.
    const std::string container = pod_.containers.size() == 1 ? pod_.containers.front().name : "";
    std::vector<std::string> shells;
    std::vector<std::string> undeclared;
    for (const auto& [port, address] : listening_) {
      const std::string number = std::to_string(port);
      const bool bare = address.find(':') == std::string::npos;
      const std::string text = address.empty() ? number
                               : bare          ? fmt::format("{}:{}", address, number)
                                               : fmt::format("[{}]:{}", address, number);
      if (remote.contains(port)) {
        shells.push_back(text);
      } else if (!declared_.contains(port)) {
        undeclared.push_back(text);
      }
    }
    if (!shells.empty()) add(container, Status::kFail, phrase("runtime.ports.shell", join(shells, ", ")));
    if (!undeclared.empty()) {
      add(container, Status::kManual, phrase("runtime.ports.undeclared", join(undeclared, ", ")));
    }
  }

  void judge_silent(const Container& container) const {
    std::set<std::string> silent;
    for (const ContainerPort& port : container.ports) {
      const auto number = static_cast<std::uint32_t>(std::max(port.port, 0));
      if (port.protocol == "TCP" && !listening_.contains(number)) silent.insert(std::to_string(number));
    }
    if (!silent.empty()) {
      add(container.name, Status::kManual, phrase("runtime.ports.silent", join(silent, ", ")));
    }
  }

  void add(const std::string& container, Status status, Phrase actual) const {
    add_finding(row_, pod_, workload_, container, status, expected_listening(), std::move(actual));
  }

  const NodeRow& row_;
  const Pod& pod_;
  const Workload& workload_;
  bool known_ = false;
  bool host_network_ = pod_.host_network;
  Ports declared_;
  std::map<std::uint32_t, std::string> listening_;  // the address of those on loopback alone
};

}  // namespace

std::optional<ObjectResult> judge_running_ports(const NodeRow& row) {
  const Ports remote = remote_shells(row);
  bool any = false;
  each_pod(row, [&](const Pod& pod, const Workload& workload) {
    any = true;
    PodPorts(row, pod, workload).judge(remote);
  });
  if (!any) return std::nullopt;
  return conclude_row(
      row, {phrase("runtime.ports.pass"), phrase("runtime.ports.fail"), phrase("runtime.ports.manual")}, any,
      std::nullopt);
}

}  // namespace baseline::cluster
