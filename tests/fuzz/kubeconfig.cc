// A kubeconfig, read by way of a file in memory, and the server address that stands in it.
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "kube/config.h"
#include "kube/curl_channel.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using baseline::fuzz::require;
  static const int file = memfd_create("kubeconfig", MFD_CLOEXEC);
  require(file >= 0 && ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == static_cast<ssize_t>(size),
          "the fuzzer can write a file");
  baseline::kube::KubeconfigRequest request;
  request.file = "/proc/self/fd/" + std::to_string(file);
  const auto config = baseline::kube::load_kubeconfig(request);
  if (!config) {
    baseline::fuzz::require_sentence(config.error());
    require(config.error().where.starts_with(request.file.string()), "a mistake is named by its file",
            config.error().where);
    return 0;
  }
  require(!config->server.empty() && !config->context.empty() && !config->default_namespace.empty(),
          "a configuration names server, context and namespace");
  require(config->client_certificate.empty() == config->client_key.empty(),
          "a certificate comes with its key");
  require(!config->token.empty() || !config->token_file.empty() || !config->client_key.empty(),
          "there are credentials");
  const auto endpoint = baseline::kube::parse_endpoint(config->server, config->tls_server_name);
  if (!endpoint) {
    baseline::fuzz::require_sentence(endpoint.error());
    return 0;
  }
  require(endpoint->tls || config->server.starts_with("http://"), "only http:// goes without TLS");
  require(!endpoint->host.empty() && endpoint->host.find_first_of("/@?# \r\n") == std::string::npos,
          "a host is a host", endpoint->host);
  return 0;
}
