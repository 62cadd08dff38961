#include "node-runner/components.h"

#include <algorithm>
#include <array>

#include "node-runner/redact.h"
#include "node-runner/text.h"

namespace baseline::runner {
namespace {

constexpr auto kComponents =
    std::to_array<std::string_view>({"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd",
                                     "kube-proxy", "kubelet", "containerd", "crio", "dockerd"});

// hyperkube's first argument, long and short.
constexpr auto kHyperkube = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"kube-apiserver", "kube-apiserver"},
    {"apiserver", "kube-apiserver"},
    {"kube-controller-manager", "kube-controller-manager"},
    {"controller-manager", "kube-controller-manager"},
    {"kube-scheduler", "kube-scheduler"},
    {"scheduler", "kube-scheduler"},
    {"kube-proxy", "kube-proxy"},
    {"proxy", "kube-proxy"},
    {"kubelet", "kubelet"},
});

Recognition recognise_name(std::string_view name, const std::vector<std::string>& argv) {
  const std::string_view first = argv.size() > 1 ? std::string_view(argv[1]) : std::string_view();
  if (std::find(kComponents.begin(), kComponents.end(), name) != kComponents.end())
    return {std::string(name), ""};
  if (name == "hyperkube") {
    for (const auto& [word, component] : kHyperkube) {
      if (first == word) return {std::string(component), "hyperkube"};
    }
  }
  if (name == "kubelite") return {"", "microk8s"};
  if (name == "k3s" && (first == "server" || first == "agent")) return {"", "k3s"};
  // k3s hides its flags: it overwrites its command line with the one word "/usr/local/bin/k3s server".
  if (name == "k3s server" || name == "k3s agent") return {"", "k3s"};
  return {};
}

std::string_view executable_name(std::string_view exe) {
  constexpr std::string_view kDeleted = " (deleted)";  // replaced on disk since it was started
  if (exe.ends_with(kDeleted)) exe.remove_suffix(kDeleted.size());
  return base_name(exe);
}

}  // namespace

Recognition recognise(std::string_view exe, const std::vector<std::string>& argv) {
  const std::string_view called = argv.empty() ? std::string_view() : base_name(argv[0]);
  Recognition result = recognise_name(executable_name(exe), argv);
  if (result == Recognition{}) result = recognise_name(called, argv);
  return result;
}

std::string Component::flag(std::string_view flag_name) const {
  return last_value(flags, flag_name).value_or("");
}

std::string Component::locate(std::string_view path) const {
  return join_path(working_directory, path);
}

void Component::set_argv(std::vector<std::string> words) {
  argv = std::move(words);
  flags = parse_flags(argv);
  fact.clear_argv();
  for (std::string& word : redact_words(argv)) fact.add_argv(std::move(word));
}

}  // namespace baseline::runner
