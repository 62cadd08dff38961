#include "cli/report_view.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/text.h"
#include "sample_report.h"

namespace baseline::cli {
namespace {

using test::sample_report;
using ::testing::HasSubstr;
using ::testing::Not;

std::string details(const Report& report, const View& view) {
  std::ostringstream out;
  print_details(out, report, view);
  return out.str();
}

std::string by_section(const Report& report, const View& view) {
  std::ostringstream out;
  print_by_section(out, report, nullptr, view);
  return out.str();
}

TEST(ReportViewTest, TheWorstComesFirstAndMandatoryBeforeRecommended) {
  const std::string text = details(sample_report(), {});
  EXPECT_LT(text.find("5.6.1.1"), text.find("5.1.1.2"));  // mandatory Fail, then recommended Fail
  EXPECT_LT(text.find("5.1.1.2"), text.find("5.1.2.1"));  // then Error
  EXPECT_LT(text.find("5.1.2.1"), text.find("5.1.1.1"));  // then Pass
}

TEST(ReportViewTest, FindingsNameNodesAndRemediation) {
  const std::string text = details(
      sample_report(), {.language = Language::kEnglish, .colour = false, .width = 200, .statuses = {}});
  EXPECT_THAT(text, HasSubstr("• /etc/kubernetes/kubelet.conf"));
  EXPECT_THAT(text, HasSubstr("expected: 600 or stricter; found: 644"));
  EXPECT_THAT(text, HasSubstr("w-1, w-2, w-3, w-4, w-5, w-6 and 1 more (group-2)"));
  EXPECT_THAT(text, HasSubstr("To mend it: chmod 600"));
}

TEST(ReportViewTest, WhatFitsNoLineStandsOnTwo) {
  const std::string text = details(
      sample_report(), {.language = Language::kEnglish, .colour = false, .width = 50, .statuses = {}});
  EXPECT_THAT(text, HasSubstr("expected  600 or stricter"));
  EXPECT_THAT(text, HasSubstr("found     644"));
}

TEST(ReportViewTest, TheSameFindingOfSeveralGroupsIsToldOnce) {
  const std::string text = details(sample_report(), {});
  const std::size_t first = text.find("• /etc/kubernetes/kubelet.conf");
  EXPECT_EQ(text.find("• /etc/kubernetes/kubelet.conf", first + 1), std::string::npos);
  EXPECT_THAT(text, HasSubstr("cp-1 (group-1); w-1"));
}

TEST(ReportViewTest, OnlyTheStatusesAskedForAreShown) {
  View view;
  view.statuses = {Status::kError};
  const std::string text = details(sample_report(), view);
  EXPECT_THAT(text, HasSubstr("5.1.2.1"));
  EXPECT_THAT(text, Not(HasSubstr("5.6.1.1")));
  EXPECT_THAT(by_section(sample_report(), view), Not(HasSubstr("5.6.1")));
}

TEST(ReportViewTest, ColoursOnlyWhereAskedFor) {
  View view;
  EXPECT_THAT(details(sample_report(), view), Not(HasSubstr("\x1b")));
  view.colour = true;
  EXPECT_THAT(details(sample_report(), view), HasSubstr("\x1b[1;31mFail\x1b[0m"));
}

TEST(ReportViewTest, WhatAReportHoldsCannotCommandTheTerminal) {
  Report report = sample_report();
  report.results[3].message = "a\x1b]0;title\x07";
  report.results[3].findings[0].actual = "\x1b[2J";
  report.results[3].title = "t\x1b[H";
  EXPECT_THAT(details(report, {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(by_section(report, {}), Not(HasSubstr("\x1b")));
}

TEST(ReportViewTest, AReportWithEmptyTextsIsShownAllTheSame) {
  Report report = sample_report();
  for (RequirementResult& result : report.results) result = RequirementResult();
  EXPECT_THAT(details(report, {}) + by_section(report, {}), HasSubstr("NotChecked"));
}

TEST(ReportViewTest, LinesFitWhateverTheWidthAndLanguage) {
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    for (const std::size_t width : {50U, 72U, 100U}) {
      const View view{language, false, width, {}};
      std::istringstream lines(details(sample_report(), view) + by_section(sample_report(), view));
      for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), width) << line;
    }
  }
}

TEST(ReportViewTest, ColumnsStandBelowEachOtherInChinese) {
  const View view{Language::kChinese, false, 100, {}};
  std::istringstream lines(by_section(sample_report(), view));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t id = line.find(" 5.");
    if (!line.starts_with("  ") || id == std::string::npos) continue;
    EXPECT_EQ(display_width(line.substr(0, id)), 11U) << line;  // two blanks, eight of the status, one more
  }
}

TEST(ReportViewTest, TheSummaryCountsAndGivesTheScore) {
  EXPECT_EQ(summary_line(sample_report(), Language::kEnglish),
            "4 requirements: 2 Fail, 1 Error, 1 Pass (1 of the failing are mandatory). Score 25.0 %.");
  EXPECT_THAT(summary_line(sample_report(), Language::kChinese), HasSubstr("2 项不符合 Fail"));
}

TEST(ReportViewTest, WhereNothingWasJudgedThereIsNoScore) {
  Report report = sample_report();
  for (RequirementResult& result : report.results) result.status = Status::kNotApplicable;
  report.summary = summarize(report.results);
  EXPECT_EQ(summary_line(report, Language::kEnglish),
            "4 requirements: 4 NotApplicable. No score: nothing was judged.");
}

TEST(ReportViewTest, MissingNodesAreNamedWithTheirReasons) {
  Report report = sample_report();
  report.coverage.nodes_expected = 9;
  report.coverage.missing = {{"w-9", "the node is not ready"}};
  const auto lines = coverage_lines(report, Language::kEnglish);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].text, "8 of 9 reported");
  EXPECT_EQ(lines[1].text, "w-9: the node is not ready");
}

TEST(ReportViewTest, WhatIsOnlyNamedLikeAComponentIsToldWithTheTrueNumber) {
  Report report = sample_report();
  EXPECT_TRUE(lookalike_lines(report, Language::kEnglish).empty());
  report.coverage.lookalikes = {{"", "etcd", 1, 1}, {"shop/Deployment/cart", "kubelet", 3, 2}};
  report.coverage.lookalikes_total = 130;
  const auto lines = lookalike_lines(report, Language::kEnglish);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].label, "Left out");
  EXPECT_EQ(lines[0].text, "named like a component, but runs in a pod or as an ordinary user (130 in all)");
  EXPECT_EQ(lines[1].text, "etcd in no pod that is known (processes: 1, nodes: 1)");
  EXPECT_EQ(lines[2].text, "kubelet in shop/Deployment/cart (processes: 3, nodes: 2)");
  EXPECT_EQ(lines[3].text, "and 126 more");
  EXPECT_EQ(lookalike_lines(report, Language::kChinese)[2].text,
            "kubelet：shop/Deployment/cart（进程 3 个，节点 2 个）");
}

}  // namespace
}  // namespace baseline::cli
