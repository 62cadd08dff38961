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

constexpr std::string_view kEtcd = "ETCD_";

bool is_variable(std::string_view name) {
  return name.size() > kEtcd.size() && name.size() <= 128 && std::ranges::all_of(name, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool is_program(std::string_view word) {
  return is_shown_path(word) || facts::may_travel(facts::ValueType::kNames, word);
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

bool Component::withholds(std::string_view flag_name) const {
  return std::ranges::find(withheld, flag_name) != withheld.end();
}

std::string Component::locate(std::string_view path) const {
  return join_path(working_directory, path);
}

void Component::set_argv(std::vector<std::string> words) {
  argv = std::move(words);
  std::vector<std::string> safe = redact_words(list(), argv);
  // A process may write anything in place of its name, its whole command line among it.
  if (!safe.empty() && (recognise("", argv) == Recognition{} || !is_program(safe[0]))) safe[0] = kRedacted;
  flags = parse_flags(safe);
  withheld.clear();
  for (const Flag& one : flags) {
    if (one.value == kRedacted) withheld.push_back(one.name);
  }
  std::erase_if(flags, [](const Flag& one) { return one.value == kRedacted; });
  fact.clear_argv();
  for (std::string& word : safe) fact.add_argv(std::move(word));
}

void Component::set_env(const std::vector<std::pair<std::string, std::string>>& variables) {
  env.clear();
  fact.clear_env();
  for (const auto& [variable, value] : variables) {
    if (!is_variable(variable)) continue;
    const auto type =
        facts::published_flag("etcd", to_lower(std::string_view(variable).substr(kEtcd.size())));
    const bool hidden = !value.empty() && !(type && facts::may_travel(*type, value));
    facts::EnvVar& one = *fact.add_env();
    one.set_name(variable);
    one.set_redacted(hidden);
    if (hidden) continue;
    one.set_value(value);
    env.emplace_back(variable, value);
  }
}

}  // namespace baseline::runner
