#include "node-runner/bundles.h"

#include <array>

#include "base/yaml.h"
#include "node-runner/configs.h"
#include "node-runner/parse_etc.h"
#include "node-runner/redact.h"
#include "node-runner/text.h"

namespace baseline::runner {
namespace {

struct K3sComponent {
  std::string_view name;
  std::string_view flag;  // of k3s: passes one flag on
  bool server_only;
};

constexpr auto kK3s = std::to_array<K3sComponent>({
    {"kube-apiserver", "kube-apiserver-arg", true},
    {"kube-controller-manager", "kube-controller-manager-arg", true},
    {"kube-scheduler", "kube-scheduler-arg", true},
    {"etcd", "etcd-arg", true},
    {"kubelet", "kubelet-arg", false},
    {"kube-proxy", "kube-proxy-arg", false},
});

constexpr std::string_view kK3sConfig = "/etc/rancher/k3s/config.yaml";
constexpr std::string_view kK3sEtcd = "/var/lib/rancher/k3s/server/db/etcd";  // exists when etcd is embedded

struct Microk8sComponent {
  std::string_view name;
  std::string_view flag;  // of kubelite: names the file with the component's flags
  std::string_view file;
};

constexpr auto kMicrok8s = std::to_array<Microk8sComponent>({
    {"kube-apiserver", "apiserver-args-file", "kube-apiserver"},
    {"kube-controller-manager", "controller-manager-args-file", "kube-controller-manager"},
    {"kube-scheduler", "scheduler-args-file", "kube-scheduler"},
    {"kubelet", "kubelet-args-file", "kubelet"},
    {"kube-proxy", "proxy-args-file", "kube-proxy"},
});

constexpr std::string_view kSnapData = "/var/snap/microk8s/current";
constexpr std::string_view kSnap = "/snap/microk8s/current";

Component part_of(const Component& process, std::string_view name, std::string_view bundle) {
  Component part = process;
  part.fact.set_component(std::string(name));
  part.fact.set_bundle(std::string(bundle));
  part.fact.set_listening_known(false);  // the sockets are the process's: whose they are cannot be told
  return part;
}

std::string with_dashes(std::string_view flag) {
  return flag.starts_with('-') ? std::string(flag) : "--" + std::string(flag);
}

// The words of k3s: its command line, or the unit's when it has hidden its own.
std::vector<std::string> k3s_words(Context& context, const Component& process) {
  std::vector<std::string> words = process.argv;
  if (words.size() == 1) {
    const std::string title = words[0];
    words.clear();
    for (const std::string_view word : fields(title)) words.emplace_back(word);
  }
  const std::string role = words.size() > 1 ? words[1] : "server";
  if (words.size() > 2) return words;
  const std::string unit = role == "agent" ? "k3s-agent.service" : "k3s.service";
  const auto text = context.read(kHost, "/etc/systemd/system/" + unit, context.limits().file_bytes);
  if (text) {
    std::vector<std::string> started = parse_exec_start(*text);
    if (started.size() > 1 && base_name(started[0]) == "k3s" && started[1] == role) return started;
  }
  return words;
}

void add_list(const base::Value& value, std::vector<std::string>& out) {
  if (!value.scalar_text().empty()) out.push_back(with_dashes(value.scalar_text()));
  for (const base::Value& item : value.items()) {
    if (!item.scalar_text().empty()) out.push_back(with_dashes(item.scalar_text()));
  }
}

std::vector<Component> expand_k3s(Context& context, const Component& process) {
  const std::vector<std::string> words = k3s_words(context, process);
  const std::vector<Flag> flags = parse_flags(words);
  const bool server = words.size() < 2 || words[1] != "agent";

  std::vector<base::Value> documents;  // the drop-ins add to the main file
  const std::string main_file =
      last_value(flags, "config").value_or(last_value(flags, "c").value_or(std::string(kK3sConfig)));
  std::vector<std::string> files;
  if (is_shown_path(main_file)) {
    files = drop_ins(context, process.viewer, main_file + ".d", ".yaml");
    files.insert(files.begin(), main_file);
  } else {
    context.error("configs", "k3s", "the flag --config names no path");
  }
  for (const std::string& file : files) {
    if (!context.exists(process.viewer, file)) continue;
    if (auto document = load_config(context, process.viewer, file, file, "", "config")) {
      documents.push_back(std::move(*document));
    }
  }

  std::vector<Component> out;
  for (const K3sComponent& entry : kK3s) {
    if (entry.server_only && !server) continue;
    if (entry.name == "etcd" && !context.exists(process.viewer, std::string(kK3sEtcd))) continue;
    std::vector<std::string> argv = {std::string(entry.name)};
    for (const base::Value& document : documents) add_list(document[entry.flag], argv);
    for (const Flag& flag : flags) {
      if (flag.name == entry.flag && !flag.value.empty()) argv.push_back(with_dashes(flag.value));
    }
    Component part = part_of(process, entry.name, "k3s");
    part.set_argv(std::move(argv));
    out.push_back(std::move(part));
  }
  return out;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::vector<Component> expand_microk8s(Context& context, const Component& process) {
  std::vector<Component> out;
  for (const Microk8sComponent& entry : kMicrok8s) {
    std::string path = process.flag(entry.flag);
    if (path.empty()) path = std::string(kSnapData) + "/args/" + std::string(entry.file);
    if (context.look(process.viewer, path).presence() == facts::ABSENT) continue;
    Component part = part_of(process, entry.name, "microk8s");
    std::vector<std::string> argv = {std::string(entry.name)};
    if (const auto text = context.read(process.viewer, path, context.limits().file_bytes)) {
      for (const std::string& word : parse_flag_file(*text)) {
        argv.push_back(replace_all(
            replace_all(replace_all(replace_all(word, "${SNAP_DATA}", kSnapData), "$SNAP_DATA", kSnapData),
                        "${SNAP}", kSnap),
            "$SNAP", kSnap));
      }
    } else {
      context.error("processes", path, text.error().message);
      part.fact.set_argv_truncated(true);  // nothing may be concluded from a flag that is missing here
    }
    part.set_argv(std::move(argv));
    out.push_back(std::move(part));
  }
  return out;
}

}  // namespace

std::vector<Component> expand_bundle(Context& context, const Component& process) {
  if (process.fact.bundle() == "k3s") return expand_k3s(context, process);
  if (process.fact.bundle() == "microk8s") return expand_microk8s(context, process);
  return {process};
}

}  // namespace baseline::runner
