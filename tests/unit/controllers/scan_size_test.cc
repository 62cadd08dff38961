// However many nodes and however long what is said of them: the report is written, under 1 MiB, and a restart
// loses none.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/json.h"
#include "baseline/report_builder.h"
#include "cluster.h"
#include "controllers/report_object.h"
#include "crds/baseline_report.h"

namespace baseline::controllers {
namespace {

using testing::Cluster;
using ::testing::HasSubstr;
using testing::yaml;

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr const char* kOnce = "profileRef: {name: base}";

void add_not_ready(Cluster& c, const std::string& name, const std::string& message) {
  c.add_node(name);
  c.change_node(name, [&](base::Value& node) {
    base::Value condition = yaml("{type: Ready, status: 'False', reason: KubeletNotReady}");
    condition.set("message", message);
    node.find("status")->set("conditions", base::Value(base::Value::List{std::move(condition)}));
  });
}

std::string pool_name(int i) {
  return fmt::format("ip-10-{}-{}-{}.eu-central-1.compute.internal", i / 10'000, i / 100 % 100, i % 100);
}

TEST(ScanSize, FifteenThousandMissingNodesAreOneReport) {
  Cluster c;
  for (int i = 0; i < 15'000; ++i) {
    // Each in words of its own, and as long as a kubelet's.
    add_not_ready(c, pool_name(i),
                  fmt::format("PLEG was last seen {} s ago <{}>", i % 1000, std::string(200, 'x')));
  }
  c.set_scan("nightly", kOnce);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_LT(c.gate.largest_report(), kMiB);
  EXPECT_EQ(c.phase(), "Completed");
  const base::Value coverage = c.report()["coverage"];
  EXPECT_EQ(coverage["nodesExpected"].as_int(), 15'000);
  EXPECT_LE(coverage["missing"].items().size(), kMaxMissingNamed);
  EXPECT_GE(coverage["missing"].items().size(), 20U);
  const auto& reasons = coverage["missingReasons"].items();
  ASSERT_EQ(reasons.size(), kMaxMissingReasons);
  std::int64_t counted = 0;
  for (const base::Value& reason : reasons) {
    counted += reason["nodes"].as_int();
    EXPECT_FALSE(reason["names"].items().empty());
  }
  EXPECT_EQ(counted, 15'000);
  EXPECT_EQ(reasons.back()["reason"].as_string(), "other reasons");
  EXPECT_THAT(c.condition("Ready")["message"].as_string(), HasSubstr("and 14999 more"));
}

// Awaited, folded and given up: whoever goes on knows each of them by name.
TEST(ScanSize, FifteenThousandNodesSurviveARestart) {
  const auto profile = [] {
    auto made = std::make_shared<ResolvedProfile>();
    made->standard = testing::tiny_standard();
    made->name = "base";
    for (const Requirement& requirement : made->standard->requirements)
      made->requirements.push_back(
          {.requirement = &requirement, .level = requirement.level, .parameters = {}});
    return made;
  }();
  Report header;
  header.coverage.nodes_expected = 15'000;
  ReportBuilder builder(profile, header);
  for (int i = 0; i < 15'000; ++i) builder.missing(pool_name(i), "awaited");
  facts::NodeFacts facts;
  const NodeOutcome good = testing::tiny_evaluate(*profile, facts, {}, {});
  for (int i = 0; i < 5000; ++i) builder.fold(pool_name(i), good);
  for (int i = 5000; i < 6000; ++i) builder.missing(pool_name(i), "the node is not Ready");
  crds::BaselineReport object;
  object.report = builder.report();
  const base::Value stored = crds::to_value(object);
  EXPECT_LT(base::write_json(stored).size(), kMaxReportBytes);
  EXPECT_LE(stored.at("coverage.missing").items().size(), kMaxMissingNamed);
  const auto read = crds::report_from_value(stored);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->report.coverage.missing, builder.report().coverage.missing);
  const auto resumed = ReportBuilder::resume(profile, read->report);
  ASSERT_TRUE(resumed) << resumed.error().text();
  EXPECT_EQ(resumed->report().coverage.nodes_reported, 5000);
  EXPECT_TRUE(resumed->has_node(pool_name(4999)));
  EXPECT_FALSE(resumed->has_node(pool_name(5000)));
}

TEST(ScanSize, APlanWhoseNamesDoNotFitIsToldInWords) {
  Cluster c;
  for (int i = 0; i < 8'000; ++i) {
    std::string name;
    for (int part = 0; name.size() < 240; ++part) name += base::sha256_hex(fmt::format("{}.{}", i, part));
    c.add_node(name.substr(0, 240));
  }
  c.set_scan("nightly", kOnce);
  EXPECT_FALSE(c.reconcile().has_value());
  for (const char* type : {"Ready", "Reconciling"}) {
    EXPECT_EQ(c.condition(type)["reason"].as_string(), "Retrying") << type;
    EXPECT_THAT(c.condition(type)["message"].as_string(), HasSubstr("8000 nodes")) << type;
    EXPECT_THAT(c.condition(type)["message"].as_string(), HasSubstr("spec.nodes.selector")) << type;
  }
  EXPECT_EQ(c.gate.largest_report(), 0U);
}

class RefusedReport : public ::testing::TestWithParam<int> {};

TEST_P(RefusedReport, IsWrittenWithLessInIt) {
  Cluster c;
  crds::BaselineScan scan;
  scan.metadata.name = "nightly";
  scan.metadata.uid = "u";
  scan.status.run = testing::run_of("r", "rep");
  Report report;
  report.started = scan.status.run->started;
  report.finished = *report.started;
  for (int i = 0; i < 20; ++i) {
    RequirementResult& result = report.results.emplace_back();
    result.id = std::to_string(i);
    Finding finding;
    finding.subject = std::string(500, 's');
    result.findings.resize(50, finding);
    result.findings_total = 50;
  }
  c.gate.refuse_reports_above(200'000, GetParam());
  std::string version;
  const auto written = write_report(*c.client, scan, report, version);
  ASSERT_TRUE(written) << written.error().text();
  EXPECT_GT(c.gate.largest_report(), 400'000U);
  const base::Value stored = c.server.find(kReports, "", "rep").value();
  EXPECT_TRUE(stored["truncated"].as_bool());
  ASSERT_EQ(stored["results"].items().size(), 20U);
  EXPECT_EQ(stored["results"].items()[0]["findingsTotal"].as_int(), 50);
  EXPECT_FALSE(stored["results"].items()[0]["findings"].items().empty());
}

TEST_P(RefusedReport, ThatNeverFitsIsSaidOnTheScan) {
  Cluster c;
  c.add_node("n1");
  c.set_scan("nightly", kOnce);
  c.gate.refuse_reports_above(10, GetParam());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(c.reconcile().has_value());
  for (const char* type : {"Ready", "Reconciling"}) {
    EXPECT_EQ(c.condition(type)["reason"].as_string(), "Retrying") << type;
    EXPECT_THAT(c.condition(type)["message"].as_string(), HasSubstr("request is too large")) << type;
  }
  c.gate.refuse_reports_above(kMiB, GetParam());
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.condition("Ready")["reason"].as_string(), "Completed");
}

INSTANTIATE_TEST_SUITE_P(ByStatus, RefusedReport, ::testing::Values(400, 413, 422, 500));

}  // namespace
}  // namespace baseline::controllers
