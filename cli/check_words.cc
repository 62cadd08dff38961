#include "cli/check_words.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "baseline/component.h"
#include "cli/language.h"

namespace baseline::cli {
namespace {

// Puts one check of a requirement into words.
class Teller {
 public:
  Teller(const Requirement& requirement, Language language)
      : requirement_(requirement), language_(language) {}

  void tell(const Check& check, const std::string& indent) {
    std::visit([&](const auto& form) { add(form, indent); }, check.form);
  }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::string_view t(std::string_view en, std::string_view zh) const { return say(language_, en, zh); }
  std::string words(const Operand& operand) const { return operand_words(requirement_, operand, language_); }
  void line(const std::string& indent, std::string text) { lines_.push_back(indent + std::move(text)); }

  std::string setting_words(const SettingName& name) const {
    const Component* component = built_in_components().find(name.component);
    const SettingSpec* spec = component ? component->setting(name.name) : nullptr;
    std::string text;
    if (!spec || spec->flag) text = fmt::format("{} --{}", name.component, name.name);
    if (spec && !spec->config.empty()) {
      text = text.empty()
                 ? sayf(language_, "{} configuration {}", "{} 配置文件的 {}", name.component, spec->config)
                 : sayf(language_, "{} (in its configuration file: {})", "{}（配置文件中为 {}）", text,
                        spec->config);
    }
    return text;
  }

  std::string expectation_words(const Expectation& e) const {
    using Kind = Expectation::Kind;
    const std::string value = words(e.value);
    switch (e.kind) {
      case Kind::kUnset:
        return std::string(t("must not be set", "不得设置"));
      case Kind::kSet:
        return std::string(t("must be set", "必须设置"));
      case Kind::kEquals:
        return sayf(language_, "must be {}", "必须为 {}", value);
      case Kind::kNotEquals:
        return sayf(language_, "must not be {}", "不得为 {}", value);
      case Kind::kContains:
        return sayf(language_, "must contain {}", "必须包含 {}", value);
      case Kind::kLacks:
        return sayf(language_, "must not contain {}", "不得包含 {}", value);
      case Kind::kInteger:
        return sayf(language_, "must be a whole number{}", "必须为整数{}", bounds(e));
      case Kind::kDuration:
        return sayf(language_, "must be a duration{}", "必须为时长{}", bounds(e));
      case Kind::kSubsetOf:
        return sayf(language_, "must name something, and nothing outside {}", "必须设置，且仅可包含 {}",
                    value);
      case Kind::kLoopback:
        return std::string(t("must be a loopback address", "必须为回环地址"));
      case Kind::kFile:
        return std::string(t("must name a file that exists as the process sees it",
                             "必须指定文件，且该文件在进程所见的文件系统中存在"));
    }
    return {};
  }

  std::string bounds(const Expectation& e) const {
    std::string text;
    const auto add_bound = [&](const std::optional<Operand>& operand, std::string_view en,
                               std::string_view zh) {
      if (!operand) return;
      if (!text.empty()) text += t(" and", "且");
      text += fmt::format("{}{}", t(en, zh), words(*operand));
    };
    add_bound(e.minimum, " of at least ", "，不小于 ");
    add_bound(e.above, " above ", "，大于 ");
    add_bound(e.maximum, " of at most ", "，不大于 ");
    return text;
  }

  void add(const SettingCheck& check, const std::string& indent) {
    std::string unset;
    switch (check.when_unset) {
      case SettingCheck::WhenUnset::kPass:
        unset = t(" When nothing sets it, this passes.", "未设置时判为符合。");
        break;
      case SettingCheck::WhenUnset::kFail:
        unset = t(" When nothing sets it, this fails.", "未设置时判为不符合。");
        break;
      case SettingCheck::WhenUnset::kDefault:
        if (check.expect.kind != Expectation::Kind::kUnset && check.expect.kind != Expectation::Kind::kSet) {
          unset = t(" When nothing sets it, the default of the running version counts.",
                    "未设置时以所运行版本的默认值为准。");
        }
        break;
    }
    line(indent, sayf(language_, "The effective value of {} {}.{}", "{} 的生效值{}。{}",
                      setting_words(check.setting), expectation_words(check.expect), unset));
  }

  void add(const FeatureGateCheck& check, const std::string& indent) {
    if (check.must_be_enabled) {
      line(indent, sayf(language_,
                        "Feature gate {} of {} must be on, by setting or by the running version's default.",
                        "{1} 的特性门控 {0} 必须开启（显式设置，或所运行版本默认开启）。", check.gate,
                        check.component));
    } else {
      line(indent, sayf(language_, "Feature gate {} of {} must not be turned off.",
                        "{1} 的特性门控 {0} 不得被关闭。", check.gate, check.component));
    }
  }

