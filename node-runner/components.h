#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "baseline/facts/facts.pb.h"
#include "node-runner/context.h"
#include "node-runner/flags.h"

namespace baseline::runner {

// What a command runs: one component, or a bundle that embeds several. Both empty: nothing that is reported.
struct Recognition {
  std::string component;
  std::string bundle;  // "hyperkube" with a component; "k3s" and "microk8s" without

  bool operator==(const Recognition&) const = default;
};

// By the base name of the executable or of argv[0], never by a word somewhere in the command line: a shell
// that greps for the kubelet is no kubelet.
Recognition recognise(std::string_view exe, const std::vector<std::string>& argv);

// A component's process while facts are gathered: the fact, and beside it what must not leave as it is.
struct Component {
  facts::Process fact;
  int viewer = kHost;             // in whose root its paths are looked up
  std::string working_directory;  // empty when unknown
  std::string config_file;        // of k3s, as its environment names it
  std::vector<std::string> argv;
  std::vector<std::pair<std::string, std::string>> env;
  std::vector<Flag> flags;
  std::vector<std::string> withheld;  // names of the flags whose value does not leave the node
  Allowance* allowance = nullptr;     // what is read on its behalf is counted against this; null: the host's

  const std::string& name() const { return fact.component(); }
  // A flag's value, or "".
  std::string flag(std::string_view flag_name) const;
  bool withholds(std::string_view flag_name) const;
  // Where a path that the process names is, as its viewer sees it.
  std::string locate(std::string_view path) const;
  // Sets argv and what follows from it: `flags` are those whose value leaves the node, and no others.
  void set_argv(std::vector<std::string> words);
  // Sets the variables of etcd; `env` keeps those whose value leaves the node.
  void set_env(const std::vector<std::pair<std::string, std::string>>& variables);

 private:
  // The list in baseline/facts/published that its flags are held against.
  const std::string& list() const { return name().empty() ? fact.bundle() : name(); }
};

}  // namespace baseline::runner
