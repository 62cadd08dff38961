// Configuration files of a node, in YAML, JSON or TOML: flattened, and read for networks and registries.
// Whatever is in them, the facts that come out can be read again by the operator.
#include <iterator>

#include "base/yaml.h"
#include "node-runner/cni.h"
#include "node-runner/flatten.h"
#include "node-runner/registries.h"
#include "node-runner/toml.h"
#include "node-runner/utf8.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  if (size == 0) return 0;
  constexpr std::string_view kRoles[] = {"config", "kubeconfig", "encryption", "manifest", "runtime", "cni"};
  const std::string_view role = kRoles[data[0] / 2 % std::size(kRoles)];
  const std::string text = runner::to_utf8(fuzz::text_of(data + 1, size - 1));
  const auto document = data[0] % 2 == 0 ? runner::parse_toml(text) : base::parse_yaml(text, "config");
  if (!document) {
    fuzz::require_sentence(document.error());
    return 0;
  }
  facts::NodeFacts facts;
  facts::ConfigFile& config = *facts.add_configs();
  constexpr std::size_t kMaxSettings = 500;
  const bool whole = runner::flatten(*document, role, kMaxSettings, *config.mutable_settings());
  const auto settings = static_cast<std::size_t>(config.settings_size());
  fuzz::require(settings <= kMaxSettings && (whole || settings == kMaxSettings),
                "the bound on settings holds");
  *facts.mutable_cni()->add_networks() = runner::parse_network(*document);
  runner::Registries registries;
  runner::add_containerd_registries(*document, "config", registries);
  runner::add_hosts_toml(*document, "registry.example_5000_", "config", registries);
  runner::add_containers_registries(*document, "config", registries);
  runner::add_docker_registries(*document, "config", registries);
  runner::add_insecure(*document, "config", registries);
  for (auto& registry : registries) *facts.add_runtimes()->add_registries() = std::move(registry);
  fuzz::require(runner::containerd_host_directories(*document).size() <= size,
                "directories are named one by one");

  const std::string written = facts.SerializeAsString();
  facts::NodeFacts again;
  fuzz::require(again.ParseFromString(written), "an operator can read the facts");
  fuzz::require(again.SerializeAsString() == written, "they read back as what they were");
  return 0;
}
