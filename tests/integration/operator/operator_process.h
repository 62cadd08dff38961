#pragma once

#include <string>
#include <vector>

#include "base/value.h"
#include "integration/support/control_plane.h"
#include "integration/support/process.h"

namespace baseline::integration {

struct OperatorOptions {
  std::filesystem::path kubeconfig;  // empty: the administrator's
  std::string lease = "baseline-operator";
  std::string identity = "a";
  std::vector<std::string> more;  // further arguments
};

// The real baseline-operator, in the background.
class OperatorProcess {
 public:
  explicit OperatorProcess(const OperatorOptions& options = {});

  Background& process() { return process_; }
  std::string log() const { return process_.log(); }
  int lines_with(const std::string& text) const;
  // Of "healthz", "readyz", "metrics"; empty when it is not answered with 200.
  std::string probe(const std::string& path) const;
  bool holds_lease() const;
  // SIGTERM; the exit status.
  int stop();

 private:
  OperatorOptions options_;
  std::string port_, metrics_port_;
  Background process_;
};

// Who holds the lease; empty when nobody does.
std::string lease_holder(const std::string& lease = "baseline-operator");

// All that an administrator installs: config/default, which holds the CRDs, and the ready profiles.
void install();

// The condition of an object; null when it has none of this type.
base::Value condition_of(const base::Value& object, const std::string& type);

}  // namespace baseline::integration
