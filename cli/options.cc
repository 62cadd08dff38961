#include "cli/options.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "baseline/value_reader.h"
#include "cli/choices.h"
#include "cli/help.h"

namespace baseline::cli {
namespace {

const Choices<Output> kOutputs{{"table", Output::kTable}, {"json", Output::kJson}, {"yaml", Output::kYaml}};
const Choices<FailOn> kThresholds{
    {"Fail", FailOn::kFail}, {"Error", FailOn::kError}, {"never", FailOn::kNever}};
const Choices<Language> kLanguages{{"en", Language::kEnglish}, {"zh", Language::kChinese}};
const Choices<Status> kStatuses{{"Fail", Status::kFail},
                                {"Error", Status::kError},
                                {"Manual", Status::kManual},
                                {"Waived", Status::kWaived},
                                {"Pass", Status::kPass},
                                {"NotApplicable", Status::kNotApplicable},
                                {"NotChecked", Status::kNotChecked}};

// One command line while it is read. What CLI11 throws is caught in parse().
class Parser {
 public:
  explicit Parser(Language environment) : environment_(environment), app_("", "kubectl-baseline") {}

  Options parse(int argc, const char* const* argv) {
    // The language decides about the words of help and of mistakes, so it is looked for first.
    look_for_language(argc, argv);
    declare();
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return early(0, app_.help());
    } catch (const CLI::CallForVersion&) {
      return early(0, "kubectl-baseline " BASELINE_VERSION "\n");
    } catch (const CLI::ParseError& error) {
      return early(kNotMade, mistake(error));
    }
    return result();
  }

 private:
  std::string_view t(std::string_view en, std::string_view zh) const { return say(language_, en, zh); }
  std::string ts(std::string_view en, std::string_view zh) const { return std::string(t(en, zh)); }

  void look_for_language(int argc, const char* const* argv) {
    language_ = environment_;
    for (int i = 1; i < argc; ++i) {
      const std::string_view word = argv[i];
      const std::string_view value = word.starts_with("--lang=")        ? word.substr(7)
                                     : word == "--lang" && i + 1 < argc ? std::string_view(argv[i + 1])
                                                                        : std::string_view();
      if (value == "zh") asked_ = Language::kChinese;
      if (value == "en") asked_ = Language::kEnglish;
    }
    if (asked_) language_ = *asked_;
  }

  CLI::App* command(CLI::App& parent, const std::string& name, std::string_view en, std::string_view zh) {
    CLI::App* sub = parent.add_subcommand(name, ts(en, zh));
    sub->set_help_flag("-h,--help", ts("say all this", "显示本说明"));
    sub->fallthrough(false);
    return sub;
  }

  // An option that takes one of a few words.
  template <typename T>
  void add_choice(CLI::App& sub, const std::string& name, const Choices<T>& choices, T& target,
                  std::string description) {
    std::string type;
    for (const auto& [word, value] : choices) type += (type.empty() ? "" : "|") + word;
    sub.add_option_function<std::string>(
           name, [&choices, &target](const std::string& word) { target = *chosen_of(choices, word); },
           std::move(description))
        ->type_name(type)
        ->check(among(choices, language_));
  }

  void add_language(CLI::App& sub, std::string_view en, std::string_view zh) {
    add_choice(sub, "--lang", kLanguages, language_, ts(en, zh));
  }

  void add_output(CLI::App& sub, Output& output) {
    add_choice(sub, "-o,--output", kOutputs, output,
               ts("form of the output (default table)", "输出格式（默认 table）"));
  }

  void add_standards(CLI::App& sub, std::vector<std::string>& folders) {
    sub.add_option("--standards", folders,
                   ts("a folder with a further standard, or with folders of standards; may be repeated",
                      "存放其他标准的目录，或其下每个子目录各为一个标准；可重复"))
        ->type_name("DIR")
        ->allow_extra_args(false);
  }

