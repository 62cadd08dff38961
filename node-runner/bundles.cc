#include "node-runner/bundles.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "base/yaml.h"
#include "node-runner/configs.h"
#include "node-runner/parse_etc.h"
#include "node-runner/redact.h"
#include "node-runner/text.h"
#include "node-runner/units.h"

namespace baseline::runner {
namespace {

struct K3sComponent {
  std::string_view name;
  std::string_view flag;  // of k3s: passes one flag on
  bool server_only;
  std::string_view former = {};  // what the flag was called before
};

constexpr auto kK3s = std::to_array<K3sComponent>({
    {"kube-apiserver", "kube-apiserver-arg", true},
    {"kube-controller-manager", "kube-controller-manager-arg", true, "kube-controller-arg"},
    {"kube-scheduler", "kube-scheduler-arg", true},
    {"etcd", "etcd-arg", true},
    {"kubelet", "kubelet-arg", false},
    {"kube-proxy", "kube-proxy-arg", false},
});

constexpr std::string_view kK3sConfig = "/etc/rancher/k3s/config.yaml";
constexpr std::string_view kK3sData = "/var/lib/rancher/k3s";
constexpr std::string_view kEtcd = "server/db/etcd";  // below the data; exists when etcd is embedded
constexpr std::string_view kKubeletConfigs = "agent/etc/kubelet.conf.d";  // the same; since 1.32

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

constexpr std::string_view kOpenShiftConfig = "openshift-config";

constexpr std::string_view kSnapData = "/var/snap/microk8s/current";
constexpr std::string_view kSnap = "/snap/microk8s/current";

Component part_of(const Component& process, std::string_view name, std::string_view bundle) {
  Component part = process;
  part.fact.set_component(std::string(name));
  part.fact.set_bundle(std::string(bundle));
  part.fact.set_listening_known(false);  // the sockets are the process's: whose they are cannot be told
  return part;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string with_dashes(std::string_view flag) {
  return flag.starts_with('-') ? std::string(flag) : "--" + std::string(flag);
}

// The words of k3s: its command line, or the unit's when it has hidden its own.
std::vector<std::string> k3s_words(const Component& process, std::string_view unit) {
  std::vector<std::string> words = process.argv;
  if (words.size() == 1) {
    const std::string title = words[0];
    words.clear();
    for (const std::string_view word : fields(title)) words.emplace_back(word);
  }
  const std::string role = words.size() > 1 ? words[1] : "server";
  if (words.size() > 2) return words;
  std::vector<std::string> started = parse_exec_start(unit);
  const bool same = started.size() > 1 && base_name(started[0]) == "k3s" && started[1] == role;
  return same ? started : words;
}

// The unit that the process runs in; where there is no such file, the one that its installer makes.
std::string k3s_unit(Context& context, const Component& process) {
  std::string name = process.fact.unit();
  const bool agent = process.argv.size() > 1 ? process.argv[1] == "agent"
                                             : !process.argv.empty() && process.argv[0].ends_with(" agent");
  Unit unit = find_unit(context, name);
  if (unit.fragment.empty()) {
    name = agent ? "k3s-agent.service" : "k3s.service";
    unit = find_unit(context, name);
  }
  std::string text = read_unit(context, unit);
  const std::string stem = name.substr(0, name.rfind('.'));
  return replace_all(replace_all(std::move(text), "%N", stem), "%n", name);
}

// The file that the environment names. A process tells its own; of a copy without it the unit does.
std::string k3s_config_file(Context& context, const Component& process, std::string_view unit) {
  if (!process.config_file.empty()) return process.config_file;
  std::string file = parse_unit_variable(unit, kK3sConfigFile).value_or("");
  for (const std::string& path : parse_environment_files(unit)) {
    if (!context.exists(kHost, path)) continue;
    const auto text = context.read(kHost, path, context.limits().file_bytes);
    if (!text) context.error("configs", "k3s", "an environment file cannot be read: " + text.error().message);
    if (const auto value = text ? parse_environment_file(*text, kK3sConfigFile) : std::nullopt) file = *value;
  }
  return file;
}

// What the files say, one after the other: a later one's value takes the place of an earlier one's, and comes
// behind it where the key ends in "+".
using K3sSettings = std::map<std::string, std::vector<std::string>, std::less<>>;

void add_document(const base::Value& document, K3sSettings& out) {
  for (const auto& [key, value] : document.members()) {
    const bool behind = key.ends_with('+');
    std::vector<std::string>& values = out[behind ? key.substr(0, key.size() - 1) : key];
    if (!behind) values.clear();
    if (!value.scalar_text().empty()) values.push_back(value.scalar_text());
    for (const base::Value& item : value.items()) {
      if (!item.scalar_text().empty()) values.push_back(item.scalar_text());
    }
  }
}

// "--NAME=VALUE" of what a component is passed. A name that ends in "+" or "-" has k3s put the value beside
// those of its own.
std::string passed_on(std::string_view argument) {
  std::string word = with_dashes(argument);
  const std::size_t equals = std::min(word.find('='), word.size());
  const std::size_t end = word.find_last_not_of("+-", equals == 0 ? 0 : equals - 1);
  if (end != std::string::npos && end + 1 < equals && word.starts_with("--"))
    word.erase(end + 1, equals - end - 1);
  return word;
}

// `whole` becomes false when a file could not be read: any flag may stand there.
K3sSettings k3s_settings(Context& context, const Component& process, const std::vector<Flag>& flags,
                         const std::string& from_environment, bool& whole) {
  std::string main_file = from_environment;
  if (main_file.empty())
    main_file =
        last_value(flags, "config").value_or(last_value(flags, "c").value_or(std::string(kK3sConfig)));
  if (!is_shown_path(main_file)) {
    context.error("configs", "k3s", "the flag --config names no path");
    whole = false;
    return {};
  }
  std::vector<std::string> files;
  for (const std::string_view suffix : {".yaml", ".yml"})
    std::ranges::move(drop_ins(context, process.viewer, main_file + ".d", suffix), std::back_inserter(files));
  std::ranges::sort(files);
  files.insert(files.begin(), main_file);
  K3sSettings settings;
  for (const std::string& file : files) {
    if (!context.exists(process.viewer, file)) continue;
    if (const auto document = load_config(context, process.viewer, file, file, "", "config")) {
      add_document(*document, settings);
    } else {
      whole = false;
    }
  }
  return settings;
}

std::vector<Component> expand_k3s(Context& context, const Component& process) {
  const std::string unit = k3s_unit(context, process);
  const std::vector<std::string> words = k3s_words(process, unit);
  const std::vector<Flag> flags = parse_flags(words);
  const bool server = words.size() < 2 || words[1] != "agent";
  bool whole = true;
  const K3sSettings settings =
      k3s_settings(context, process, flags, k3s_config_file(context, process, unit), whole);
  std::string data(kK3sData);
  for (const std::string_view name : {"data-dir", "d"}) {
    if (const auto found = settings.find(name); found != settings.end() && !found->second.empty())
      data = found->second.back();
    data = last_value(flags, name).value_or(data);
  }

  std::vector<Component> out;
  for (const K3sComponent& entry : kK3s) {
    if (entry.server_only && !server) continue;
    if (entry.name == "etcd" && !context.exists(process.viewer, join_path(data, kEtcd))) continue;
    std::vector<std::string> argv = {std::string(entry.name)};
    for (const std::string_view name : {entry.flag, entry.former}) {
      if (const auto found = settings.find(name); !name.empty() && found != settings.end()) {
        for (const std::string& value : found->second) argv.push_back(passed_on(value));
      }
    }
    for (const Flag& flag : flags) {
      const bool its = flag.name == entry.flag || (!entry.former.empty() && flag.name == entry.former);
      if (its && !flag.value.empty()) argv.push_back(passed_on(flag.value));
    }
    const std::string folder = join_path(data, kKubeletConfigs);
    if (entry.name == "kubelet" && context.exists(process.viewer, folder)) {
      // Files and folders that the user names are copied into this one.
      std::erase_if(argv, [](const std::string& word) {
        return word.starts_with("--config=") || word.starts_with("--config-dir=");
      });
      argv.push_back("--config-dir=" + folder);
    }
    Component part = part_of(process, entry.name, "k3s");
    part.set_argv(std::move(argv));
    part.fact.set_argv_truncated(!whole);  // nothing may be concluded from a flag that is missing here
    out.push_back(std::move(part));
  }
  return out;
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

// The flags that OpenShift's operator wrote into a file come before those of the command line.
Component expand_openshift(Context& context, const Component& process, const std::string& file) {
  Component out = process;
  out.fact.set_bundle("openshift");
  const auto document =
      load_config(context, process.viewer, file, process.locate(file), process.name(), "config");
  if (!document) {
    out.fact.set_argv_truncated(true);  // nothing may be concluded from a flag that is missing here
    return out;
  }
  const auto first_flag =
      std::ranges::find_if(process.argv, [](const std::string& word) { return word.starts_with('-'); });
  std::vector<std::string> argv(process.argv.begin(), first_flag);
  for (const std::string_view list : {"apiServerArguments", "extendedArguments"}) {
    for (const auto& [name, values] : (*document)[list].members()) {
      for (const base::Value& value : values.items()) argv.push_back("--" + name + "=" + value.scalar_text());
    }
  }
  argv.insert(argv.end(), first_flag, process.argv.end());
  out.set_argv(std::move(argv));
  return out;
}

}  // namespace

std::vector<Component> expand_bundle(Context& context, const Component& process) {
  if (const auto file = last_value(parse_flags(process.argv), kOpenShiftConfig); file && !file->empty())
    return {expand_openshift(context, process, *file)};
  if (process.fact.bundle() == "k3s") return expand_k3s(context, process);
  if (process.fact.bundle() == "microk8s") return expand_microk8s(context, process);
  return {process};
}

}  // namespace baseline::runner
