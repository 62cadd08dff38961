#include "cli/scan.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "base/yaml.h"
#include "baseline/evaluate.h"
#include "baseline/facts/frame.h"
#include "baseline/process_origin.h"
#include "baseline/report_builder.h"
#include "cli/choose_profile.h"
#include "cli/facts_file.h"
#include "cli/profile_set.h"
#include "cli/progress.h"
#include "cli/report_view.h"
#include "cli/scan_objects.h"
#include "cli/standards.h"
#include "cli/text.h"
#include "crds/baseline_report.h"
#include "objects/judge.h"

namespace baseline::cli {
namespace {

using base::Result;
using ProfilePtr = std::shared_ptr<const ResolvedProfile>;

struct Node {
  std::string name;
  facts::NodeFacts facts;
};

bool is_runtime(const std::string& component) {
  constexpr std::array<std::string_view, 3> kRuntimes{"containerd", "crio", "dockerd"};
  return std::ranges::find(kRuntimes, component) != kRuntimes.end();
}

class Scan {
 public:
  Scan(const ScanOptions& options, Language language, World& world)
      : options_(options), language_(language), world_(world) {}

  int run() {
    const base::Time started = world_.clock.now();
    const auto standards = load_standards(options_.standards, world_);
    if (!standards) return kNotMade;
    const auto profile = choose_profile(options_, language_, *standards);
    if (!profile) return complain(world_, profile.error().text());
    Result<std::vector<Node>> nodes = std::vector<Node>{};
    if (options_.node) nodes = gather();
    if (!nodes) return complain(world_, nodes.error().text());
    if (options_.live) {
      auto cluster = connect_cluster(options_.cluster, world_);
      if (!cluster) return complain(world_, cluster.error().text());
      cluster_ = *std::move(cluster);
    }
    const auto judged = judge(*profile, *nodes, started);
    if (!judged) return complain(world_, judged.error().text());
    const Report& report = *judged;
    if (const auto reason = options_.node ? std::nullopt : nothing_judged(report))
      return complain(world_, *reason);
    print(report, **profile, *nodes);
    if (!world_.out.flush()) {
      return complain(world_, say(language_, "the report could not be written to standard output",
                                  "报告无法写入标准输出"));
    }
    if (incomplete_) return kNotMade;
    return reaches(report.summary, options_.fail_on) ? kFound : kClean;
  }

 private:
  base::Error invalid(std::string message) const {
    return {base::ErrorCode::kInvalid, std::move(message), {}};
  }

  Result<std::vector<Node>> gather() const {
    std::vector<Node> nodes;
    if (options_.facts.empty()) {
      const Progress progress(world_.err, world_.err_terminal,
                              sayf(language_, "looking at {}", "正在检查 {}", options_.root));
      auto facts = world_.collect(options_.root);
      if (!facts) return std::unexpected(facts.error());
      nodes.push_back({node_name(*facts, "node"), std::move(*facts)});
      return nodes;
    }
    std::set<std::string> names;
    for (const std::string& file : options_.facts) {
      auto facts = read_facts_file(file);
      if (!facts) return std::unexpected(facts.error());
      Node node{node_name(*facts, file), std::move(*facts)};
      if (!names.insert(node.name).second) {
        return std::unexpected(
            invalid(sayf(language_, "{}: these are facts of node {}, as those of a file before it",
                         "{}：这是节点 {} 的数据，与前面的文件重复", file, node.name)));
      }
      nodes.push_back(std::move(node));
    }
    return nodes;
  }

  Result<facts::NodeFacts> read_facts_file(const std::string& file) const {
    std::ifstream stream;
    if (file != "-") {
      stream.open(file, std::ios::binary);
      if (!stream || std::filesystem::is_directory(file)) {
        return base::fail(base::ErrorCode::kNotFound,
                          std::string(say(language_, "the file cannot be read; give what node-runner printed",
                                          "文件无法读取；请给出 node-runner 的输出")),
                          file);
      }
    }
    std::istream& in = file == "-" ? world_.in : stream;
    std::string bytes;
    std::string buffer(std::size_t{1} << 16, '\0');
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
      bytes.append(buffer, 0, static_cast<std::size_t>(in.gcount()));
      if (bytes.size() > facts::kMaxLogBytes) break;  // read_facts refuses it
    }
    return read_facts(bytes, file);
  }