  void add_cluster(CLI::App& sub, ClusterOptions& cluster) {
    sub.add_option(
           "--kubeconfig", cluster.kubeconfig,
           ts("kubeconfig file (default: as kubectl finds it)", "kubeconfig 文件（默认与 kubectl 相同）"))
        ->type_name("FILE");
    sub.add_option("--context", cluster.context, ts("context of the kubeconfig", "kubeconfig 中的 context"))
        ->type_name("NAME");
  }

  void declare() {
    app_.description(ts("Holds Kubernetes to a security baseline, with nothing installed in the cluster.",
                        "按安全基线检查 Kubernetes，无需在集群中安装任何组件。"));
    app_.formatter(std::make_shared<HelpFormatter>(language_));
    app_.set_help_flag("-h,--help", ts("say all this", "显示本说明"));
    app_.set_version_flag("--version", std::string(), ts("print the version", "显示版本"));
    app_.footer(
        ts("kubectl-baseline COMMAND --help says more about a command. As a plugin: kubectl baseline …",
           "各命令的详细说明见 kubectl-baseline 命令 --help。作为插件使用：kubectl baseline …"));
    declare_scan();
    declare_explain();
    declare_profile();
    declare_report();
    version_ = command(app_, "version", "print the version and the built-in standards", "显示版本和内置标准");
    version_->add_flag("--short", number_.only_number, ts("only the number", "仅显示版本号"));
    add_language(*version_, "language of the output", "输出语言");
  }

  void declare_scan() {
    scan_ = command(app_, "scan", "judge this node, a folder of manifests or the objects of a cluster",
                    "检查本节点、清单目录或集群中的对象");
    scan_->add_flag("--node", node_,
                    ts("this node's files and processes (the default when nothing else is named)",
                       "检查本节点的文件与进程（未指定其他来源时的默认行为）"));
    root_ = scan_
                ->add_option("--root", scan_options_.root,
                             ts("where the node's root is (default /); processes are read from DIR/proc",
                                "节点根目录所在位置（默认 /），进程信息取自 DIR/proc"))
                ->type_name("DIR");
    scan_
        ->add_option(
            "--facts", scan_options_.facts,
            ts("judge what node-runner gathered earlier (its log or --output binary), a file a node; "
               "- is standard input",
               "检查 node-runner 先前收集的结果（日志或 --output binary），每个节点一个文件；- 为标准输入"))
        ->type_name("FILE…")
        ->expected(1, -1);
    scan_
        ->add_option("--manifests", scan_options_.manifests,
                     ts("Kubernetes objects in files and folders: YAML of many documents, JSON, Lists",
                        "检查文件或目录中的 Kubernetes 对象：多文档 YAML、JSON、List"))
        ->type_name("PATH…")
        ->expected(1, -1);
    scan_->add_flag("--cluster", scan_options_.live,
                    ts("the objects of a cluster, read from its API server; never a Secret",
                       "检查集群中的对象，从 API 服务器读取；从不读取 Secret"));
    add_cluster(*scan_, scan_options_.cluster);
    scan_
        ->add_option("--namespace", scan_options_.namespaces,
                     ts("only workloads of these namespaces; a trailing * stands for anything",
                        "仅检查这些命名空间的工作负载；末尾的 * 表示任意内容"))
        ->type_name("NS…")
        ->delimiter(',')
        ->expected(1, -1);
    scan_
        ->add_option("--profile", scan_options_.profiles,
                     ts("files of BaselineProfile objects, or names of built-in profiles (default: every "
                        "requirement of the built-in standard)",
                        "BaselineProfile 文件，或内置 Profile 的名称（默认检查内置标准的全部要求）"))
        ->type_name("FILE…")
        ->expected(1, -1);
    scan_
        ->add_option("--profile-name", scan_options_.profile_name,
                     ts("which profile, where the files hold several", "文件中有多个 Profile 时使用哪一个"))
        ->type_name("NAME");
    add_standards(*scan_, scan_options_.standards);
    scan_
        ->add_option("--requirement", scan_options_.requirements,
                     ts("only these requirements: ids or prefixes such as 5.6",
                        "仅检查这些要求：编号或前缀（如 5.6）"))
        ->type_name("ID…")
        ->delimiter(',')
        ->expected(1, -1);
    add_language(*scan_, "language of the report (default: the profile's, else the environment's)",
                 "报告语言（默认取 Profile 的语言，否则取环境变量）");
    add_output(*scan_, scan_options_.output);
    add_choice(*scan_, "--fail-on", kThresholds, scan_options_.fail_on,
               ts("exit with status 1 from this status on (default Fail)",
                  "出现该状态或更严重的状态时退出码为 1（默认 Fail）"));
    scan_->add_flag("--details", scan_options_.details,
                    ts("findings and remediation below each requirement", "显示每条要求的发现与整改方法"));
    scan_->add_flag("--all", scan_options_.all,
                    ts("also what passes or does not apply", "同时显示符合与不适用的要求"));
    scan_->footer(
        ts("Exit status: 0 nothing at or above --fail-on, 1 something is, 2 the scan could not be made.",
           "退出码：0 没有达到 --fail-on 的项；1 有；2 无法完成扫描。"));
  }

