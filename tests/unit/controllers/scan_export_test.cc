#include "controllers/scan_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using base::Value;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr const char* kSpec = "{profileRef: {name: base}, export: {format: PolicyReport}}";

struct ExportWorld {
  ExportWorld() {
    c.server.serve(kPolicyReports);
    c.settings.judge_cluster = [this](const std::shared_ptr<const ResolvedProfile>& /*profile*/,
                                      const cluster::ClusterContext& context, base::Time /*now*/) {
      ++judged;
      ClusterOutcome outcome;
      ObjectResult result{"2.1", Status::kFail, phrase("m"), {}, {}};
      for (const std::string& ns : failing) {
        const ObjectFinding finding{phrase("object.subject", "Deployment", ns + "/web"),
                                    phrase("e"),
                                    phrase("a"),
                                    Status::kFail,
                                    ns + "/Deployment/web",
                                    "",
                                    0};
        if (context.on_finding)
          context.on_finding({.requirement = "2.1",
                              .kind = "Deployment",
                              .ns = ns,
                              .name = "web",
                              .container = "",
                              .finding = finding,
                              .pods = 1,
                              .is_new = true});
        result.findings.push_back(finding);
      }
      outcome.results.push_back(std::move(result));
      return outcome;
    };
    c.standard = [] {
      auto standard = std::make_shared<Standard>(*testing::tiny_standard());
      standard->requirements.back().scope = Scope::kCluster;
      return standard;
    };
    c.restart();
    c.add_node("n1");
  }

  std::vector<std::string> namespaces(const kube::ResourceKind& kind = kPolicyReports) const {
    std::vector<std::string> all;
    for (const Value& object : c.server.all(kind)) all.push_back(object.at("metadata.namespace").as_string());
    return all;
  }
  std::size_t writes() const {
    std::size_t count = 0;
    for (const char* method : {"POST", "PUT", "DELETE"}) count += c.server.requests(method, "/policyreports");
    return count;
  }
  std::string owner(const std::string& ns) const {
    return c.server.find(kPolicyReports, ns, "baseline-nightly")
        .value()
        .at("metadata.ownerReferences")
        .items()
        .at(0)["name"]
        .as_string();
  }
  std::string reason() const { return c.condition(crds::kExported)["reason"].as_string(); }
  std::string message() const { return c.condition(crds::kExported)["message"].as_string(); }
  std::vector<std::string> events() {
    c.events->flush();
    std::vector<std::string> reasons;
    for (const Value& event : c.server.all(kube::kEvent)) reasons.push_back(event["reason"].as_string());
    return reasons;
  }
  void scan_again(const std::string& rescan) {
    c.clock.move(std::chrono::seconds(60));
    c.annotate("nightly", rescan);
    ASSERT_TRUE(c.run_to_rest());
  }

  testing::Cluster c;
  std::vector<std::string> failing{"shop", "bank"};
  int judged = 0;
};

struct Exports : ::testing::Test, ExportWorld {};

TEST_F(Exports, WithoutItNobodyIsAskedAndNobodyListens) {
  c.set_scan("nightly", "profileRef: {name: base}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(judged, 1);
  EXPECT_EQ(c.server.requests("GET", "wgpolicyk8s.io"), 0U);
  EXPECT_TRUE(c.status()["export"].is_null());
  EXPECT_TRUE(c.condition(crds::kExported).is_null());
}

TEST_F(Exports, EachNamespaceWithFindingsGetsOneOwnedByTheReport) {
  c.set_scan("nightly", kSpec);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(namespaces(), UnorderedElementsAre("bank", "shop"));
  EXPECT_EQ(owner("shop"), c.status()["lastReport"].as_string());
  EXPECT_EQ(c.status().at("export.report").as_string(), c.status()["lastReport"].as_string());
  EXPECT_EQ(c.condition(crds::kExported)["status"].as_string(), "True");
  EXPECT_THAT(message(), HasSubstr("2 namespaces"));
}

TEST_F(Exports, AllIsDoneOnce) {
  c.set_scan("nightly", kSpec);
  ASSERT_TRUE(c.run_to_rest());
  const std::size_t asked = c.server.requests("GET", "wgpolicyk8s.io");
  c.restart();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.server.requests("GET", "wgpolicyk8s.io"), asked);
  EXPECT_EQ(writes(), 2U);
}

TEST_F(Exports, TheNextReportTakesThemOverAndThoseWithoutFindingsGo) {
  c.set_scan("nightly", "{profileRef: {name: base}, history: 1, export: {format: PolicyReport}}");
  ASSERT_TRUE(c.run_to_rest());
  const std::string first = c.status()["lastReport"].as_string();
  failing = {"shop"};
  scan_again("again");
  EXPECT_THAT(namespaces(), ElementsAre("shop"));
  EXPECT_NE(owner("shop"), first);
  EXPECT_EQ(owner("shop"), c.status()["lastReport"].as_string());
}