  static std::string node_name(const facts::NodeFacts& facts, const std::string& otherwise) {
    return facts.host().hostname().empty() ? otherwise : facts.host().hostname();
  }

  Result<Report> judge(const ProfilePtr& profile, const std::vector<Node>& nodes, base::Time started) {
    Report header;
    header.standard = profile->standard->id;
    header.profile = profile->name;
    header.profile_hash = profile->hash;
    header.language = profile->language;
    header.started = started;
    if (cluster_) {
      header.cluster_uid = cluster_->uid;
      header.cluster_version = cluster_->version;
    }
    header.coverage.nodes_expected = static_cast<int>(nodes.size());
    ReportBuilder builder(profile, std::move(header));
    const base::Time now = world_.clock.now();
    for (const Node& node : nodes) {
      const NodeOutcome outcome = evaluate_node(*profile, node.facts, context_of(node.name), now);
      if (std::ranges::all_of(outcome.components, is_runtime)) bare_.insert(node.name);
      builder.fold(node.name, outcome);
    }
    if (options_.live || !options_.manifests.empty()) {
      ObjectScan objects(options_, language_, world_, cluster_ ? &*cluster_ : nullptr);
      const auto outcome = objects.judge(profile, builder.report());
      if (!outcome) return std::unexpected(outcome.error());
      builder.fold_cluster(*outcome);
      incomplete_ = objects.incomplete();
    }
    return std::move(builder).finish(now, options_.node);
  }

  NodeContext context_of(const std::string& node) const {
    NodeContext context;
    context.include_namespaces = options_.namespaces;
    if (!cluster_) return context;
    context.apiserver_version = cluster_->version;
    context.pods = objects::pods_of_node(*cluster_->client, node, cluster_->parsed_version());
    return context;
  }

  // Why a report that says nothing is none: nobody shall take its score for an answer.
  std::optional<std::string> nothing_judged(const Report& report) const {
    const RequirementResult* example = nullptr;
    for (const RequirementResult& result : report.results) {
      switch (result.status) {
        case Status::kError:
          if (!example || example->status != Status::kError) example = &result;
          break;
        case Status::kNotApplicable:
          if (!example) example = &result;
          break;
        case Status::kNotChecked:
          break;
        default:
          return std::nullopt;
      }
    }
    if (!example) return std::string(say(language_, "nothing was judged", "没有评定任何要求"));
    return sayf(language_, "nothing could be judged: {} is {}, because: {}",
                "没有任何要求得以评定：{} 为 {}，原因：{}", example->id, to_string(example->status),
                example->message);
  }

  // What the report is about, for its name.
  std::string about(const std::vector<Node>& nodes) const {
    if (!nodes.empty()) return nodes.front().name;
    return cluster_ ? "cluster" : "manifests";
  }

  void print(const Report& report, const ResolvedProfile& profile, const std::vector<Node>& nodes) const {
    if (options_.output == Output::kTable) {
      print_table(report, profile, nodes);
    } else {
      crds::BaselineReport named;
      named.metadata.name = object_name(about(nodes));
      named.report = report;
      const base::Value object = crds::to_value(named);
      world_.out << (options_.output == Output::kJson ? base::write_json_pretty(object)
                                                      : base::write_yaml(object));
    }
    warn(nodes, report.language);
  }

  static std::string object_name(const std::string& node) {
    std::string name;
    for (const char c : node) {
      const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || lower == '-' || lower == '.')
        name += lower;
    }
    return is_object_name(name) ? name : "node";
  }

