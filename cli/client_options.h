#pragma once

#include <chrono>

#include "kube/client_options.h"

namespace baseline::cli {

// Of a client for whom a person waits: what does not answer until `deadline` is told as such.
inline kube::ClientOptions client_options(std::chrono::seconds deadline) {
  kube::ClientOptions options;
  options.retry.attempts = 3;
  options.retry.deadline = deadline;
  options.field_manager = "kubectl-baseline";
  return options;
}

}  // namespace baseline::cli