TEST_F(Exports, SwitchedOffTheyAreRemoved) {
  c.set_scan("nightly", kSpec);
  ASSERT_TRUE(c.run_to_rest());
  c.set_scan("nightly", "{profileRef: {name: base}, suspend: true}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(namespaces(), ElementsAre());
  EXPECT_TRUE(c.status()["export"].is_null());
  EXPECT_TRUE(c.condition(crds::kExported).is_null());
}

TEST_F(Exports, AnotherFormatReplacesThem) {
  c.server.serve(kOpenReports);
  c.set_scan("nightly", kSpec);
  ASSERT_TRUE(c.run_to_rest());
  // Suspended, so that no new run begins: the last report is exported again.
  c.set_scan("nightly", "{profileRef: {name: base}, suspend: true, export: {format: OpenReports}}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(judged, 1);
  EXPECT_THAT(namespaces(), ElementsAre());
  EXPECT_THAT(namespaces(kOpenReports), UnorderedElementsAre("bank", "shop"));
  EXPECT_THAT(message(), HasSubstr("taken from the report"));
}

TEST_F(Exports, AnObjectOfSomebodyElseIsLeftAlone) {
  const Value theirs = c.server.put(
      kPolicyReports, testing::yaml("{metadata: {name: baseline-nightly, namespace: shop}, results: []}"));
  c.set_scan("nightly", kSpec);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.server.find(kPolicyReports, "shop", "baseline-nightly").value(), theirs);
  EXPECT_THAT(namespaces(), UnorderedElementsAre("bank", "shop"));
  EXPECT_EQ(reason(), "NameTaken");
  EXPECT_THAT(message(), HasSubstr("shop"));
  EXPECT_THAT(events(), ::testing::Contains("ExportSkipped"));
  // With our labels but no owner of ours, it is still theirs when the export is switched off.
  Value labelled = theirs;
  Value& labels = labelled.find("metadata")->set("labels", Value::map());
  labels.set(kManagedByLabel, kManagedBy);
  labels.set(kScanUidLabel, c.scan().at("metadata.uid"));
  c.server.put(kPolicyReports, labelled);
  c.set_scan("nightly", "{profileRef: {name: base}, suspend: true}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(namespaces(), ElementsAre("shop"));
}

TEST_F(Exports, AMissingCrdIsToldOnceAndLookedForAgain) {
  c.server.serve(kOpenReports);
  c.set_scan("nightly", "{profileRef: {name: base}, export: {format: OpenReports}}");
  c.server.fail_next("GET", "/apis/openreports.io/v1alpha1", 404);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_EQ(reason(), "CrdMissing");
  EXPECT_THAT(message(), HasSubstr("reports.openreports.io"));
  EXPECT_THAT(events(), ::testing::Contains("ExportSkipped"));
  EXPECT_THAT(namespaces(kOpenReports), ElementsAre());
  // Not before some minutes have passed, but then it is installed.
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(namespaces(kOpenReports), ElementsAre());
  c.clock.move(std::chrono::minutes(11));
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(namespaces(kOpenReports), UnorderedElementsAre("bank", "shop"));
  EXPECT_EQ(judged, 1);
  EXPECT_THAT(message(), ::testing::Not(HasSubstr("taken from the report")));
}

TEST_F(Exports, AMissingRightIsNamed) {
  c.set_scan("nightly", kSpec);
  c.server.fail_next("GET", "/policyreports?", 403);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_EQ(reason(), "Forbidden");
  EXPECT_THAT(message(), HasSubstr("policyreports.wgpolicyk8s.io"));
  EXPECT_THAT(message(), HasSubstr("config/components/policy-reports"));
}

TEST_F(Exports, WhatFailsInTheMiddleIsDoneByTheNextReconcile) {
  c.set_scan("nightly", kSpec);
  c.server.fail_next("POST", "/namespaces/shop/policyreports", 409);
  c.server.lose_reply_next("POST", "/namespaces/bank/policyreports");
  ASSERT_TRUE(c.run_to_rest());
  c.clock.move(std::chrono::minutes(11));
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(namespaces(), UnorderedElementsAre("bank", "shop"));
  EXPECT_EQ(c.condition(crds::kExported)["status"].as_string(), "True");
  EXPECT_EQ(judged, 1);
}

// Killed after each number of writes, the next operator brings it to the same end.
TEST_F(Exports, ACrashLosesNothing) {
  for (int writes = 5; writes < 14; ++writes) {
    ExportWorld one;
    one.c.set_scan("nightly", kSpec);
    one.c.gate.allow(writes);
    for (int i = 0; i < 10 && !one.c.gate.closed(); ++i) static_cast<void>(one.c.reconcile());
    one.c.gate.open();
    one.c.restart();
    ASSERT_TRUE(one.c.run_to_rest()) << writes;
    EXPECT_THAT(one.namespaces(), UnorderedElementsAre("bank", "shop")) << writes;
    EXPECT_EQ(one.reason(), "Written") << writes;
    EXPECT_EQ(one.c.reports(), 1U) << writes;
  }
}

TEST_F(Exports, ANamespaceThatIsGoneIsPassedOver) {
  c.set_scan("nightly", kSpec);
  c.server.fail_next("POST", "/namespaces/shop/policyreports", 404);
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(namespaces(), ElementsAre("bank"));
  EXPECT_EQ(reason(), "Written");
}

TEST_F(Exports, OfADeletedScanNothingIsAsked) {
  c.set_scan("nightly", kSpec);
  ASSERT_TRUE(c.run_to_rest());
  // They belong to the report, and the report to the scan: the garbage collector has them both.
  c.server.erase(kScans, "", "nightly");
  const std::size_t asked = c.server.seen().size();
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_EQ(c.server.seen().size(), asked);
}

TEST_F(Exports, OnlyNamespacesOfTheScanGetOne) {
  c.set_scan("nightly",
             "{profileRef: {name: base}, namespaces: {exclude: [ba*]}, export: {format: PolicyReport}}");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(namespaces(), ElementsAre("shop"));
}

}  // namespace
}  // namespace baseline::controllers