  void add(const AdmissionCheck& check, const std::string& indent) {
    line(indent, sayf(language_,
                      "Admission plugin {} must be {} in the API server: the version's default plugins, plus "
                      "those enabled, "
                      "less those disabled.",
                      "API 服务器的准入插件 {} 必须{}：以该版本的默认插件，加上已启用的，减去已禁用的为准。",
                      check.plugin, check.enabled ? t("on", "启用") : t("off", "禁用")));
  }

  void add(const FilesCheck& check, const std::string& indent) {
    std::string what;
    if (check.mode) {
      what =
          sayf(language_, "must have no permission bit outside {:04o}", "权限位不得超出 {:04o}", *check.mode);
    }
    if (check.owners) {
      what = sayf(language_, "must belong to {}", "属主属组必须为 {}", words(*check.owners));
    }
    const std::string where = check.component.empty() ? std::string()
                                                      : sayf(language_, " on nodes that run {}",
                                                             "（运行 {} 的节点）", check.component);
    line(indent, sayf(language_, "These files{}{} {}:", "下列文件{}{}{}：",
                      check.directories ? t(" and their folders", "及其所在目录") : "", where, what));
    for (const FileSelector& selector : check.select) add_selector(selector, indent + "- ");
    switch (check.absent) {
      case FilesCheck::Absent::kNotApplicable:
        line(indent, std::string(t("Where there is none of them, the requirement does not apply.",
                                   "这些文件都不存在时，本要求不适用。")));
        break;
      case FilesCheck::Absent::kFail:
        line(indent,
             std::string(t("Where there is none of them, this fails.", "这些文件都不存在时判为不符合。")));
        break;
      case FilesCheck::Absent::kError:
        line(indent, std::string(t("Where there is none of them, the status is Error.",
                                   "这些文件都不存在时判为无法判定（Error）。")));
        break;
    }
  }

  void add_selector(const FileSelector& selector, const std::string& indent) {
    using Kind = FileSelector::Kind;
    switch (selector.kind) {
      case Kind::kManifest:
        line(indent, sayf(language_, "the static pod manifest of {}", "{} 的静态 Pod 清单", selector.name));
        break;
      case Kind::kSetting:
        line(indent,
             sayf(language_, "the file that {} names", "{} 指定的文件", setting_words(selector.setting)));
        break;
      case Kind::kWellKnown:
        line(indent, selector.name);
        break;
      case Kind::kTree:
        line(indent, tree_words(selector));
        break;
      case Kind::kUnit:
        line(indent, sayf(language_, "the systemd unit {} and its drop-ins", "systemd 单元 {} 及其 drop-in",
                          selector.name));
        break;
      case Kind::kUnitOf:
        line(indent, sayf(language_, "the systemd unit that {} runs in and its drop-ins",
                          "{} 所在的 systemd 单元及其 drop-in", selector.name));
        break;
      case Kind::kConfigOf:
        line(indent, sayf(language_, "the configuration file of {} and its drop-ins",
                          "{} 的配置文件及其 drop-in", selector.name));
        break;
      case Kind::kCni:
        line(indent, std::string(t(
                         "the files of the CNI configuration folder (the runtime's own, else /etc/cni/net.d)",
                         "CNI 配置目录中的文件（以容器运行时的设置为准，否则为 /etc/cni/net.d）")));
        break;
      case Kind::kFirst:
        line(indent, std::string(t("the first of these that is there:", "以下各项中最先存在的一项：")));
        for (const FileSelector& one : selector.first) add_selector(one, "  " + indent);
        break;
    }
  }

  // "*.crt below /etc/kubernetes/pki, the folders of the files that kube-apiserver is given by --x, --y".
  std::string tree_words(const FileSelector& selector) const {
    std::vector<std::string> places = selector.folders;
    std::vector<std::pair<std::string, std::vector<std::string>>> by_component;
    for (const SettingName& name : selector.settings) {
      if (by_component.empty() || by_component.back().first != name.component) {
        by_component.emplace_back(name.component, std::vector<std::string>());
      }
      by_component.back().second.push_back("--" + name.name);
    }
    for (const auto& [component, flags] : by_component) {
      places.push_back(sayf(language_, "the folders of the files that {} is given by {}",
                            "{} 的 {} 所指定文件的所在目录", component, join(flags, language_)));
    }
    const std::string names = join(selector.names, language_);
    return sayf(language_, "{} below {}", "{1} 之下的 {0}",
                names.empty() ? t("every file", "所有文件") : names, join(places, language_));
  }

