#include "controllers/policy_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "cluster.h"
#include "hidden_texts.h"

namespace baseline::controllers {
namespace {

using base::Value;
using crds::ExportFormat;
using testing::at;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool all_but_kube(const std::string& ns) {
  return !ns.starts_with("kube-");
}

struct PolicyReportTest : ::testing::Test {
  PolicyReportTest() {
    scan.metadata.name = "nightly";
    scan.metadata.uid = "scan-uid";
    scan.status.last_report = "nightly-1";
    report.standard = "tiny";
    report.finished = at("2026-01-01T00:00:00Z");
    report.results = {requirement("1.1", Level::kMandatory), requirement("2.1", Level::kRecommended)};
  }

  static RequirementResult requirement(std::string id, Level level) {
    RequirementResult result;
    result.section = id.substr(0, 1);
    result.title = "title of " + id;
    result.id = std::move(id);
    result.level = level;
    result.scope = Scope::kCluster;
    result.status = Status::kFail;
    return result;
  }

  // A finding about a Deployment's container, as a check makes it.
  static void tell(NamespaceFindings& findings, const std::string& requirement, const std::string& ns,
                   const std::string& name, Status status = Status::kFail, int pods = 1, bool is_new = true) {
    const ObjectFinding finding = found(ns, name, status);
    findings.found({.requirement = requirement,
                    .kind = "Deployment",
                    .ns = ns,
                    .name = name,
                    .container = "web",
                    .finding = finding,
                    .pods = pods,
                    .is_new = is_new});
  }
  static ObjectFinding found(const std::string& ns, const std::string& name, Status status) {
    return {phrase("object.container", "Deployment", ns + "/" + name, "web"),
            phrase("wanted"),
            phrase("is"),
            status,
            ns + "/Deployment/" + name,
            status == Status::kWaived ? "agreed" : "",
            0};
  }
  Value object(const NamespaceFindings& findings, const std::string& ns, ExportBounds bounds = {}) const {
    return PolicyReports(scan, format, report, "report-uid", findings, bounds).object(ns);
  }

