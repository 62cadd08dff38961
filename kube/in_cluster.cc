#include <cstdlib>

#include <fmt/format.h>

#include "kube/config.h"
#include "kube/file_text.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read before any thread is started
  return value == nullptr ? "" : value;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

KubeconfigRequest kubeconfig_from_environment(std::filesystem::path file, std::string context) {
  return {std::move(file), std::move(context), environment("KUBECONFIG"), environment("HOME")};
}

base::Result<ClientConfig> in_cluster_config(std::string_view host, std::string_view port,
                                             const std::filesystem::path& root) {
  if (host.empty() || port.empty()) {
    return fail(
        ErrorCode::kNotFound,
        "this does not run in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set");
  }
  const std::filesystem::path folder = root / "var/run/secrets/kubernetes.io/serviceaccount";
  ClientConfig config;
  // An IPv6 address needs brackets in an address with a port.
  const bool is_v6 = host.find(':') != std::string_view::npos;
  config.server =
      is_v6 ? fmt::format("https://[{}]:{}", host, port) : fmt::format("https://{}:{}", host, port);
  config.token_file = folder / "token";
  config.ca.file = folder / "ca.crt";
  for (const auto& file : {config.token_file, config.ca.file}) {
    const auto text = read_text_file(file, 1U << 20);
    if (text) continue;
    return fail(text.error().code,
                text.error().message + "; does the pod have automountServiceAccountToken turned off?",
                file.string());
  }
  if (auto ns = read_text_file(folder / "namespace", 4096); ns && !trimmed(*ns).empty()) {
    config.default_namespace = trimmed(std::move(*ns));
  }
  return config;
}

base::Result<ClientConfig> in_cluster_config() {
  return in_cluster_config(environment("KUBERNETES_SERVICE_HOST"), environment("KUBERNETES_SERVICE_PORT"));
}

}  // namespace baseline::kube
