// Objects as an API server gives them: with more than is known here, with less, or wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/yaml.h"
#include "crds/baseline_profile.h"
#include "crds/baseline_report.h"
#include "crds/baseline_scan.h"
#include "crds/summary.h"

namespace baseline::crds {
namespace {

base::Value yaml(std::string_view text) {
  return base::parse_yaml(text, "test").value();
}

TEST(ObjectMeta, IsReadFromWhatAServerGives) {
  const auto meta = object_meta_from(yaml(R"(
name: nightly
uid: u-1
resourceVersion: "42"
generation: 3
creationTimestamp: "2026-01-01T00:00:00Z"
deletionTimestamp: null
managedFields: [{manager: kubectl}]
annotations: {baseline.kxy.io/rescan: "7"}
ownerReferences: [{apiVersion: v1, kind: Node, name: 'n', uid: u-2, controller: true}]
)"));
  ASSERT_TRUE(meta) << meta.error().text();
  EXPECT_EQ(meta->generation, 3);
  EXPECT_FALSE(meta->deleting());
  EXPECT_EQ(meta->annotation(std::string(kRescanAnnotation)), "7");
  EXPECT_EQ(meta->label("none"), "");
  EXPECT_TRUE(meta->owner_references.at(0).controller);
  EXPECT_EQ(object_meta_from(to_value(*meta)), meta);
}

TEST(Scan, UnknownFieldsArePassedOver) {
  const auto scan = scan_from_value(yaml(R"(
metadata: {name: s, selfLink: /x}
spec: {profileRef: {name: p, kind: BaselineProfile}, novelty: {a: 1}}
status: {phase: Completed, novelty: 1}
)"));
  ASSERT_TRUE(scan) << scan.error().text();
  EXPECT_EQ(scan->spec.profile, "p");
  EXPECT_EQ(scan->spec.parallelism, 10);
  EXPECT_EQ(scan->spec.timeout, std::chrono::minutes(5));
  EXPECT_EQ(scan->status.phase, ScanPhase::kCompleted);
}

TEST(Scan, MistakesAreNamedByPath) {
  const auto where = [](const char* spec) {
    base::Value object = yaml("metadata: {name: s}");
    object.set("spec", yaml(spec));
    const auto scan = scan_from_value(object);
    return scan ? std::string() : scan.error().where;
  };
  EXPECT_EQ(where("{profileRef: {name: p}}"), "");
  EXPECT_EQ(where("{}"), "spec.profileRef.name");
  EXPECT_EQ(where("{profileRef: p}"), "spec.profileRef");
  EXPECT_EQ(where("{profileRef: {name: p}, parallelism: 0}"), "spec.parallelism");
  EXPECT_EQ(where("{profileRef: {name: p}, export: {format: Paper}}"), "spec.export.format");
  EXPECT_EQ(where("{profileRef: {name: p}, export: {format: ''}}"), "spec.export.format");
  EXPECT_EQ(where("{profileRef: {name: p}, parallelism: \"9\"}"), "spec.parallelism");
  EXPECT_EQ(where("{profileRef: {name: p}, timeout: soon}"), "spec.timeout");
  EXPECT_EQ(where("{profileRef: {name: p}, timeout: 1s}"), "spec.timeout");
  EXPECT_EQ(where("{profileRef: {name: p}, history: 0}"), "spec.history");
  EXPECT_EQ(where("{profileRef: {name: p}, nodes: {tolerations: {}}}"), "spec.nodes.tolerations");
  EXPECT_EQ(where("{profileRef: {name: p}, nodes: {selector: {matchLabels: []}}}"),
            "spec.nodes.selector.matchLabels");
  EXPECT_EQ(where("{profileRef: {name: p}, runner: {resources: []}}"), "spec.runner.resources");
}

TEST(Scan, ABrokenStatusReadsAsNone) {
  for (const char* status :
       {"text", "{phase: Dancing}", "{run: [1]}", "{lastRun: yesterday}", "{conditions: {}}"}) {
    base::Value object = yaml("{metadata: {name: s}, spec: {profileRef: {name: p}}}");
    object.set("status", yaml(status));
    const auto scan = scan_from_value(object);
    ASSERT_TRUE(scan) << status;
    EXPECT_EQ(scan->status, ScanStatus{}) << status;
  }
}

TEST(Profile, TheSpecStaysAsItWasWritten) {
  const auto profile =
      profile_from_value(yaml("{metadata: {name: p}, spec: {anything: [1]}, status: {mistakes: 2}}"));
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->spec, yaml("{anything: [1]}"));
  EXPECT_EQ(profile->status.mistakes, 2);
  EXPECT_EQ(profile_from_value(yaml("{metadata: {name: p}, spec: text}")).error().where, "spec");
}

TEST(Summary, EveryStatusIsWritten) {
  const base::Value written = to_value(StatusCounts{{Status::kNotApplicable, 3}});
  EXPECT_EQ(written.members().size(), 7U);
  EXPECT_EQ(written["notApplicable"], base::Value(3));
  EXPECT_EQ(written["fail"], base::Value(0));
  EXPECT_EQ(status_counts_from(written, "status.summary"), (StatusCounts{{Status::kNotApplicable, 3}}));
  EXPECT_EQ(score_text(66.7), "66.7");
}

TEST(Report, IsWrittenWithItsMetadataFirst) {
  BaselineReport report;
  report.metadata.name = "nightly-1";
  report.metadata.labels[std::string(kScanLabel)] = "nightly";
  report.report.scan = "nightly";
  const base::Value written = to_value(report);
  EXPECT_EQ(written.members().at(0).first, "apiVersion");
  EXPECT_EQ(written["kind"].as_string(), "BaselineReport");
  EXPECT_EQ(written["scan"].as_string(), "nightly");
  EXPECT_EQ(report_from_value(written), report);
}

}  // namespace
}  // namespace baseline::crds
