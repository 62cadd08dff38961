#include <utility>
#include <vector>

#include "baseline/cluster/checks/label_selector.h"
#include "baseline/cluster/checks/network_checks.h"
#include "baseline/cluster/checks/pod_groups.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/text.h"

// 5.7.5.5: what a node port leads to is covered by a network policy.
namespace baseline::cluster {
namespace {

bool opens_node_port(const Service& service) {
  return service.type == "NodePort" || (service.type == "LoadBalancer" && !service.node_ports.empty());
}

// The pods behind a service by what covers them.
struct Behind {
  std::size_t covered = 0, open = 0, unsure = 0, host = 0;
};

class NodePorts final : public ObjectCheck {
 public:
  NodePorts(const CheckInput& input, FindingSet& findings)
      : input_(input), findings_(findings), groups_(input.facts) {
    for (const Service& service : input.facts.services) {
      if (!opens_node_port(service) || !input.context.covers(service.metadata.ns)) continue;
      services_.push_back(&service);
      groups_.want(service.metadata.ns, service.selector);
    }
  }

  void see(const Pod& pod, const Workload&) override {
    if (!services_.empty()) groups_.add(pod);
  }

  ObjectResult finish() override {
    if (auto none = nothing_given(input_, {Kind::kService}))
      return findings_.take(Status::kNotChecked, *none);
    for (const Service* service : services_) judge(*service);
    Phrase pass = services_.empty() ? phrase("network.no-node-ports", number(input_.facts.services.size()))
                                    : phrase("network.node-ports-pass", number(services_.size()));
    return conclude(
        findings_, {std::move(pass), phrase("network.node-ports-fail"), phrase("network.node-ports-manual")});
  }

 private:
  Behind look_behind(const Service& service) {
    Behind behind;
    if (!groups_.spend(service.metadata.ns, groups_.of(service.metadata.ns).size())) return behind;
    LabelSelector selector;
    selector.match_labels = service.selector;
    for (const auto& [labels, group] : groups_.of(service.metadata.ns)) {
      if (!matches(selector, labels)) continue;
      const Coverage coverage = groups_.coverage(service.metadata.ns, labels);
      behind.host += group.host_pods;
      if (coverage.ingress) {
        behind.covered += group.pods;
      } else if (coverage.unsure) {
        behind.unsure += group.pods;
      } else {
        behind.open += group.pods;
      }
    }
    return behind;
  }

  void judge(const Service& service) {
    const Behind behind = service.selector.empty() ? Behind{} : look_behind(service);
    std::vector<std::string> ports;
    for (const int port : service.node_ports) ports.push_back(std::to_string(port));
    const std::string open_ports = join(ports, ", ");
    // Of a LoadBalancer the node ports come along unasked; whether they matter is for a person to say.
    const Status bad = service.type == "NodePort" ? Status::kFail : Status::kManual;
    const auto add = [&](Status status, Phrase actual) {
      findings_.add(
          {"Service", service.metadata.ns, service.metadata.name, "", &service.metadata.labels, nullptr},
          status, phrase("network.expected-covered"), std::move(actual));
    };
    const std::string total = number(behind.covered + behind.open + behind.unsure + behind.host);
    if (service.selector.empty())
      return add(Status::kManual, phrase("network.service-no-selector", open_ports));
    if (behind.host + behind.open == 0 && groups_.exceeded(service.metadata.ns))
      return add(Status::kError, phrase("network.too-much"));
    if (total == "0") return add(Status::kManual, phrase("network.service-no-pods", open_ports));
    if (behind.host > 0)
      return add(bad, phrase("network.service-host-pods", open_ports, number(behind.host), total));
    if (behind.open > 0)
      return add(bad, phrase("network.service-open", open_ports, number(behind.open), total));
    if (behind.unsure > 0)
      return add(Status::kManual, phrase("network.service-unsure", open_ports, number(behind.unsure), total));
    add(Status::kPass, phrase("network.service-covered", open_ports, total));
  }

  const CheckInput& input_;
  FindingSet& findings_;
  PodGroups groups_;
  std::vector<const Service*> services_;
};

}  // namespace

std::unique_ptr<ObjectCheck> node_ports(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<NodePorts>(input, findings);
}

}  // namespace baseline::cluster
