#include "cli/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/yaml.h"
#include "baseline/facts/frame.h"
#include "baseline/facts/schema.h"
#include "crds/baseline_report.h"
#include "node_layouts.h"
#include "node_tree.h"
#include "program.h"

namespace baseline::cli {
namespace {

using baseline::test::lay_out_control_plane;
using baseline::test::lay_out_worker;
using baseline::test::NodeTree;
using test::Folder;
using test::lines_in;
using test::Program;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Report report_in(const std::string& json) {
  const auto value = base::parse_json(json, "report");
  EXPECT_TRUE(value.has_value()) << json.substr(0, 200);
  const auto report = crds::report_from_value(value ? *value : base::Value());
  EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().text());
  return report ? report->report : Report();
}

Status status_of(const Report& report, const std::string& id) {
  for (const RequirementResult& result : report.results) {
    if (result.id == id) return result.status;
  }
  ADD_FAILURE() << id << " is not in the report";
  return Status::kError;
}

class ScanTest : public ::testing::Test {
 protected:
  ScanTest() { lay_out_control_plane(tree); }
  Report json(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"scan", "--root", tree.root(), "-o", "json"};
    words.insert(words.end(), more.begin(), more.end());
    return report_in(program(words).out);
  }

  NodeTree tree;
  Program program;
};

TEST_F(ScanTest, JsonIsABaselineReportOfAll156Requirements) {
  const auto ran = program({"scan", "--root", tree.root(), "-o", "json"});
  EXPECT_THAT(ran.status, ::testing::AnyOf(0, 1));
  const auto value = base::parse_json(ran.out, "report");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ((*value)["kind"].as_string(), "BaselineReport");
  EXPECT_EQ((*value)["apiVersion"].as_string(), "baseline.kxy.io/v1alpha1");
  EXPECT_FALSE(value->at("metadata.name").as_string().empty());
  const auto report = crds::report_from_value(*value);
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_EQ(report->report.results.size(), 156U);
  EXPECT_EQ(report->report.coverage.nodes_reported, 1);
  EXPECT_EQ(report->report.profile, "kxy-cs001-2023");
  EXPECT_EQ(crds::to_value(*report), *value);  // nothing is lost on the way
  for (const RequirementResult& result : report->report.results) {
    EXPECT_THAT(result.message, Not(IsEmpty())) << result.id;
    if (result.status != Status::kPass) {
      EXPECT_THAT(result.remediation, Not(IsEmpty())) << result.id;
    }
  }
}

TEST_F(ScanTest, WhatTheCrdRequiresIsThere) {
  std::ifstream file(PROJECT_DIR "/crds/baseline_report.yaml");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto crd = base::parse_yaml(text, "crd");
  ASSERT_TRUE(crd.has_value());
  ASSERT_FALSE(crd->at("spec.versions").items().empty());
  const base::Value& schema = crd->at("spec.versions").items().at(0).at("schema.openAPIV3Schema");
  const auto value = base::parse_json(program({"scan", "--root", tree.root(), "-o", "json"}).out, "report");
  ASSERT_TRUE(value.has_value());
  for (const base::Value& field : schema["required"].items()) EXPECT_TRUE(value->contains(field.as_string()));
  for (const auto& [key, field] : value->members()) EXPECT_TRUE(schema["properties"].contains(key)) << key;
}

TEST_F(ScanTest, YamlIsTheSameObject) {
  const auto yaml = base::parse_yaml(program({"scan", "--root", tree.root(), "-o", "yaml"}).out, "report",
                                     {.bytes = 4U << 20, .nodes = 2'000'000, .depth = 64});
  const auto json_value =
      base::parse_json(program({"scan", "--root", tree.root(), "-o", "json"}).out, "report");
  ASSERT_TRUE(yaml.has_value()) << yaml.error().text();
  ASSERT_TRUE(json_value.has_value());
  EXPECT_EQ(*yaml, *json_value);
}

TEST_F(ScanTest, AModeThatIsTooOpenFailsAndOneThatIsMendedPasses) {
  tree.chmod("/etc/kubernetes/manifests/etcd.yaml", 0644);
  EXPECT_EQ(status_of(json(), "5.4.1.1"), Status::kFail);
  tree.chmod("/etc/kubernetes/manifests/etcd.yaml", 0600);
  EXPECT_EQ(status_of(json(), "5.4.1.1"), Status::kPass);
}

TEST_F(ScanTest, ExitStatusFollowsTheThreshold) {
  tree.chmod("/etc/kubernetes/manifests/etcd.yaml", 0644);
  const std::vector<std::string> words{"scan", "--root", tree.root(), "--requirement", "5.4.1.1"};
  const auto with = [&](const std::string& threshold) {
    auto all = words;
    all.insert(all.end(), {"--fail-on", threshold});
    return program(all).status;
  };
  EXPECT_EQ(program(words).status, 1);
  EXPECT_EQ(with("Fail"), 1);
  EXPECT_EQ(with("Error"), 1);
  EXPECT_EQ(with("never"), 0);
  tree.chmod("/etc/kubernetes/manifests/etcd.yaml", 0600);
  EXPECT_EQ(with("Error"), 0);
}

TEST(ReachesTest, FailIsAboveError) {
  Summary fail;
  fail.by_status[Status::kFail] = 1;
  Summary error;
  error.by_status[Status::kError] = 1;
  Summary rest;
  rest.by_status[Status::kManual] = 3;
  EXPECT_TRUE(reaches(fail, FailOn::kFail));
  EXPECT_TRUE(reaches(fail, FailOn::kError));
  EXPECT_FALSE(reaches(fail, FailOn::kNever));
  EXPECT_FALSE(reaches(error, FailOn::kFail));
  EXPECT_TRUE(reaches(error, FailOn::kError));
  EXPECT_FALSE(reaches(error, FailOn::kNever));
  EXPECT_FALSE(reaches(rest, FailOn::kError));
}

