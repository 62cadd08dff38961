#include <gtest/gtest.h>

#include "base/json.h"
#include "baseline/phrase.h"
#include "baseline/report_value.h"
#include "hidden_texts.h"
#include "report_support.h"

namespace baseline {
namespace {

using testing::kHiddenText;
using testing::shows_hidden;

void expect_seen(const base::Value& value, const std::string& path) {
  EXPECT_FALSE(shows_hidden(value.as_string())) << path << ": " << value.as_string();
  for (const auto& [key, member] : value.members()) {
    EXPECT_FALSE(base::has_hidden(key)) << path << ": " << key;
    expect_seen(member, path + "." + key);
  }
  for (const base::Value& item : value.items()) expect_seen(item, path + "[]");
}

Report hostile() {
  Report report = testing::header(1);
  report.scan = report.standard = report.profile = report.cluster_version = kHiddenText;
  report.coverage.missing = {{kHiddenText, kHiddenText}};
  report.coverage.objects = {{kHiddenText, 1}};
  report.changes = {kHiddenText, {kHiddenText}, {kHiddenText}};
  report.node_groups = {{kHiddenText, {kHiddenText}, {kHiddenText}, 1, {kHiddenText}, kHiddenText}};
  RequirementResult result;
  result.id = result.title = result.section = result.message = result.remediation = kHiddenText;
  result.absent_component = kHiddenText;
  result.findings = {{kHiddenText, kHiddenText, kHiddenText, kHiddenText, kHiddenText, kHiddenText}};
  report.results = {result};
  return report;
}

TEST(ReportHidden, NothingHiddenIsWritten) {
  expect_seen(to_value(hostile()), "");
}

TEST(ReportHidden, ANameCannotBreakALine) {
  const base::Value value = to_value(hostile());
  const base::Value& finding = value["results"].items().at(0)["findings"].items().at(0);
  for (const auto& [key, text] : finding.members()) EXPECT_FALSE(text.as_string().contains('\n')) << key;
  EXPECT_FALSE(render(phrase("field.value", "spec.x", kHiddenText), Language::kEnglish).contains('\n'));
}

TEST(ReportHidden, LinesOfARemediationStay) {
  Report report = testing::header(1);
  report.results.resize(1);
  report.results[0].remediation = "one\n\ttwo";
  EXPECT_EQ(to_value(report)["results"].items().at(0)["remediation"].as_string(), "one\n\ttwo");
}

TEST(ReportHidden, EscapesCountAgainstTheBound) {
  Report report = hostile();
  std::string name;
  for (int i = 0; i < 1000; ++i) name += "\u202E";
  report.results[0].findings.assign(100, {name, name, name, "", "", ""});
  const base::Value value = to_value(report);
  EXPECT_LE(base::write_json(value).size(), kMaxReportBytes);
  EXPECT_TRUE(value["truncated"].as_bool());
}

TEST(ReportHidden, WordsOfAPhraseAreEscapedInBothLanguages) {
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    const std::string text = render(phrase("field.value", kHiddenText, kHiddenText), language);
    EXPECT_FALSE(shows_hidden(text)) << text;
    EXPECT_FALSE(shows_hidden(render(phrase("no-such-key", kHiddenText), language)));
  }
}

}  // namespace
}  // namespace baseline
