#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace baseline::op {

// How the operator was asked to run: flags, then environment (BASELINE_…), then defaults.
struct Options {
  std::string kubeconfig;  // empty: in-cluster when in a pod, else as kubectl finds it
  std::string context;
  std::string ns = "baseline-system";  // where node-runner Jobs, the lease and events live
  // NAME:TAG or NAME@sha256:DIGEST.
  std::string runner_image = "baseline.kxy.io/node-runner:" BASELINE_VERSION;
  std::string runner_priority_class;                 // of scans that name none; empty: the cluster's default
  std::vector<std::string> runner_priority_classes;  // that scans may name besides
  std::vector<std::string> standards;                // folders with further standards
  bool leader_elect = true;
  std::string lease_name = "baseline-operator";
  std::string identity;  // empty: host name and a random part
  std::string probe_address = "0.0.0.0";
  std::uint16_t probe_port = 8081;               // /healthz, /readyz; 0: none
  std::string metrics_address = "127.0.0.1";     // nobody but this pod, until somebody decides who
  std::uint16_t metrics_port = 8082;             // /metrics; 0: none
  std::string metrics_certificate, metrics_key;  // PEM files; empty: plain HTTP
  bool metrics_authorize = false;                // ask the API server who may read; over TLS alone
  std::string notify_url_file, notify_ca_file;   // a webhook that is told of finished runs; empty: none
  int workers = 2;
  std::chrono::seconds checkpoint_interval{3};
  std::string log_format = "text";  // text, json
  std::string log_level = "info";   // debug, info, warn, error
};

// The program is over before it began: what to print, where, and the exit status (0 for --help and
// --version).
struct Exit {
  int status = 0;
  std::string text;
  bool to_stderr = false;
};

std::variant<Options, Exit> parse_options(int argc, const char* const* argv);

}  // namespace baseline::op
