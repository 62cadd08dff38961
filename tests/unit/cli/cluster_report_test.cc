#include "cli/cluster_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "crds/baseline_report.h"
#include "hidden_texts.h"
#include "kube/fake_api_server.h"
#include "program.h"
#include "sample_report.h"

namespace baseline::cli {
namespace {

using kube::testing::FakeApiServer;
using test::Borrowed;
using test::lines_in;
using test::Program;
using test::sample_report;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr kube::ResourceKind kReports{crds::kGroup, crds::kVersion, "baselinereports", "BaselineReport",
                                      false};
constexpr kube::ResourceKind kScans{crds::kGroup, crds::kVersion, "baselinescans", "BaselineScan", false};

class ClusterReportTest : public ::testing::Test {
 protected:
  ClusterReportTest() {
    program.connect =
        [this](const ClusterOptions& options) -> base::Result<std::unique_ptr<kube::Transport>> {
      asked = options;
      return std::make_unique<Borrowed>(server);
    };
  }
  void serve() {
    server.serve(kReports);
    server.serve(kScans);
  }
  void put(const std::string& name, const std::string& scan, const std::string& finished) {
    crds::BaselineReport object;
    object.metadata.name = name;
    object.report = sample_report();
    object.report.scan = scan;
    object.report.finished.reset();
    if (!finished.empty()) object.report.finished = *base::parse_time(finished);
    server.put(kReports, crds::to_value(object));
  }