  void declare_explain() {
    explain_ = command(app_, "explain", "what a requirement asks, why, how it is judged and how to mend it",
                       "说明一条要求：内容、理由、判定方式与整改方法");
    explain_
        ->add_option("ID", explain_options_.id,
                     ts("a requirement such as 5.1.2.3, or a prefix such as 5.6 for a list",
                        "要求编号（如 5.1.2.3），或用前缀（如 5.6）列出其下的要求"))
        ->type_name("");
    add_standards(*explain_, explain_options_.standards);
    add_language(*explain_, "language of the output", "输出语言");
    add_output(*explain_, explain_options_.output);
  }

  void declare_profile() {
    profile_ = command(app_, "profile", "work on profiles", "处理 Profile");
    profile_->require_subcommand(1);
    lint_ = command(*profile_, "lint", "name every mistake in BaselineProfile files",
                    "指出 BaselineProfile 文件中的所有错误");
    lint_
        ->add_option("FILE", lint_options_.files,
                     ts("files of BaselineProfile objects", "BaselineProfile 文件"))
        ->type_name("")
        ->required()
        ->expected(1, -1);
    add_standards(*lint_, lint_options_.standards);
    add_language(*lint_, "language of the output", "输出语言");
    lint_->footer(ts("Exit status: 0 no mistake, 1 mistakes, 2 a file cannot be read.",
                     "退出码：0 没有错误；1 有错误；2 文件无法读取。"));
  }

  void declare_report() {
    report_ = command(app_, "report", "show a report that the cluster holds, worst first",
                      "显示集群中的报告，最严重的在前");
    ReportOptions& o = report_options_;
    report_
        ->add_option("NAME", o.name,
                     ts("its name (default: the newest finished one)", "报告名称（默认最近完成的一份）"))
        ->type_name("");
    report_->add_option("--scan", o.scan, ts("the last finished report of this scan", "该扫描最近完成的报告"))
        ->type_name("NAME");
    add_cluster(*report_, o.cluster);
    report_
        ->add_option("--status", statuses_,
                     ts("only requirements of these statuses (default Fail,Error,Manual)",
                        "仅显示这些状态的要求（默认 Fail,Error,Manual）"))
        ->type_name("Fail,Error…")
        ->delimiter(',')
        ->expected(1, -1)
        ->check(among(kStatuses, language_));
    report_->add_flag("--all", o.all, ts("every requirement", "显示所有要求"));
    add_language(*report_, "language of the headings", "标题语言");
    add_output(*report_, o.output);
  }

  // The deepest command that was named.
  CLI::App& chosen() {
    CLI::App* app = &app_;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    return *app;
  }

  // Its name with those of its parents.
  std::string path() {
    std::string name = app_.get_name();
    for (CLI::App* app = &app_; !app->get_subcommands().empty();) {
      app = app->get_subcommands().front();
      name += ' ' + app->get_name();
    }
    return name;
  }