  crds::BaselineScan scan;
  Report report;
  ExportFormat format = ExportFormat::kPolicyReport;
};

TEST_F(PolicyReportTest, HasTheFieldsOfAPolicyReport) {
  NamespaceFindings findings(all_but_kube, Language::kEnglish);
  tell(findings, "1.1", "shop", "cart");
  tell(findings, "1.1", "shop", "cart", Status::kFail, 1, false);
  const Value made = object(findings, "shop");
  EXPECT_EQ(made["apiVersion"].as_string(), "wgpolicyk8s.io/v1alpha2");
  EXPECT_EQ(made["kind"].as_string(), "PolicyReport");
  EXPECT_EQ(made.at("metadata.name").as_string(), "baseline-nightly");
  EXPECT_EQ(made.at("metadata.namespace").as_string(), "shop");
  EXPECT_TRUE(is_exported_by(made, scan));
  EXPECT_EQ(made.at("metadata.ownerReferences").items().at(0)["uid"].as_string(), "report-uid");
  EXPECT_FALSE(made.contains("source"));
  EXPECT_EQ(base::write_json(made["summary"]), R"({"fail":1,"warn":0,"error":0,"skip":0})");
  ASSERT_EQ(made["results"].items().size(), 1U);
  const Value& result = made["results"].items().at(0);
  EXPECT_EQ(
      base::write_json(result),
      R"({"source":"baseline-operator","policy":"tiny","rule":"1.1","category":"1","severity":"high",)"
      R"("result":"fail","scored":true,"message":"Deployment shop/cart, container web: is; expected: wanted",)"
      R"("resources":[{"apiVersion":"apps/v1","kind":"Deployment","name":"cart","namespace":"shop"}],)"
      R"("properties":{"title":"title of 1.1","container":"web","pods":"2"},)"
      R"("timestamp":{"seconds":1767225600,"nanos":0}})");
}

TEST_F(PolicyReportTest, NothingHiddenIsWritten) {
  NamespaceFindings findings(all_but_kube, Language::kEnglish);
  report.results[0].title = baseline::testing::kHiddenText;
  tell(findings, "1.1", "shop", baseline::testing::kHiddenText);
  const Value made = object(findings, "shop");
  ASSERT_EQ(made["results"].items().size(), 1U);
  const Value& result = made["results"].items().at(0);
  const Value& subject = result["resources"].items().at(0);
  for (const std::string& text : {result["message"].as_string(), subject["name"].as_string(),
                                  result.at("properties.title").as_string()}) {
    EXPECT_FALSE(baseline::testing::shows_hidden(text)) << text;
    EXPECT_THAT(text, HasSubstr("\\u202eb"));
  }
}

TEST_F(PolicyReportTest, HasTheFieldsOfAnOpenReport) {
  format = ExportFormat::kOpenReports;
  NamespaceFindings findings(all_but_kube, Language::kChinese);
  report.language = Language::kChinese;
  tell(findings, "2.1", "shop", "cart", Status::kManual);
  const Value made = object(findings, "shop");
  EXPECT_EQ(made["apiVersion"].as_string(), "openreports.io/v1alpha1");
  EXPECT_EQ(made["kind"].as_string(), "Report");
  EXPECT_EQ(made["source"].as_string(), "baseline-operator");
  const Value& result = made["results"].items().at(0);
  EXPECT_EQ(result["result"].as_string(), "warn");
  EXPECT_EQ(result["severity"].as_string(), "medium");
  EXPECT_FALSE(result["scored"].as_bool(true));
  EXPECT_EQ(result["message"].as_string(), "Deployment shop/cart，容器 web：is；应为：wanted");
}

TEST_F(PolicyReportTest, TheWorstComeFirstAndTheSummaryCountsThoseLeftOut) {
  NamespaceFindings findings(all_but_kube, Language::kEnglish, {.results = 3});
  for (const Status status : {Status::kWaived, Status::kManual, Status::kError, Status::kFail}) {
    for (int i = 0; i < 2; ++i)
      tell(findings, "1.1", "shop", std::string(to_string(status)) + std::to_string(i), status);
  }
  const Value made = object(findings, "shop", {.results = 3});
  EXPECT_EQ(base::write_json(made["summary"]), R"({"fail":2,"warn":2,"error":2,"skip":2})");
  std::vector<std::string> listed;
  for (const Value& result : made["results"].items()) listed.push_back(result["result"].as_string());
  EXPECT_THAT(listed, ElementsAre("fail", "fail", "error"));
  EXPECT_EQ(made.at("metadata.annotations")[kLeftOutAnnotation].as_string(), "5");
}

TEST_F(PolicyReportTest, OnlyWhatIsOpenInTheReportIsListed) {
  NamespaceFindings findings(all_but_kube, Language::kEnglish);
  tell(findings, "1.1", "shop", "cart", Status::kManual);
  tell(findings, "2.1", "shop", "cart");
  tell(findings, "1.1", "alone", "cart", Status::kManual);
  tell(findings, "2.1", "fine", "cart", Status::kPass);
  tell(findings, "2.1", "kube-system", "dns");
  report.results[0].status = Status::kPass;  // somebody attested it
  const PolicyReports reports(scan, format, report, "u", findings);
  EXPECT_THAT(reports.namespaces(), ElementsAre("shop"));
  EXPECT_EQ(reports.results(), 1U);
  EXPECT_EQ(reports.object("shop")["results"].items().size(), 1U);
}

TEST_F(PolicyReportTest, ANamespaceIsInItself) {
  NamespaceFindings findings(all_but_kube, Language::kEnglish);
  const ObjectFinding finding{phrase("object.subject", "Namespace", "shop"),
                              {},
                              phrase("open"),
                              Status::kFail,
                              "Namespace/shop",
                              "",
                              0};
  findings.found({.requirement = "1.1",
                  .kind = "Namespace",
                  .ns = "",
                  .name = "shop",
                  .container = "",
                  .finding = finding});
  const ObjectFinding of_cluster{phrase("object.subject", "ClusterRole", "all"),
                                 {},
                                 phrase("open"),
                                 Status::kFail,
                                 "ClusterRole/all",
                                 "",
                                 0};
  findings.found({.requirement = "1.1",
                  .kind = "ClusterRole",
                  .ns = "",
                  .name = "all",
                  .container = "",
                  .finding = of_cluster});
  const PolicyReports reports(scan, format, report, "u", findings);
  EXPECT_THAT(reports.namespaces(), ElementsAre("shop"));
  const Value made = reports.object("shop");
  EXPECT_EQ(base::write_json(made["results"].items().at(0)["resources"]),
            R"([{"apiVersion":"v1","kind":"Namespace","name":"shop"}])");
}

TEST_F(PolicyReportTest, WhatTheNodesFoundIsTakenFromTheReportAndCountsOnce) {
  const ObjectFinding both = found("shop", "cart", Status::kFail);
  report.results[0].findings = {
      {render(both.subject, Language::kEnglish), "wanted", "is", "", both.object, "", Status::kFail, 3},
      {"the node n1", "wanted", "is", "group-1", "", "", Status::kFail, 0}};
  report.results[0].seen = {both.key()};
  NamespaceFindings findings(all_but_kube, Language::kEnglish);
  findings.add(report);
  tell(findings, "1.1", "shop", "cart");
  const Value made = object(findings, "shop");
  EXPECT_EQ(made.at("summary.fail").as_int(), 1);
  ASSERT_EQ(made["results"].items().size(), 1U);
  EXPECT_EQ(made["results"].items().at(0).at("properties.container").as_string(), "web");
  EXPECT_EQ(made["results"].items().at(0).at("properties.pods").as_string(), "4");
}

TEST_F(PolicyReportTest, WhatTheNodesHaveSettledIsNotAskedOfObjects) {
  report.results[0].scope = Scope::kNode;
  NamespaceFindings findings(all_but_kube, Language::kEnglish);
  findings.add(report);
  tell(findings, "1.1", "shop", "cart");
  EXPECT_THAT(PolicyReports(scan, format, report, "u", findings).namespaces(), ElementsAre());
}

TEST_F(PolicyReportTest, AnImageIsInNoNamespace) {
  report.results[0].findings = {{"Image registry.example/team/app:1", "", "is", "",
                                 "Image/registry.example/team/app:1", "", Status::kFail, 3}};
  NamespaceFindings findings(all_but_kube, Language::kEnglish);
  findings.add(report);
  EXPECT_THAT(PolicyReports(scan, format, report, "u", findings).namespaces(), ElementsAre());
  EXPECT_EQ(parse_object("shop/Deployment/cart").ns, "shop");
  EXPECT_EQ(parse_object("Image/registry.example/team/app:1").name, "registry.example/team/app:1");
}

TEST_F(PolicyReportTest, AllNamespacesTogetherStayWithinTheBound) {
  const ExportBounds bounds{.results = 50, .bytes = 900U << 10, .results_in_all = 100, .namespaces = 30};
  NamespaceFindings findings(all_but_kube, Language::kEnglish, bounds);
  for (int ns = 0; ns < 40; ++ns) {
    for (int i = 0; i < 20; ++i) tell(findings, "1.1", "ns" + std::to_string(ns), "w" + std::to_string(i));
  }
  EXPECT_EQ(findings.namespaces_left_out(), 10U);
  const PolicyReports reports(scan, format, report, "u", findings, bounds);
  EXPECT_EQ(reports.namespaces().size(), 30U);
  EXPECT_EQ(reports.results(), 600U);
  std::size_t listed = 0;
  for (const std::string& ns : reports.namespaces()) {
    const Value made = reports.object(ns);
    EXPECT_EQ(made.at("summary.fail").as_int(), 20);
    EXPECT_GE(made["results"].items().size(), 1U) << ns;
    listed += made["results"].items().size();
  }
  EXPECT_LE(listed, 100U);
}

TEST_F(PolicyReportTest, AnObjectStaysWellUnderAMebibyte) {
  NamespaceFindings findings(all_but_kube, Language::kEnglish);
  for (int i = 0; i < 600; ++i) {
    const std::string name = "w" + std::to_string(i);
    ObjectFinding finding = found("shop", name, Status::kFail);
    finding.actual = phrase(std::string(3000, 'x'));
    findings.found({.requirement = "1.1",
                    .kind = "Deployment",
                    .ns = "shop",
                    .name = name,
                    .container = std::string(2000, 'c'),
                    .finding = finding});
  }
  const Value made = object(findings, "shop");
  EXPECT_LT(base::write_json(made).size(), 1'000'000U);
  EXPECT_EQ(made.at("summary.fail").as_int(), 600);
}

TEST_F(PolicyReportTest, NamesFitWhatTheApiTakes) {
  EXPECT_EQ(export_name(scan), "baseline-nightly");
  scan.metadata.name = std::string(250, 'a');
  const std::string name = export_name(scan);
  EXPECT_EQ(name.size(), 253U);
  scan.metadata.name.back() = 'b';
  EXPECT_NE(export_name(scan), name);
  NamespaceFindings findings(all_but_kube, Language::kEnglish);
  tell(findings, "1.1", "shop", "cart");
  EXPECT_LE(object(findings, "shop").at("metadata.labels")[crds::kScanLabel].as_string().size(), 63U);
}

TEST_F(PolicyReportTest, MomentsAndWhatOthersAddedAreNoDifference) {
  NamespaceFindings findings(all_but_kube, Language::kEnglish);
  tell(findings, "1.1", "shop", "cart");
  const Value made = object(findings, "shop");
  report.finished = at("2026-02-02T00:00:00Z");
  Value later = object(findings, "shop");
  later.find("metadata")->set("annotations", Value::map()).set("team", "a");
  later.find("metadata")->set("resourceVersion", "7");
  EXPECT_TRUE(same_export(later, made));
  later.find("summary")->set("fail", 2);
  EXPECT_FALSE(same_export(later, made));
}

}  // namespace
}  // namespace baseline::controllers