  FakeApiServer server;
  Program program;
  ClusterOptions asked;
};

TEST_F(ClusterReportTest, TheNewestFinishedIsShown) {
  serve();
  put("old", "nightly", "2026-01-29T02:00:00Z");
  put("new", "weekly", "2026-01-30T02:00:00Z");
  put("under-way", "nightly", "");
  const auto ran = program({"report"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Report    new"), HasSubstr("weekly"), HasSubstr("v1.36.3"),
                             HasSubstr("8 of 8 reported"), HasSubstr("To mend it: chmod 600"),
                             HasSubstr("Score 25.0 %")));
  EXPECT_THAT(ran.out, Not(HasSubstr("Manifest of the API server")));
  EXPECT_THAT(program({"report", "--scan", "nightly"}).out, HasSubstr("Report    old"));
  EXPECT_THAT(program({"report", "under-way"}).out, HasSubstr("under way"));
}

TEST_F(ClusterReportTest, StatusesAndAllChooseWhatIsShown) {
  serve();
  put("r", "nightly", "2026-01-29T02:00:00Z");
  EXPECT_THAT(program({"report", "--all"}).out, HasSubstr("Manifest of the API server"));
  EXPECT_THAT(program({"report", "--status", "Pass"}).out,
              AllOf(HasSubstr("Manifest of the API server"), Not(HasSubstr("5.6.1.1"))));
  EXPECT_THAT(program({"report", "--status", "Waived"}).out, HasSubstr("No requirement has such a status"));
  EXPECT_THAT(program({"report", "--lang", "zh"}).out, AllOf(HasSubstr("报告"), HasSubstr("不符合")));
}

TEST_F(ClusterReportTest, MissingNodesAndChangesStandInTheHeading) {
  serve();
  crds::BaselineReport object;
  object.metadata.name = "r";
  object.report = sample_report();
  object.report.coverage.nodes_expected = 9;
  object.report.coverage.missing = {{"w-9", "the node is not ready"}};
  object.report.changes = {"before", {"5.6.1.1"}, {}};
  server.put(kReports, crds::to_value(object));
  EXPECT_THAT(program({"report"}).out,
              AllOf(HasSubstr("8 of 9 reported"), HasSubstr("w-9: the node is not ready"),
                    HasSubstr("since before: newly failing 5.6.1.1; fixed none")));
}

TEST_F(ClusterReportTest, JsonIsTheObjectAsTheClusterHasIt) {
  serve();
  put("r", "nightly", "2026-01-29T02:00:00Z");
  const auto value = base::parse_json(program({"report", "r", "-o", "json"}).out, "report");
  ASSERT_TRUE(value.has_value());
  EXPECT_FALSE(value->at("metadata.uid").as_string().empty());
  EXPECT_TRUE(crds::report_from_value(*value).has_value());
}

TEST_F(ClusterReportTest, KubeconfigAndContextArePassedOn) {
  serve();
  put("r", "nightly", "2026-01-29T02:00:00Z");
  program({"report", "--kubeconfig", "/k", "--context", "c"});
  EXPECT_EQ(asked.kubeconfig, "/k");
  EXPECT_EQ(asked.context, "c");
}

TEST_F(ClusterReportTest, AnUnknownReportIsNamedWithItsNeighbour) {
  serve();
  put("nightly-1", "nightly", "2026-01-29T02:00:00Z");
  const auto ran = program({"report", "nightly-2"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(lines_in(ran.err), 1U);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("no report \"nightly-2\""), HasSubstr("did you mean nightly-1?")));
}

TEST_F(ClusterReportTest, WhyThereIsNone) {
  serve();
  EXPECT_THAT(program({"report"}).err, HasSubstr("no report yet"));
  EXPECT_THAT(program({"report", "x"}).err, HasSubstr("no report yet"));
  EXPECT_THAT(program({"report", "--scan", "x"}).err, HasSubstr("no BaselineScan \"x\""));
  base::Value scan = *base::parse_json(
      R"({"metadata":{"name":"x"},"spec":{},"status":{"phase":"Collecting","progress":"1/3"}})", "scan");
  server.put(kScans, scan);
  EXPECT_THAT(program({"report", "--scan", "x"}).err, HasSubstr("phase Collecting 1/3"));
  EXPECT_THAT(program({"report", "a", "--scan", "x"}).err, HasSubstr("not both"));
}

TEST_F(ClusterReportTest, AClusterWithoutTheResourcesIsToldAsSuch) {
  const auto ran = program({"report"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("no BaselineReport resource"));
  EXPECT_THAT(program({"report", "x"}).err, HasSubstr("no BaselineReport resource"));
}

TEST_F(ClusterReportTest, RefusalsAreOneLine) {
  serve();
  put("r", "nightly", "2026-01-29T02:00:00Z");
  for (const int status : {401, 403}) {
    server.fail_next("GET", "baselinereports", status);
    const auto ran = program({"report"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(lines_in(ran.err), 1U) << ran.err;
  }
  program.connect = [](const ClusterOptions&) {
    return base::fail(base::ErrorCode::kInvalid, "the user has no usable credentials", "kubeconfig");
  };
  const auto ran = program({"report"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.err, "kubectl-baseline: kubeconfig: the user has no usable credentials\n");
}

// Whoever may write a report must not reach the terminal of whoever reads it.
TEST_F(ClusterReportTest, NothingHiddenInAReportOfOthersIsPrinted) {
  serve();
  put("r", "nightly", "2026-01-30T02:00:09Z");
  base::Value object = server.find(kReports, "", "r").value();
  const std::string& hidden = baseline::testing::kHiddenText;
  for (const char* key : {"scan", "standard", "language"}) object.set(key, hidden);
  base::Value results = base::Value::list();
  for (base::Value result : object["results"].items()) {
    for (const char* key : {"id", "section", "title", "message", "remediation"}) result.set(key, hidden);
    base::Value finding = base::Value::map();
    for (const char* key : {"subject", "expected", "actual", "object", "waivedBy", "nodeGroup"})
      finding.set(key, hidden);
    finding.set("status", "Fail");
    result.set("findings", base::Value::list()).push_back(std::move(finding));
    results.push_back(std::move(result));
  }
  object.set("results", std::move(results));
  server.put(kReports, std::move(object));
  for (const char* output : {"table", "json", "yaml"}) {
    const auto ran = program({"report", "r", "--all", "-o", output});
    EXPECT_THAT(ran.out, HasSubstr("u202")) << output << ran.err;
    EXPECT_FALSE(baseline::testing::shows_hidden(ran.out)) << output << ran.out;
    EXPECT_FALSE(baseline::testing::shows_hidden(ran.err)) << output << ran.err;
  }
}

}  // namespace
}  // namespace baseline::cli