  void print_table(const Report& report, const ResolvedProfile& profile,
                   const std::vector<Node>& nodes) const {
    View view{report.language, world_.colour, world_.width, {}};
    if (!options_.all) view.statuses = {Status::kFail, Status::kError, Status::kManual, Status::kWaived};
    const Language language = view.language;
    std::vector<std::string> names;
    for (const Node& node : nodes) names.push_back(node.name);
    std::vector<HeadingLine> heading;
    heading.push_back({std::string(say(language, "Standard", "标准")), profile.standard->title.in(language)});
    heading.push_back({std::string(say(language, "Profile", "Profile")), report.profile});
    std::string where = join(names, language);
    if (options_.facts.empty() && options_.root != "/") {
      where = sayf(language, "{} (below {})", "{}（位于 {}）", where, options_.root);
    }
    if (!nodes.empty()) heading.push_back({std::string(say(language, "Node", "节点")), where});
    for (HeadingLine& line : lookalike_lines(report, language)) heading.push_back(std::move(line));
    if (cluster_) {
      heading.push_back({std::string(say(language, "Cluster", "集群")),
                         sayf(language, "Kubernetes {}, {} objects", "Kubernetes {}，{} 个对象",
                              cluster_->version, objects_read(report))});
    } else if (!options_.manifests.empty()) {
      heading.push_back({std::string(say(language, "Manifests", "清单")),
                         sayf(language, "{} ({} objects)", "{}（{} 个对象）",
                              join(options_.manifests, language), objects_read(report))});
    }
    if (report.finished) {
      heading.push_back(
          {std::string(say(language, "Scanned", "扫描时间")), base::format_time(*report.finished)});
    }
    print_heading(world_.out, heading, view);
    if (options_.details) {
      print_details(world_.out, report, view);
    } else {
      print_by_section(world_.out, report, profile.standard.get(), view);
    }
    world_.out << '\n' << hanging("", summary_line(report, language), view.width);
    const std::string hint = hint_of(report, language);
    if (!hint.empty()) world_.out << hanging("", hint, view.width);
  }

  static int objects_read(const Report& report) {
    int all = 0;
    for (const auto& [kind, count] : report.coverage.objects) all += count;
    return all;
  }

  std::string hint_of(const Report& report, Language language) const {
    std::string example;
    for (const RequirementResult& result : report.results) {
      if (result.status == Status::kPass || result.status == Status::kNotApplicable ||
          result.status == Status::kNotChecked) {
        continue;
      }
      if (example.empty() || result.status == Status::kFail) example = result.id;
      if (result.status == Status::kFail) break;
    }
    if (example.empty()) return {};
    if (options_.details) {
      return sayf(language, "More on a requirement: kubectl-baseline explain {}",
                  "查看一条要求的详细说明：kubectl-baseline explain {}", example);
    }
    return sayf(language,
                "What was found and how to mend it: add --details; more on a requirement: kubectl-baseline "
                "explain {}",
                "查看具体发现与整改方法：加 --details；查看一条要求的详细说明：kubectl-baseline explain {}",
                example);
  }

  // What makes a report say less than it could: on standard error, so that the output stays a report.
  void warn(const std::vector<Node>& nodes, Language language) const {
    std::size_t errors = 0;
    const facts::CollectionError* first = nullptr;
    for (const Node& node : nodes) {
      errors += static_cast<std::size_t>(node.facts.errors_size());
      if (!first && node.facts.errors_size() > 0) first = &node.facts.errors(0);
      if (bare_.contains(node.name) && !lacks_control_groups(node.facts)) {
        note(language, sayf(language, "no Kubernetes component runs on {}",
                            "{} 上没有运行任何 Kubernetes 组件", node.name));
      }
    }
    if (!first) return;
    std::string text =
        sayf(language, "{} could not be read, such as {} ({})", "有 {} 处无法读取，例如 {}（{}）",
             language == Language::kChinese ? std::to_string(errors) : counted(errors, "thing"),
             first->subject(), first->reason());
    const bool as_root = world_.superuser || !options_.facts.empty();
    if (!as_root) text += say(language, "; run it as root to see all", "；请以 root 身份运行");
    note(language, text);
  }

  void note(Language language, const std::string& text) const {
    world_.err << say(language, "kubectl-baseline: note: ", "kubectl-baseline：提示：") << printable(text)
               << '\n';
  }

  const ScanOptions& options_;
  Language language_;
  World& world_;
  std::optional<Cluster> cluster_;  // with --cluster
  bool incomplete_ = false;         // something of the manifests was not read
  std::set<std::string> bare_;      // nodes on which no component of Kubernetes is known to run
};

}  // namespace

bool reaches(const Summary& summary, FailOn threshold) {
  switch (threshold) {
    case FailOn::kNever:
      return false;
    case FailOn::kFail:
      return summary.count(Status::kFail) > 0;
    case FailOn::kError:
      return summary.count(Status::kFail) > 0 || summary.count(Status::kError) > 0;
  }
  return false;
}

int run_scan(const ScanOptions& options, Language language, World& world) {
  return Scan(options, language, world).run();
}

}  // namespace baseline::cli
