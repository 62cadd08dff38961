// What objects say about requirements of scope node, where the nodes leave them to a person (`objects` in the
// standard's YAML).
#include <algorithm>
#include <utility>

#include "baseline/cluster/access_evidence.h"
#include "baseline/cluster/object_check.h"
#include "baseline/report_builder.h"

namespace baseline::cluster {
namespace {

ObjectResult result_of(const CheckInput& input, Status status, Phrase message,
                       std::vector<ObjectFinding> findings) {
  std::ranges::sort(findings);
  ObjectResult result{input.selected.requirement->id, status, std::move(message), std::move(findings), {}};
  while (result.findings.size() > kMaxFindingsPerRequirement) {
    result.more.push_back(result.findings.back().key());
    result.findings.pop_back();
  }
  return result;
}

// 5.1.2.1
class AnonymousGrants final : public ObjectCheck {
 public:
  explicit AnonymousGrants(const CheckInput& input) : input_(input) {}
  void see(const Pod& /*pod*/, const Workload& /*workload*/) override {}
  ObjectResult finish() override {
    auto grants = anonymous_grants(input_.facts);
    if (!grants.empty()) {
      const std::string count = std::to_string(grants.size());
      return result_of(input_, Status::kFail, phrase("access.anonymous-grants", count), std::move(grants));
    }
    const std::string bindings = std::to_string(input_.facts.bindings.size());
    return result_of(input_, Status::kPass, phrase("access.no-anonymous-grants", bindings), {});
  }

 private:
  const CheckInput& input_;
};

// 5.1.6.3
class ClientCertificateRequests final : public ObjectCheck {
 public:
  explicit ClientCertificateRequests(const CheckInput& input) : input_(input) {}
  void see(const Pod& /*pod*/, const Workload& /*workload*/) override {}
  ObjectResult finish() override {
    auto requests = human_certificate_requests(input_.facts);
    const std::string count = std::to_string(requests.size());
    const std::string all = std::to_string(input_.facts.certificate_requests.size());
    return result_of(input_, Status::kManual, phrase("access.certificate-requests", count, all),
                     std::move(requests));
  }

 private:
  const CheckInput& input_;
};

template <typename Check>
std::unique_ptr<ObjectCheck> make(const CheckInput& input, FindingSet& /*findings*/) {
  return std::make_unique<Check>(input);
}

}  // namespace

std::vector<ObjectBuiltin> evidence_builtins() {
  return {
      {"anonymous-grants",
       {Kind::kRole, Kind::kClusterRole, Kind::kRoleBinding, Kind::kClusterRoleBinding},
       {},
       make<AnonymousGrants>},
      {"client-certificate-requests",
       {Kind::kCertificateSigningRequest},
       {},
       make<ClientCertificateRequests>,
       RestsOn::kAttestation},
  };
}

}  // namespace baseline::cluster
