#include "cli/cluster_report.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "base/yaml.h"
#include "baseline/value_reader.h"
#include "cli/client_options.h"
#include "cli/progress.h"
#include "cli/report_view.h"
#include "cli/text.h"
#include "crds/baseline_report.h"
#include "crds/baseline_scan.h"
#include "kube/client.h"

namespace baseline::cli {
namespace {

using base::ErrorCode;
using base::Result;
using base::Value;

constexpr kube::ResourceKind kReports{crds::kGroup, crds::kVersion, "baselinereports", "BaselineReport",
                                      false};
constexpr kube::ResourceKind kScans{crds::kGroup, crds::kVersion, "baselinescans", "BaselineScan", false};
constexpr int kPage = 10;  // reports can be large

class Fetch {
 public:
  Fetch(const kube::Client& client, const ReportOptions& options, Language language)
      : client_(client), options_(options), language_(language) {}

  Result<Value> report() const { return options_.name.empty() ? newest() : by_name(); }

 private:
  std::unexpected<base::Error> not_found(std::string message) const {
    return base::fail(ErrorCode::kNotFound, std::move(message));
  }

  // Why nothing was found: the resources may not be there at all.
  base::Error explained(base::Error error) const {
    if (error.code != ErrorCode::kNotFound) return error;
    const auto served = client_.is_served(kReports);
    if (!served) return served.error();
    if (*served) return error;
    return {ErrorCode::kNotFound,
            std::string(
                say(language_,
                    "this cluster has no BaselineReport resource; install the operator first "
                    "(kubectl apply -k config/default)",
                    "该集群没有 BaselineReport 资源；请先安装 operator（kubectl apply -k config/default）")),
            {}};
  }

  Result<Value> by_name() const {
    auto found = client_.get(kReports, "", options_.name);
    if (found) return found;
    if (found.error().code != ErrorCode::kNotFound) return std::unexpected(found.error());
    base::Error error = explained(found.error());
    if (error != found.error()) return std::unexpected(std::move(error));
    std::vector<std::string> names;
    const auto all =
        for_each([&](const Value& item) { names.push_back(item.at("metadata.name").as_string()); });
    if (!all) return std::unexpected(all.error());
    if (names.empty()) return not_found(none_yet());
    const std::string near = nearest(options_.name, names);
    const std::string hint = near.empty() ? std::string(say(language_, "kubectl get breport lists them",
                                                            "可用 kubectl get breport 查看列表"))
                                          : sayf(language_, "did you mean {}?", "是否指 {}？", near);
    return not_found(
        sayf(language_, "there is no report \"{}\"; {}", "没有名为“{}”的报告；{}", options_.name, hint));
  }

  std::string none_yet() const {
    return std::string(
        say(language_, "the cluster holds no report yet; apply a BaselineScan and wait for it to complete",
            "集群中还没有报告；请应用一个 BaselineScan 并等待其完成"));
  }

  template <typename Use>
  Result<void> for_each(const Use& use) const {
    kube::ListOptions list;
    list.page_size = kPage;
    const auto end = client_.list(kReports, list, [&](std::vector<Value>&& items) {
      for (const Value& item : items) use(item);
      return true;
    });
    if (!end) return std::unexpected(explained(end.error()));
    return {};
  }

  Result<Value> newest() const {
    Value best;
    const auto all = for_each([&](const Value& item) {
      if (!options_.scan.empty() && item["scan"].as_string() != options_.scan) return;
      const std::string& finished = item["finished"].as_string();  // RFC 3339 in UTC: sorts as text
      if (!finished.empty() && finished >= best["finished"].as_string()) best = item;
    });
    if (!all) return std::unexpected(all.error());
    if (!best.is_null()) return best;
    if (options_.scan.empty()) return not_found(none_yet());
    return not_found(why_scan_has_none());
  }

  std::string why_scan_has_none() const {
    const auto object = client_.get(kScans, "", options_.scan);
    if (!object) {
      return object.error().code == ErrorCode::kNotFound
                 ? sayf(language_, "there is no BaselineScan \"{}\"; kubectl get bscan lists them",
                        "没有名为“{}”的 BaselineScan；可用 kubectl get bscan 查看列表", options_.scan)
                 : object.error().text();
    }
    const std::string& phase = object->at("status.phase").as_string();
    const std::string& progress = object->at("status.progress").as_string();
    return sayf(language_, "scan {} has no finished report yet (phase {} {})",
                "扫描 {} 还没有完成的报告（阶段 {} {}）", options_.scan, phase.empty() ? "-" : phase,
                progress);
  }

