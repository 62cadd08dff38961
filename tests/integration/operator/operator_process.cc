#include "integration/operator/operator_process.h"

#include <csignal>
#include <sstream>

#include <gtest/gtest.h>

namespace baseline::integration {
namespace {

std::string free_port() {
  const Finished found = run({"python3", "-c",
                              "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); "
                              "print(s.getsockname()[1], end='')"});
  return found.out;
}

std::vector<std::string> command(const OperatorOptions& options, const std::string& port,
                                 const std::string& metrics_port) {
  std::vector<std::string> argv{OPERATOR_PROGRAM,
                                "--kubeconfig",
                                options.kubeconfig.empty() ? plane().kubeconfig() : options.kubeconfig,
                                "--probe-address",
                                "127.0.0.1",
                                "--probe-port",
                                port,
                                "--metrics-port",
                                metrics_port,
                                "--lease-name",
                                options.lease,
                                "--identity",
                                options.identity,
                                "--log-level",
                                "debug"};
  argv.insert(argv.end(), options.more.begin(), options.more.end());
  return argv;
}

std::filesystem::path new_log() {
  static int count = 0;
  return scratch_folder() / ("operator-" + std::to_string(++count) + ".log");
}

}  // namespace

OperatorProcess::OperatorProcess(const OperatorOptions& options)
    : options_(options),
      port_(free_port()),
      metrics_port_(free_port()),
      process_(command(options, port_, metrics_port_), new_log()) {}

int OperatorProcess::lines_with(const std::string& text) const {
  std::istringstream lines(log());
  int count = 0;
  for (std::string line; std::getline(lines, line);) count += line.find(text) != std::string::npos ? 1 : 0;
  return count;
}

std::string OperatorProcess::probe(const std::string& path) const {
  const std::string& port = path == "metrics" ? metrics_port_ : port_;
  const Finished done =
      run({"curl", "--silent", "--fail", "--max-time", "5", "http://127.0.0.1:" + port + "/" + path});
  return done.ok() ? done.out : "";
}

bool OperatorProcess::holds_lease() const {
  return lease_holder(options_.lease) == options_.identity;
}

int OperatorProcess::stop() {
  process_.signal(SIGTERM);
  return process_.wait(std::chrono::seconds(60));
}

std::string lease_holder(const std::string& lease) {
  const Finished done = plane().kubectl({"-n", "baseline-system", "get", "lease", lease, "--ignore-not-found",
                                         "-o", "jsonpath={.spec.holderIdentity}"});
  return done.out;
}

void install() {
  const Finished applied = plane().kubectl({"apply", "-k", PROJECT_DIR "/config/default"});
  ASSERT_TRUE(applied.ok()) << applied.text();
  ASSERT_TRUE(eventually([] { return plane().kubectl({"get", "bscan,breport,bprofile"}).ok(); }));
  const Finished profiles = plane().kubectl({"apply", "-k", PROJECT_DIR "/config/profiles"});
  ASSERT_TRUE(profiles.ok()) << profiles.text();
}

base::Value condition_of(const base::Value& object, const std::string& type) {
  for (const base::Value& condition : object.at("status.conditions").items()) {
    if (condition["type"].as_string() == type) return condition;
  }
  return {};
}

}  // namespace baseline::integration
