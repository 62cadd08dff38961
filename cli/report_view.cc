#include "cli/report_view.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "baseline/report_value.h"
#include "cli/language.h"
#include "cli/text.h"

namespace baseline::cli {
namespace {

constexpr std::array kByBadness{Status::kFail, Status::kError,         Status::kManual,    Status::kWaived,
                                Status::kPass, Status::kNotApplicable, Status::kNotChecked};
constexpr std::size_t kNodesNamed = 6;
constexpr std::size_t kMissingShown = 20;
constexpr std::size_t kMessageLines = 3;  // where the details are not asked for

bool shown(const RequirementResult& result, const View& view) {
  return view.statuses.empty() || std::ranges::find(view.statuses, result.status) != view.statuses.end();
}

// The results to show, the worst first, mandatory before recommended, else as the standard has them.
std::vector<const RequirementResult*> worst_first(const Report& report, const View& view) {
  std::vector<const RequirementResult*> list;
  for (const RequirementResult& result : report.results) {
    if (shown(result, view)) list.push_back(&result);
  }
  std::ranges::stable_sort(list, {}, [](const RequirementResult* r) {
    return std::pair(badness_order(r->status), r->level == Level::kMandatory ? 0 : 1);
  });
  return list;
}

// Columns of the widest status word among those shown.
std::size_t status_columns(const std::vector<const RequirementResult*>& list, Language language) {
  std::size_t columns = 0;
  for (const RequirementResult* result : list) {
    columns = std::max(columns, display_width(status_word(result->status, language)));
  }
  return columns;
}

// "Fail    5.1.2.3" with the blanks that the column needs, and the same width in blanks.
struct Label {
  std::string text, blanks;
};

Label label_of(const RequirementResult& result, std::size_t columns, const View& view) {
  const std::string word(status_word(result.status, view.language));
  const std::string filled = padded(word, columns);
  const std::string id = padded(printable(result.id), 9);
  const std::string indent = "  ";
  return {indent + coloured(result.status, word, view.colour) + filled.substr(word.size()) + "  " + id + " ",
          std::string(indent.size() + columns + 2 + display_width(id) + 1, ' ')};
}

std::string title_of(const RequirementResult& result, Language language) {
  if (result.level == Level::kMandatory) return result.title;
  return sayf(language, "{} ({})", "{}（{}）", result.title, level_word(result.level, language));
}

// The first line carries colours, which have no width: it is put together apart from the wrapping.
void print_titled(std::ostream& out, const RequirementResult& result, const Label& label, const View& view,
                  std::size_t max_lines = 0) {
  const std::string body = hanging(label.blanks, title_of(result, view.language), view.width);
  out << label.text << (body.size() > label.blanks.size() ? body.substr(label.blanks.size()) : "\n");
  if (!result.message.empty()) out << hanging(label.blanks, result.message, view.width, max_lines);
}

std::string section_title(const Standard* standard, const std::string& id, Language language) {
  const Section* section = standard ? standard->section(id) : nullptr;
  if (!section) return printable(id);
  const std::string& title = section->title.in(language);
  const std::size_t dot = id.rfind('.');
  const Section* parent = dot == std::string::npos ? nullptr : standard->section(id.substr(0, dot));
  if (!parent) return fmt::format("{} {}", id, title);
  return sayf(language, "{} {}: {}", "{} {}：{}", id, parent->title.in(language), title);
}

std::string nodes_text(const Report& report, const std::string& group_name, Language language) {
  const auto group = std::ranges::find(report.node_groups, group_name, &NodeGroup::name);
  if (group == report.node_groups.end()) return group_name;
  std::vector<std::string> names(
      group->nodes.begin(),
      group->nodes.begin() + static_cast<std::ptrdiff_t>(std::min(group->nodes.size(), kNodesNamed)));
  std::string text = join(names, language);
  const std::size_t all = std::max(group->nodes.size(), static_cast<std::size_t>(group->nodes_total));
  if (all > names.size()) {
    text += sayf(language, " and {} more", " 等 {} 个",
                 language == Language::kChinese ? all : all - names.size());
  }
  return report.node_groups.size() > 1 ? sayf(language, "{} ({})", "{}（{}）", text, group_name) : text;
}

// Groups with the same finding are told together.
struct Told {
  const Finding* finding;
  std::vector<std::string> groups;
};

std::vector<Told> merged(const std::vector<Finding>& findings) {
  std::vector<Told> list;
  for (const Finding& finding : findings) {
    Finding key = finding;
    key.node_group.clear();
    const auto same = std::ranges::find_if(list, [&](const Told& told) {
      Finding other = *told.finding;
      other.node_group.clear();
      return other == key;
    });
    if (same == list.end()) {
      list.push_back({&finding, {finding.node_group}});
    } else {
      same->groups.push_back(finding.node_group);
    }
  }
  return list;
}

void print_finding(std::ostream& out, const Report& report, const Told& told, const std::string& blanks,
                   const View& view) {
  const Language language = view.language;
  const Finding& finding = *told.finding;
  std::string subject = finding.subject;
  if (!finding.object.empty()) subject = subject.empty() ? finding.object : finding.object + ": " + subject;
  out << hanging(blanks + "• ", subject.empty() ? finding.actual : subject, view.width);
  const std::size_t columns = language == Language::kChinese ? 6 : 10;
  const auto line = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) out << hanging(blanks + "  " + padded(label, columns), text, view.width);
  };
  const std::string both =
      sayf(language, "expected: {}; found: {}", "应为：{}；实为：{}", finding.expected, finding.actual);
  const bool short_enough = display_width(blanks) + 2 + display_width(printable(both)) <= view.width;
  if (!subject.empty() && !finding.expected.empty() && !finding.actual.empty() && short_enough) {
    out << hanging(blanks + "  ", both, view.width);
  } else {
    line(say(language, "expected", "应为"), finding.expected);
    if (!subject.empty()) line(say(language, "found", "实为"), finding.actual);
  }
  line(say(language, "waived by", "豁免"), finding.waived_by);
  std::string nodes;
  if (report.coverage.nodes_reported > 1) {
    for (const std::string& group : told.groups) {
      if (group.empty()) continue;
      if (!nodes.empty()) nodes += say(language, "; ", "；");
      nodes += nodes_text(report, group, language);
    }
  }
  line(say(language, "on", "节点"), nodes);
}

}  // namespace