  const kube::Client& client_;
  const ReportOptions& options_;
  Language language_;
};

std::string short_hash(const std::string& hash) {
  return hash.substr(0, 12);
}

std::vector<HeadingLine> heading_of(const crds::BaselineReport& object, Language language) {
  const Report& report = object.report;
  std::vector<HeadingLine> lines;
  const auto add = [&](std::string_view en, std::string_view zh, std::string text) {
    lines.push_back({std::string(say(language, en, zh)), std::move(text)});
  };
  add("Report", "报告", object.metadata.name);
  add("Scan", "扫描", report.scan);
  add("Profile", "Profile",
      sayf(language, "{} (hash {}), standard {}", "{}（哈希 {}），标准 {}", report.profile,
           short_hash(report.profile_hash), report.standard));
  add("Cluster", "集群",
      sayf(language, "{}, Kubernetes {}", "{}，Kubernetes {}",
           report.cluster_uid.empty() ? "?" : report.cluster_uid,
           report.cluster_version.empty() ? "?" : report.cluster_version));
  if (report.finished) {
    add("Finished", "完成时间", base::format_time(*report.finished));
  } else {
    add("Finished", "完成时间",
        std::string(say(language, "not yet: the scan is under way", "尚未完成：扫描进行中")));
  }
  for (HeadingLine& line : coverage_lines(report, language)) lines.push_back(std::move(line));
  for (HeadingLine& line : lookalike_lines(report, language)) lines.push_back(std::move(line));
  if (!report.coverage.objects.empty()) {
    std::vector<std::string> kinds;
    for (const auto& [kind, count] : report.coverage.objects)
      kinds.push_back(fmt::format("{} {}", count, kind));
    add("Objects", "对象", join(kinds, language));
  }
  const Changes& changes = report.changes;
  if (!changes.previous.empty()) {
    const auto ids = [&](const std::vector<std::string>& list) {
      return list.empty() ? std::string(say(language, "none", "无")) : join(list, language);
    };
    add("Changes", "变化",
        sayf(language, "since {}: newly failing {}; fixed {}", "与 {} 相比：新增不符合 {}；已修复 {}",
             changes.previous, ids(changes.newly_failing), ids(changes.fixed)));
  }
  if (report.truncated) {
    add("Note", "提示",
        std::string(say(language, "some findings were left out to keep the object small",
                        "为控制对象大小，部分发现未写入报告")));
  }
  return lines;
}

void print_table(const crds::BaselineReport& object, const ReportOptions& options, Language language,
                 World& world) {
  View view{language, world.colour, world.width, options.statuses};
  if (options.all) {
    view.statuses.clear();
  } else if (view.statuses.empty()) {
    view.statuses = {Status::kFail, Status::kError, Status::kManual};
  }
  print_heading(world.out, heading_of(object, language), view);
  world.out << '\n' << hanging("", summary_line(object.report, language), view.width);
  print_details(world.out, object.report, view);
  const bool some = std::ranges::any_of(object.report.results, [&](const RequirementResult& r) {
    return view.statuses.empty() || std::ranges::find(view.statuses, r.status) != view.statuses.end();
  });
  if (!some)
    world.out << '\n'
              << say(language, "No requirement has such a status.", "没有处于这些状态的要求。") << '\n';
  world.out
      << '\n'
      << hanging("",
                 say(language,
                     "Everything: --all; other statuses: --status Waived,NotChecked; more on a requirement: "
                     "kubectl-baseline explain ID",
                     "显示全部：--all；其他状态：--status Waived,NotChecked；查看一条要求的详细说明："
                     "kubectl-baseline explain 编号"),
                 view.width);
}

}  // namespace

int run_report(const ReportOptions& options, Language language, World& world) {
  if (!options.name.empty() && !options.scan.empty()) {
    return complain(
        world, say(language, "give a report's name or --scan, not both", "报告名称与 --scan 只能给出一个"));
  }
  Result<Value> found;
  {
    const Progress progress(world.err, world.err_terminal,
                            std::string(say(language, "asking the API server", "正在查询 API 服务器")));
    auto transport = world.connect(options.cluster);
    if (!transport) {
      found = std::unexpected(transport.error());
    } else {
      const kube::Client client(**transport, client_options(std::chrono::seconds(5)));
      found = Fetch(client, options, language).report();
    }
  }
  if (!found) return complain(world, found.error().text());
  if (options.output != Output::kTable) {
    world.out << (options.output == Output::kJson ? base::write_json_pretty(*found)
                                                  : base::write_yaml(*found));
  } else {
    const auto report = crds::report_from_value(*found);
    if (!report) {
      return complain(world, sayf(language, "the report cannot be read by this version: {}",
                                  "本版本无法读取该报告：{}", report.error().text()));
    }
    print_table(*report, options, language, world);
  }
  if (!world.out.flush()) {
    return complain(
        world, say(language, "the report could not be written to standard output", "报告无法写入标准输出"));
  }
  return kClean;
}

}  // namespace baseline::cli
