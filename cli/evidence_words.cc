#include <set>
#include <string_view>

#include <fmt/format.h>

#include "baseline/cluster/object_check.h"
#include "baseline/component.h"
#include "cli/check_words.h"
#include "cli/language.h"

namespace baseline::cli {
namespace {

// Gathers what the parts of a check look at; each thing once, in the order met.
class Sources {
 public:
  explicit Sources(Language language) : language_(language) {}

  void look(const Check& check) {
    std::visit([this](const auto& form) { add(form); }, check.form);
  }
  std::vector<std::string> take() { return std::move(list_); }

  void component(const std::string& name) {
    note(sayf(language_, "the command line of the {} process", "{} 进程的命令行", name));
    const Component* table = built_in_components().find(name);
    if (!table) return;
    if (!table->environment_prefix.empty()) {
      note(sayf(language_, "its environment ({}*)", "其环境变量（{}*）", table->environment_prefix));
    }
    if (!table->config_flag.empty()) {
      note(sayf(language_, "the configuration file that --{} names, with its drop-ins",
                "--{} 指定的配置文件及其 drop-in", table->config_flag));
    }
    note(sayf(language_, "the running version of {}, for its defaults", "{} 的运行版本（用于确定默认值）",
              name));
  }

 private:
  void note(std::string text) {
    if (seen_.insert(text).second) list_.push_back(std::move(text));
  }

  void add(const SettingCheck& check) {
    component(check.setting.component);
    if (check.expect.kind == Expectation::Kind::kLoopback) sockets();
  }
  void add(const FeatureGateCheck& check) { component(check.component); }
  void add(const AdmissionCheck&) { component("kube-apiserver"); }
  void add(const FilesCheck& check) {
    note(std::string(
        check.mode ? say(language_, "permission bits of the files, links followed inside the host's root",
                         "文件的权限位（符号链接仅在主机根目录内跟随）")
                   : say(language_, "owner and group by number, named by the host's own passwd and group",
                         "文件的属主与属组（按编号，名称取自主机的 passwd 与 group）")));
  }
  void add(const BuiltinCheck& check) {
    if (check.name == "kubelet-read-only-port") sockets();
    const cluster::ObjectBuiltin* builtin = cluster::find_object_builtin(check.name);
    if (!builtin) return;
    for (const cluster::Kind kind : builtin->needs) {
      note(sayf(language_, "objects of the Kubernetes API ({})", "Kubernetes API 对象（{}）",
                cluster::resource_name(kind)));
    }
    if (!builtin->make) {
      note(std::string(say(language_, "the container stores of the nodes, and what runs of their images",
                           "各节点的容器存储，以及其中镜像的运行情况")));
    }
  }
  void add(const FieldCheck& check) {
    for (const cluster::DocumentKind& kind : check.kinds) {
      note(sayf(language_, "objects of the Kubernetes API ({})", "Kubernetes API 对象（{}）", kind.type()));
    }
  }
  void add(const AllOf& check) {
    for (const Check& one : check.checks) look(one);
  }
  void add(const AnyOf& check) {
    for (const Check& one : check.checks) look(one);
  }
  void sockets() { note(std::string(say(language_, "the sockets on which it listens", "进程监听的套接字"))); }

  Language language_;
  std::set<std::string> seen_;
  std::vector<std::string> list_;
};

}  // namespace

std::vector<std::string> evidence_of(const Requirement& requirement, Language language) {
  Sources sources(language);
  if (requirement.check) sources.look(*requirement.check);
  if (requirement.objects) sources.look(*requirement.objects);
  std::vector<std::string> list = sources.take();
  const bool known = built_in_components().find(requirement.object) != nullptr;
  if (requirement.scope == Scope::kNode && known && list.size() < 2) {
    Sources more(language);
    more.component(requirement.object);
    for (std::string& one : more.take()) {
      // A files check needs no version and no configuration file but where it names one.
      if (list.empty() || list.front() != one) list.push_back(std::move(one));
    }
  }
  if (list.empty()) {
    list.push_back(requirement.scope == Scope::kCluster
                       ? sayf(language, "objects of the Kubernetes API ({})", "Kubernetes API 对象（{}）",
                              requirement.object)
                       : sayf(language, "files and processes of the node ({})", "节点的文件与进程（{}）",
                              requirement.object));
  }
  return list;
}

}  // namespace baseline::cli
