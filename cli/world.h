#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "baseline/facts/facts.pb.h"
#include "cli/language.h"
#include "kube/transport.h"

namespace baseline::cli {

// Which cluster to talk to; empty fields are decided as kubectl decides them.
struct ClusterOptions {
  std::string kubeconfig, context;
};

// Everything the commands take from outside, so that a test can stand in for all of it.
struct World {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool colour = false;        // `out` is a terminal that takes colours
  bool err_terminal = false;  // progress may be shown on `err`
  std::size_t width = 100;    // columns of `out`
  bool superuser = true;      // what a node's owner alone may read can be read
  Getenv getenv;
  const base::Clock& clock;
  std::function<base::Result<facts::NodeFacts>(const std::string& root)> collect;
  std::function<base::Result<std::unique_ptr<kube::Transport>>(const ClusterOptions&)> connect;
};

// The machine's own. The world must not outlive `clock`.
World real_world(const base::Clock& clock);

// Exit statuses; the first three are the contract of `scan`.
enum ExitStatus : int {
  kClean = 0,
  kFound = 1,    // something at or above the threshold; for lint: mistakes
  kNotMade = 2,  // it could not be done: one line on standard error
};

// The whole program. `argv[0]` is passed over.
int run(int argc, const char* const* argv, World& world);

// One line on standard error; returns kNotMade.
int complain(World& world, std::string_view sentence);

}  // namespace baseline::cli