  void add(const BuiltinCheck& check, const std::string& indent) {
    std::string text = builtin_words(requirement_, check, language_);
    if (text.empty())
      text = sayf(language_, "Judged by the built-in check {}.", "由内置检查 {} 判定。", check.name);
    line(indent, std::move(text));
  }

  void add(const FieldCheck& check, const std::string& indent) {
    std::vector<std::string> kinds;
    for (const cluster::DocumentKind& kind : check.kinds) kinds.push_back(kind.type());
    std::vector<std::string> paths;
    for (const cluster::FieldPath& path : check.paths) paths.push_back(cluster::to_string(path));
    const std::string text = quantified(check, join(kinds, language_), join(paths, language_));
    line(indent, text + absent_words(check));
  }

  std::string quantified(const FieldCheck& check, const std::string& kinds, const std::string& paths) const {
    const std::string rule = expectation_words(check.expect);
    switch (check.quantifier) {
      case FieldCheck::Quantifier::kEvery:
        return sayf(language_, "In each object of {}, every value at {} {}.",
                    "在每个 {} 对象中，{} 的每个值{}。", kinds, paths, rule);
      case FieldCheck::Quantifier::kAny:
        return sayf(language_, "In each object of {}, at least one value at {} {}.",
                    "在每个 {} 对象中，{} 至少有一个值{}。", kinds, paths, rule);
      case FieldCheck::Quantifier::kNone:
        return sayf(language_, "In each object of {}, for no value at {} this may hold: {}.",
                    "在每个 {} 对象中，{} 的任何值都不得满足：{}。", kinds, paths, rule);
    }
    return {};
  }

  std::string absent_words(const FieldCheck& check) const {
    const bool judged =
        check.expect.kind != Expectation::Kind::kSet && check.expect.kind != Expectation::Kind::kUnset;
    if (!judged) return {};
    switch (check.when_absent) {
      case FieldCheck::WhenAbsent::kFail:
        return std::string(t(" Where it is not there, this fails.", "字段不存在时判为不符合。"));
      case FieldCheck::WhenAbsent::kPass:
        return std::string(t(" Where it is not there, this passes.", "字段不存在时判为符合。"));
      case FieldCheck::WhenAbsent::kNotApplicable:
        return std::string(t(" Where it is not there, it does not apply.", "字段不存在时不适用。"));
    }
    return {};
  }

  void add(const AllOf& check, const std::string& indent) {
    line(indent, std::string(t("All of these must hold:", "以下各项必须全部满足：")));
    for (const Check& one : check.checks) tell(one, indent + "  ");
  }
  void add(const AnyOf& check, const std::string& indent) {
    line(indent, std::string(t("One of these is enough:", "满足以下任意一项即可：")));
    for (const Check& one : check.checks) tell(one, indent + "  ");
  }

  const Requirement& requirement_;
  Language language_;
  std::vector<std::string> lines_;
};

}  // namespace

std::string value_words(const base::Value& value, Language language) {
  if (!value.is_list()) {
    const std::string text = value.scalar_text();
    return text.empty() ? "\"\"" : text;
  }
  std::vector<std::string> items;
  for (const base::Value& item : value.items()) items.push_back(item.scalar_text());
  return items.empty() ? std::string(say(language, "nothing", "空")) : join(items, language);
}

std::string operand_words(const Requirement& requirement, const Operand& operand, Language language) {
  if (operand.parameter.empty()) return value_words(operand.literal, language);
  const Parameter* parameter = requirement.parameter(operand.parameter);
  return sayf(language, "parameter {} (default {})", "参数 {}（默认 {}）", operand.parameter,
              parameter ? value_words(parameter->default_value, language) : "?");
}

std::vector<std::string> judged_by(const Requirement& requirement, Language language) {
  if (!requirement.check) {
    return {std::string(say(language, "This version has no check for it; its status is NotChecked.",
                            "本版本尚未提供该要求的检查，状态为未检查（NotChecked）。"))};
  }
  Teller teller(requirement, language);
  teller.tell(*requirement.check, "");
  std::vector<std::string> lines = teller.take();
  if (!requirement.versions.from.empty()) {
    lines.push_back(sayf(language, "It applies from Kubernetes {} on; before, it is NotApplicable.",
                         "自 Kubernetes {} 起适用，更早版本为不适用。", requirement.versions.from));
  }
  if (!requirement.versions.below.empty()) {
    lines.push_back(sayf(language, "It applies below Kubernetes {}; from there on, it is NotApplicable.",
                         "适用于低于 Kubernetes {} 的版本，此后为不适用。", requirement.versions.below));
  }
  if (requirement.needs_etcd_members) {
    lines.emplace_back(
        say(language, "It applies only where etcd has several members.", "仅适用于有多个成员的 etcd。"));
  }
  return lines;
}

}  // namespace baseline::cli
