#include <string>

#include "baseline/cluster/checks/pod_row.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/cluster/checks/workload_checks.h"

// Ports of the host that containers take: 5.7.2.6 those of the node's own services, 5.7.2.19 any.
namespace baseline::cluster {
namespace {

constexpr int kFirstFreePort = 1024;

class HostPorts : public PodRow {
 public:
  HostPorts(const CheckInput& input, FindingSet& findings, std::string_view words, bool all)
      : PodRow(input, findings, {.words = words, .linux_only = false}), all_(all) {}

 protected:
  void look(const Sight& sight) override {
    for (const ContainerPort& port : sight.container->ports) {
      // On the host's network, each port is one of the host whatever the manifest says.
      const int taken = sight.pod.host_network ? port.port : port.host_port;
      if (taken == 0 || (!all_ && taken >= kFirstFreePort)) continue;
      const char* how = sight.pod.host_network ? "workload.port-of-host-network" : "workload.host-port";
      add(sight, Status::kFail, phrase(how, std::to_string(taken), port.protocol));
    }
  }

 private:
  const bool all_;
};

class LowPorts final : public HostPorts {
 public:
  LowPorts(const CheckInput& input, FindingSet& findings)
      : HostPorts(input, findings, "workload.low-port", false) {}
};

class AnyPorts final : public HostPorts {
 public:
  AnyPorts(const CheckInput& input, FindingSet& findings)
      : HostPorts(input, findings, "workload.any-port", true) {}
};

}  // namespace

std::vector<ObjectBuiltin> port_checks() {
  return {
      {"container-low-host-ports", {Kind::kPod}, {}, pod_check<LowPorts>},
      {"container-host-ports", {Kind::kPod}, {}, pod_check<AnyPorts>},
  };
}

}  // namespace baseline::cluster