TEST_F(ScanTest, TheTableSaysWhatAndHowToGoOn) {
  tree.chmod("/etc/kubernetes/manifests/etcd.yaml", 0644);
  const auto ran = program({"scan", "--root", tree.root()});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("5.4.1.1"), HasSubstr("156 requirements: "), HasSubstr("Score "),
                             HasSubstr("--details"), HasSubstr("5.4.1 etcd: Files and directories")));
  EXPECT_THAT(ran.out, Not(HasSubstr("\x1b")));
  const auto more = program({"scan", "--root", tree.root(), "--details"});
  EXPECT_THAT(more.out, AllOf(HasSubstr("To mend it: "), HasSubstr("/etc/kubernetes/manifests/etcd.yaml")));
  program.colour = true;
  EXPECT_THAT(program({"scan", "--root", tree.root()}).out, HasSubstr("\x1b[1;31mFail\x1b[0m"));
}

TEST_F(ScanTest, TheTableIsChineseWhereTheEnvironmentAsksForIt) {
  program.environment["LANG"] = "zh_CN.UTF-8";
  const auto ran = program({"scan", "--root", tree.root(), "--all"});
  EXPECT_THAT(ran.out, AllOf(HasSubstr("标准"), HasSubstr("共 156 条要求"), HasSubstr("未检查")));
  EXPECT_EQ(json({"--lang", "en"}).language, Language::kEnglish);
  EXPECT_EQ(json().language, Language::kChinese);
}

TEST_F(ScanTest, RequirementsCanBeNarrowed) {
  const Report report = json({"--requirement", "5.4,5.1.1.1"});
  EXPECT_EQ(report.results.size(), 13U);
  EXPECT_NE(report.profile_hash, json().profile_hash);
  const auto wrong = program({"scan", "--root", tree.root(), "--requirement", "9.9"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--requirement 9.9"));
}

TEST_F(ScanTest, FactsGatheredEarlierGiveTheSameReport) {
  const auto facts = program.collect(tree.root());
  ASSERT_TRUE(facts.has_value());
  const Folder folder;
  const std::string log = folder.file("cp.log", facts::encode_frame(*facts).text);
  const std::string binary = folder.file("cp.bin", facts->SerializeAsString());
  const Report direct = json();
  EXPECT_EQ(report_in(program({"scan", "--facts", log, "-o", "json"}).out), direct);
  EXPECT_EQ(report_in(program({"scan", "--facts", binary, "-o", "json"}).out), direct);
  program.input = facts::encode_frame(*facts).text;
  EXPECT_EQ(report_in(program({"scan", "--facts", "-", "-o", "json"}).out), direct);
}

TEST_F(ScanTest, FactsOfSeveralNodesBecomeOneReport) {
  auto control_plane = program.collect(tree.root());
  NodeTree second;
  lay_out_worker(second);
  auto worker = program.collect(second.root());
  ASSERT_TRUE(control_plane.has_value() && worker.has_value());
  control_plane->mutable_host()->set_hostname("cp-1");
  worker->mutable_host()->set_hostname("w-1");
  const Folder folder;
  const std::string one = folder.file("cp.bin", control_plane->SerializeAsString());
  const std::string two = folder.file("w.bin", worker->SerializeAsString());
  const Report report = report_in(program({"scan", "--facts", one, two, "-o", "json"}).out);
  EXPECT_EQ(report.coverage.nodes_expected, 2);
  EXPECT_EQ(report.coverage.nodes_reported, 2);
  EXPECT_EQ(report.node_groups.size(), 2U);
  const auto twice = program({"scan", "--facts", one, one});
  EXPECT_EQ(twice.status, 2);
  EXPECT_THAT(twice.err, HasSubstr("cp-1"));
}

TEST_F(ScanTest, WhatCannotBeScannedIsOneClearLineAndStatusTwo) {
  const Folder folder;
  const std::vector<std::vector<std::string>> lines{
      {"scan", "--root", folder.path() + "/nowhere"},  // is not there
      {"scan", "--root", folder.path()},               // is no host
      {"scan", "--root", folder.file("file", "x")},    // is no folder
      {"scan", "--facts", folder.path() + "/nowhere"},
      {"scan", "--facts", folder.path()},
      {"scan", "--facts", folder.file("text", "hello")},
  };
  for (const auto& words : lines) {
    const auto ran = program(words);
    EXPECT_EQ(ran.status, 2) << words[2];
    EXPECT_EQ(ran.out, "") << words[2];
    EXPECT_EQ(lines_in(ran.err), 1U) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("kubectl-baseline: "));
  }
}

TEST_F(ScanTest, OneWhoIsNotRootIsToldWhatThatCosts) {
  program.superuser = false;
  program.collect = [](const std::string&) -> base::Result<facts::NodeFacts> {
    facts::NodeFacts facts;
    facts.set_schema_version(facts::kSchemaVersion);
    facts.mutable_host()->set_hostname("laptop");
    facts::CollectionError* error = facts.add_errors();
    error->set_table("processes");
    error->set_subject("/proc");
    error->set_reason("permission denied");
    facts::Process* runtime = facts.add_processes();
    runtime->set_component("dockerd");
    runtime->set_origin(facts::ORIGIN_HOST);
    return facts;
  };
  const auto ran = program({"scan", "-o", "json"});
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("1 thing could not be read, such as /proc (permission denied); run it as root"),
                    HasSubstr("no Kubernetes component runs on laptop")));
  EXPECT_EQ(report_in(ran.out).results.size(), 156U);
}

}  // namespace
}  // namespace baseline::cli