  Options early(int status, std::string text) { return {Early{status, std::move(text)}, language_}; }

  std::string mistake(const CLI::ParseError& error) {
    const std::string see = fmt::format("{} {} --help", t("see", "参见"), path());
    const auto line = [&](std::string what) {
      return fmt::format("kubectl-baseline: {}{}{}\n", what, t("; ", "；"), see);
    };
    const std::vector<std::string> left = app_.remaining(true);
    if (!left.empty()) return line(unknown(left.front()));
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
      if (&chosen() == profile_)
        return line(ts("profile needs a command: lint", "profile 需要一个命令：lint"));
      return line(ts("name at least one file", "请至少给出一个文件"));
    }
    std::string what = error.what();
    std::ranges::replace(what, '\n', ' ');
    return line(what);
  }

  std::string unknown(const std::string& word) {
    const bool option = word.starts_with('-');
    std::vector<std::string> known;
    if (option) {
      for (const CLI::Option* one : chosen().get_options()) {
        for (const std::string& name : one->get_lnames()) known.push_back("--" + name);
      }
    } else {
      for (const CLI::App* one : chosen().get_subcommands(nullptr)) known.push_back(one->get_name());
    }
    std::string text;
    if (option) {
      text = sayf(language_, "unknown option {}", "未知选项 {}", word);
    } else if (known.empty()) {
      text = sayf(language_, "unexpected argument \"{}\"", "多余的参数“{}”", word);
    } else {
      text = sayf(language_, "unknown command \"{}\"", "未知命令“{}”", word);
    }
    const std::string near = nearest(word, known);
    if (!near.empty()) text += sayf(language_, " (did you mean {}?)", "（是否想用 {}？）", near);
    if (near.empty() && !option && !known.empty()) {
      text += fmt::format("{}{}", t("; known are ", "；可用命令："), join(known, language_));
    }
    return text;
  }

  Options result() {
    Options options;
    options.language = language_;
    if (scan_->parsed()) {
      ScanOptions& scan = scan_options_;
      if (scan.live && !scan.manifests.empty()) {
        return early(kNotMade,
                     ts("kubectl-baseline: --manifests and --cluster are two sources of the same objects: "
                        "name one of them; see kubectl-baseline scan --help\n",
                        "kubectl-baseline: --manifests 与 --cluster 是同一类对象的两个来源，请只指定其一；"
                        "参见 kubectl-baseline scan --help\n"));
      }
      scan.language = asked_;
      scan.node =
          node_ || root_->count() > 0 || !scan.facts.empty() || (!scan.live && scan.manifests.empty());
      options.command = std::move(scan);
    } else if (explain_->parsed()) {
      options.command = std::move(explain_options_);
    } else if (lint_->parsed()) {
      options.command = std::move(lint_options_);
    } else if (report_->parsed()) {
      for (const std::string& word : statuses_)
        report_options_.statuses.push_back(*chosen_of(kStatuses, word));
      options.command = std::move(report_options_);
    } else if (version_->parsed()) {
      options.command = number_;
    } else {
      return early(0, app_.help());
    }
    return options;
  }

  Language environment_;
  Language language_ = Language::kEnglish;
  std::optional<Language> asked_;
  CLI::App app_;
  CLI::App *scan_ = nullptr, *explain_ = nullptr, *profile_ = nullptr, *lint_ = nullptr, *report_ = nullptr,
           *version_ = nullptr;
  CLI::Option* root_ = nullptr;
  bool node_ = false;
  std::vector<std::string> statuses_;
  ScanOptions scan_options_;
  ExplainOptions explain_options_;
  LintOptions lint_options_;
  ReportOptions report_options_;
  VersionOptions number_;
};

}  // namespace

Options parse_options(int argc, const char* const* argv, Language environment) {
  return Parser(environment).parse(argc, argv);
}

}  // namespace baseline::cli
