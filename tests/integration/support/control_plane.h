#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/value.h"
#include "integration/support/process.h"
#include "kube/client.h"
#include "kube/config.h"
#include "kube/transport.h"

namespace baseline::integration {

struct ControlPlaneOptions {
  std::string version = "1.36";
  std::string with;                // "controller-manager", "scheduler", both with a comma, or nothing
  std::vector<std::string> flags;  // for kube-apiserver
};

// A real API server with its etcd, on free ports, started by scripts/control-plane.
class ControlPlane {
 public:
  // Exit status of scripts/control-plane where this machine cannot run one.
  static constexpr int kCannotRunHere = 3;

  explicit ControlPlane(const ControlPlaneOptions& options);
  ~ControlPlane();
  ControlPlane(const ControlPlane&) = delete;
  ControlPlane& operator=(const ControlPlane&) = delete;

  const Finished& started() const { return started_; }

  const std::filesystem::path& dir() const { return dir_; }
  std::filesystem::path kubeconfig() const { return dir_ / "kubeconfig"; }
  std::string port() const;
  std::string server() const { return "https://127.0.0.1:" + port(); }

  void stop_api_server() const;
  void start_api_server() const;
  // Drops what etcd remembers of the past: whoever asks for an older version gets 410 from now on, unless a
  // cache of the API server still has it.
  void compact_etcd() const;

  // As administrator. kubectl is of the newest version, whatever the server's is.
  Finished kubectl(std::vector<std::string> arguments, const std::string& in = {}) const;
  Finished apply(const std::string& manifest) const { return kubectl({"apply", "-f", "-"}, manifest); }
  // The object as JSON; null when there is none.
  base::Value get(const std::string& resource, const std::string& name) const;

  // The administrator's configuration as this project's client reads it.
  kube::ClientConfig config() const;
  // A token of a service account, and the configuration of a client that has nothing else.
  std::string token_of(const std::string& ns, const std::string& account) const;
  kube::ClientConfig config_of(const std::string& ns, const std::string& account) const;

 private:
  Finished script(const std::vector<std::string>& arguments) const;
  std::string etcd() const;

  std::filesystem::path dir_;
  // Stops the control plane when this process closes its end of the pipe: also by being killed.
  std::FILE* guardian_;
  Finished started_;
};

// The one control plane of this test program.
ControlPlane& plane();

// A transport to the server of `plane()` with the client on it: as administrator, or as another configuration
// says.
class Connection {
 public:
  explicit Connection(kube::ClientOptions options = {});
  Connection(kube::ClientConfig config, kube::ClientOptions options);

  const kube::Client& operator*() const { return *client_; }
  const kube::Client* operator->() const { return client_.get(); }

 private:
  base::SystemClock clock_;
  std::unique_ptr<kube::Transport> transport_;
  std::unique_ptr<kube::Client> client_;
};

// A folder of this test program's own, emptied at its end.
std::filesystem::path scratch_folder();

// main() of a test program: starts the control plane, runs the tests, ends it. Exit status 77 when this
// machine cannot run one.
int run_tests(int argc, char** argv, ControlPlaneOptions options);

}  // namespace baseline::integration
