#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace baseline::kube {

// A piece of PEM: by file (re-read when it changes) or inline. Both empty: none.
struct PemSource {
  std::filesystem::path file;
  std::string inline_pem;
  bool empty() const { return file.empty() && inline_pem.empty(); }
};

// Where an API server is and who we are to it. Contains secrets: never print it whole.
struct ClientConfig {
  std::string server;  // "https://host:port[/prefix]"; http:// only to a loopback address
  std::string
      tls_server_name;  // expected in the server's certificate instead of the host in `server`; may be empty
  PemSource ca;         // empty: the system's trusted authorities
  PemSource client_certificate;
  PemSource client_key;
  std::string token;                 // bearer token; token_file wins when both are set
  std::filesystem::path token_file;  // re-read when it changes, at most once a minute
  std::string default_namespace = "default";
  std::string context;  // the kubeconfig context it came from; empty in a cluster
};

struct KubeconfigRequest {
  std::filesystem::path file;  // --kubeconfig; empty: the list in $KUBECONFIG, else ~/.kube/config
  std::string context;         // --context; empty: current-context
  // The process environment, passed in so that there is no hidden input.
  std::string kubeconfig_env;
  std::string home;
};

// Reads a kubeconfig as kubectl does (several files: the first that defines a name wins; relative paths are
// relative to the file they stand in). What this client will not do (exec and auth-provider plugins,
// passwords, skipped TLS verification, proxies, impersonation) is kInvalid with a sentence that names the
// file and what to use instead.
base::Result<ClientConfig> load_kubeconfig(const KubeconfigRequest& request);
// With HOME and KUBECONFIG taken from the process environment.
KubeconfigRequest kubeconfig_from_environment(std::filesystem::path file = {}, std::string context = {});

// The service account of the pod this runs in. `root` stands before /var/run/secrets/… in tests; host and
// port are KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT. kNotFound when this is no pod with a token.
base::Result<ClientConfig> in_cluster_config(std::string_view host, std::string_view port,
                                             const std::filesystem::path& root = "/");
base::Result<ClientConfig> in_cluster_config();

}  // namespace baseline::kube
