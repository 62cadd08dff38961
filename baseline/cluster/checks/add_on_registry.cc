#include "baseline/cluster/checks/add_on_registry.h"

#include <set>

#include "baseline/cluster/checks/add_on_checks.h"
#include "baseline/cluster/checks/verdict.h"

// 5.7.1.13 to .15, .17 and .18: what only those who run the registry know.
namespace baseline::cluster {
namespace {

constexpr std::size_t kMaxRegistries = 1000;

class RegistryAttested final : public ObjectCheck {
 public:
  RegistryAttested(const CheckInput& input, FindingSet& findings) : input_(input), findings_(findings) {}

  void see(const Pod& pod, const Workload&) override { registries_.see(pod); }

  ObjectResult finish() override {
    registries_.tell(findings_, phrase("registry.expected-confirmed"));
    // The question differs from row to row: its key is the row's id.
    const std::string question = "registry.ask-" + input_.selected.requirement->id;
    return findings_.take(Status::kManual, Phrase{question, {}});
  }

 private:
  const CheckInput& input_;
  FindingSet& findings_;
  RegistriesInUse registries_;
};

}  // namespace

std::string registry_of(std::string_view image) {
  const std::size_t slash = image.find('/');
  const std::string_view first = image.substr(0, slash);
  const bool host = slash != std::string_view::npos &&
                    (first.find_first_of(".:") != std::string_view::npos || first == "localhost");
  return host ? std::string(first) : "docker.io";
}

void RegistriesInUse::see(const Pod& pod) {
  std::set<std::string> of_pod;
  for (const Container& container : pod.containers) {
    if (!container.image.empty()) of_pod.insert(registry_of(container.image));
  }
  for (const std::string& registry : of_pod) {
    if (pods_.contains(registry) || pods_.size() < kMaxRegistries) ++pods_[registry];
  }
}

void RegistriesInUse::tell(FindingSet& findings, const Phrase& expected) const {
  for (const auto& [registry, pods] : pods_) {
    findings.add({"Registry", "", registry, "", nullptr, nullptr}, Status::kManual, expected,
                 phrase("registry.in-use"), pods);
  }
}

std::unique_ptr<ObjectCheck> registry_attested(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<RegistryAttested>(input, findings);
}

}  // namespace baseline::cluster