int badness_order(Status status) {
  return static_cast<int>(std::ranges::find(kByBadness, status) - kByBadness.begin());
}

std::string coloured(Status status, std::string text, bool colour) {
  if (!colour) return text;
  std::string_view code;
  switch (status) {
    case Status::kFail:
      code = "1;31";
      break;
    case Status::kError:
      code = "35";
      break;
    case Status::kManual:
      code = "33";
      break;
    case Status::kWaived:
      code = "36";
      break;
    case Status::kPass:
      code = "32";
      break;
    case Status::kNotApplicable:
    case Status::kNotChecked:
      code = "2";
      break;
  }
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string bold(std::string text, bool colour) {
  text = printable(text);
  return colour ? fmt::format("\x1b[1m{}\x1b[0m", text) : text;
}

std::string summary_line(const Report& report, Language language) {
  std::vector<std::string> parts;
  for (const Status status : kByBadness) {
    const int count = report.summary.count(status);
    // The contract's names stand beside the Chinese words: --status and -o json know only those.
    if (count > 0) {
      parts.push_back(
          sayf(language, "{} {}", "{} 项{} {}", count, status_word(status, language), to_string(status)));
    }
  }
  const auto mandatory = report.summary.by_level.find(Level::kMandatory);
  int failing = 0;
  if (mandatory != report.summary.by_level.end()) {
    const auto count = mandatory->second.find(Status::kFail);
    if (count != mandatory->second.end()) failing = count->second;
  }
  std::string note;
  if (failing > 0)
    note = sayf(language, " ({} of the failing are mandatory)", "（不符合项中 {} 项为强制要求）", failing);
  const int judged = report.summary.count(Status::kPass) + report.summary.count(Status::kFail) +
                     report.summary.count(Status::kError);
  const std::string score =
      judged == 0 ? std::string(say(language, "No score: nothing was judged.", "未作判定，没有得分。"))
                  : sayf(language, "Score {} %.", "得分 {}%。", score_text(report.summary.score));
  return sayf(language, "{} requirements: {}{}. {}", "共 {} 条要求：{}{}。{}", report.results.size(),
              join(parts, language), note, score);
}

void print_by_section(std::ostream& out, const Report& report, const Standard* standard, const View& view) {
  std::vector<std::string> sections;
  for (const RequirementResult& result : report.results) {
    if (std::ranges::find(sections, result.section) == sections.end()) sections.push_back(result.section);
  }
  const std::vector<const RequirementResult*> list = worst_first(report, view);
  const std::size_t columns = status_columns(list, view.language);
  for (const std::string& section : sections) {
    bool titled = false;
    for (const RequirementResult* result : list) {
      if (result->section != section) continue;
      if (!titled) out << '\n' << bold(section_title(standard, section, view.language), view.colour) << '\n';
      titled = true;
      print_titled(out, *result, label_of(*result, columns, view), view, kMessageLines);
    }
  }
}

void print_details(std::ostream& out, const Report& report, const View& view) {
  const Language language = view.language;
  const std::vector<const RequirementResult*> list = worst_first(report, view);
  const std::size_t columns = status_columns(list, language);
  for (const RequirementResult* result : list) {
    out << '\n';
    const Label label = label_of(*result, columns, view);
    print_titled(out, *result, label, view);
    const std::string& blanks = label.blanks;
    for (const Told& told : merged(result->findings)) print_finding(out, report, told, blanks, view);
    if (!result->remediation.empty()) {
      out << hanging(blanks, sayf(language, "To mend it: {}", "整改：{}", result->remediation), view.width);
    }
    if (result->since) {
      out << hanging(blanks,
                     sayf(language, "So since {}.", "自 {} 起为此状态。", base::format_time(*result->since)),
                     view.width);
    }
  }
}

void print_heading(std::ostream& out, const std::vector<HeadingLine>& lines, const View& view) {
  std::size_t columns = 0;
  for (const HeadingLine& line : lines) columns = std::max(columns, display_width(line.label));
  for (const HeadingLine& line : lines) {
    out << hanging(padded(line.label, columns + 2), line.text, view.width);
  }
}

std::vector<HeadingLine> coverage_lines(const Report& report, Language language) {
  const Coverage& coverage = report.coverage;
  std::vector<HeadingLine> lines;
  lines.push_back({std::string(say(language, "Nodes", "节点")),
                   sayf(language, "{} of {} reported", "{1} 个节点中 {0} 个已上报", coverage.nodes_reported,
                        coverage.nodes_expected)});
  const auto all = static_cast<std::size_t>(coverage.nodes_missing());
  if (all > kMissingShown && !coverage.reasons.empty()) {
    for (const MissingReason& reason : coverage.reasons) {
      lines.push_back({"", sayf(language, "{} nodes, such as {}: {}", "{} 个节点，例如 {}：{}", reason.nodes,
                                reason.names.empty() ? "?" : reason.names.front(), reason.reason)});
    }
    return lines;
  }
  const std::size_t shown = std::min(coverage.missing.size(), kMissingShown);
  for (const MissingNode& missing : std::span(coverage.missing).first(shown)) {
    lines.push_back({"", sayf(language, "{}: {}", "{}：{}", missing.node, missing.reason)});
  }
  if (all > shown) lines.push_back({"", sayf(language, "and {} more", "另有 {} 个节点", all - shown)});
  return lines;
}

std::vector<HeadingLine> lookalike_lines(const Report& report, Language language) {
  const Coverage& coverage = report.coverage;
  std::vector<HeadingLine> lines;
  if (coverage.lookalikes.empty()) return lines;
  lines.push_back(
      {std::string(say(language, "Left out", "未计入")),
       sayf(language, "named like a component, but runs in a pod or as an ordinary user ({} in all)",
            "名称与组件相同，但运行在 Pod 中或由普通用户运行的进程（共 {} 个）", coverage.lookalikes_total)});
  std::int64_t listed = 0;
  for (const Lookalike& one : coverage.lookalikes) {
    listed += one.processes;
    const std::string where =
        one.object.empty() ? std::string(say(language, "no pod that is known", "无已知 Pod")) : one.object;
    lines.push_back(
        {"", sayf(language, "{} in {} (processes: {}, nodes: {})", "{}：{}（进程 {} 个，节点 {} 个）",
                  one.component, where, one.processes, one.nodes)});
  }
  if (coverage.lookalikes_total > listed)
    lines.push_back({"", sayf(language, "and {} more", "另有 {} 个", coverage.lookalikes_total - listed)});
  return lines;
}

}  // namespace baseline::cli
