// The C++ types and the schemas of the CRDs are held together here: whatever a schema allows is read and
// written back unchanged, and whatever the C++ types write is in the schema.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/yaml.h"
#include "baseline/profile_value.h"
#include "crd_support.h"
#include "crds/baseline_profile.h"
#include "crds/baseline_report.h"
#include "crds/baseline_scan.h"

namespace baseline::crds {
namespace {

using base::Value;
using testing::schema_of;

// Values that a schema's type alone does not give, by the end of their path.
const std::map<std::string, std::string, std::less<>> kTexts{
    {".coverage.nodes", "7/7"},   {".score", "87.5"},
    {".timeout", "1m30s"},        {".include[]", "5.6"},
    {".exclude[]", "5.6"},        {".exemptions[].requirements[]", "5.6"},
    {".requirement", "5.1.2.1"},  {".expires", "2026-01-02T03:04:05Z"},
    {".parameters{}{}", "value"}, {".seen", "0123456789ab"},
    {".requests.cpu", "50m"},     {".requests.memory", "64Mi"},
    {".limits.cpu", "500m"},      {".limits.memory", "128Mi"},
};

Value text_for(const std::string& path) {
  for (const auto& [end, text] : kTexts) {
    if (path.ends_with(end)) return text;
  }
  return "text";
}

// A value with every property that the schema knows.
Value sample(const Value& schema, const std::string& path) {
  if (!schema["enum"].items().empty()) return schema["enum"].items().front();
  const std::string& type = schema["type"].as_string();
  if (type == "integer") return std::max<std::int64_t>(7, schema["minimum"].as_int());
  if (type == "boolean") return true;
  if (type == "array") {
    Value list = Value::list();
    list.push_back(sample(schema["items"], path + "[]"));
    return list;
  }
  if (type == "object") {
    Value map = Value::map();
    for (const auto& [name, property] : schema["properties"].members()) {
      map.set(name, sample(property, path + "." + name));
    }
    if (schema.contains("additionalProperties")) {
      const bool by_id = path.ends_with(".parameters") || path.ends_with(".overrides");
      map.set(by_id ? "5.1.2.1" : "key", sample(schema["additionalProperties"], path + "{}"));
    }
    return map;
  }
  if (schema["format"].as_string() == "date-time") return "2026-01-02T03:04:05Z";
  return text_for(path);
}

Value object(const std::string& kind, const Value& schema) {
  Value full = sample(schema, "");
  full.set("apiVersion", kApiVersion);
  full.set("kind", kind);
  Value metadata = Value::map();
  metadata.set("name", "name");
  full.set("metadata", metadata);
  return full;
}

// Every key of `value` is a property of the schema, or any key is allowed there.
void expect_known(const Value& value, const Value& schema, const std::string& path) {
  if (schema["x-kubernetes-preserve-unknown-fields"].as_bool()) return;
  for (const auto& [key, member] : value.members()) {
    const Value* known = schema["properties"].find(key);
    if (!known) known = schema.find("additionalProperties");
    if (path.empty() && (key == "metadata" || key == "apiVersion" || key == "kind")) continue;
    if (known) {
      expect_known(member, *known, path + "." + key);
    } else {
      ADD_FAILURE() << path << "." << key << " is not in the schema";
    }
  }
  for (const Value& item : value.items()) expect_known(item, schema["items"], path + "[]");
}

void expect_described(const Value& schema, const std::string& path) {
  EXPECT_FALSE(schema["description"].as_string().empty() && path != ".metadata") << path;
  for (const auto& [name, property] : schema["properties"].members())
    expect_described(property, path + "." + name);
  for (const char* inner : {"items", "additionalProperties"}) {
    if (schema.contains(inner)) expect_described(schema[inner], path + "." + inner);
  }
}

constexpr const char* kProfile = "crds/baseline_profile.yaml";
constexpr const char* kScan = "crds/baseline_scan.yaml";
constexpr const char* kReport = "crds/baseline_report.yaml";

TEST(Schema, EveryFieldIsDescribed) {
  for (const char* file : {kProfile, kScan, kReport}) expect_described(schema_of(file), "");
}

TEST(Schema, AScanIsReadAndWrittenWhole) {
  const Value full = object("BaselineScan", schema_of(kScan));
  const auto scan = scan_from_value(full);
  ASSERT_TRUE(scan) << scan.error().text();
  EXPECT_EQ(to_value(*scan), full) << base::write_json_pretty(to_value(*scan))
                                   << base::write_json_pretty(full);
}

TEST(Schema, AProfileIsReadAndWrittenWhole) {
  Value full = object("BaselineProfile", schema_of(kProfile));
  const auto profile = profile_from_value(full);
  ASSERT_TRUE(profile) << profile.error().text();
  EXPECT_EQ(to_value(*profile), full);

  // What parse_profile_spec knows is all that the schema has. A requirement's fields depend on each other,
  // which the schema does not tell.
  Value spec = full["spec"];
  const Value own =
      base::parse_yaml(
          "id: acme.1\nlevel: mandatory\nautomated: true\nscope: node\nobject: kubelet\n"
          "versions: {from: \"1.20\", below: \"1.40\"}\ntitle: {en: T, zh: 标题}\nexplanation: E\n"
          "remediation: R\nparameters: {n: {type: integer, default: 1, description: D}}\n"
          "check: {setting: {component: kubelet, name: pod-max-pids, expect: {integer: {min: {parameter: "
          "'n'}}}}}\n",
          "own.yaml")
          .value();
  const Value schema = schema_of(kProfile);
  const Value& item = schema.at("properties.spec.properties.custom.items");
  std::set<std::string> in_schema;
  std::set<std::string> in_sample;
  for (const auto& [name, property] : item["properties"].members()) in_schema.insert(name);
  for (const auto& [name, member] : own.members()) in_sample.insert(name);
  EXPECT_EQ(in_schema, in_sample);
  expect_known(own, item, ".custom[]");
  Value list = Value::list();
  list.push_back(own);
  spec.set("custom", list);
  const auto parsed = parse_profile_spec(spec);
  ASSERT_TRUE(parsed) << parsed.error().front().text();
  EXPECT_EQ(to_value(*parsed), spec) << base::write_json_pretty(to_value(*parsed));
}

TEST(Schema, AReportIsReadAndWrittenWhole) {
  const Value full = object("BaselineReport", schema_of(kReport));
  const auto report = report_from_value(full);
  ASSERT_TRUE(report) << report.error().text();
  Value whole = full;
  whole.erase("checkpoint");  // a finished report needs none
  EXPECT_EQ(to_value(*report), whole) << base::write_json_pretty(to_value(*report));
}

TEST(Schema, KnowsAllThatIsWritten) {
  const base::Time time{};
  BaselineScan scan;
  scan.spec = {"p", "@daily", "UTC", true, {}, {}, {"a"}, {"b"}, 3, std::chrono::seconds(90), 4, {}};
  scan.spec.node_selector = {{{"a", "b"}}, {{"k", LabelRequirement::Operator::kNotIn, {"v"}}}};
  scan.spec.tolerations = {{"k", "Equal", "v", "NoExecute", 5}};
  scan.spec.runner = {Value::map(), "high"};
  scan.status.observed_generation = 1;
  scan.status.phase = ScanPhase::kCollecting;
  scan.status.progress = "1/2";
  scan.status.summary = StatusCounts{{Status::kPass, 1}};
  scan.status.score = "1.0";
  scan.status.last_report = "r";
  scan.status.last_run = scan.status.next_run = scan.status.last_scheduled = time;
  scan.status.run = ScanRun{"id", "r", "Rescan", 2, "now", "hash", time, time};
  scan.status.handled_generation = 2;
  scan.status.handled_rescan = "x";
  scan.status.profile_hash = "h";
  set_condition(scan.status.conditions, {"Ready", "True", "Done", "done", 2, time}, time);
  const Value written = to_value(scan);
  expect_known(written, schema_of(kScan), "");
  EXPECT_EQ(scan_from_value(written), scan);

  BaselineProfile profile;
  profile.status = {1, "h", 2, 3, 4, 5, 6, 7, scan.status.conditions};
  expect_known(to_value(profile), schema_of(kProfile), "");
  EXPECT_EQ(profile_from_value(to_value(profile))->status, profile.status);

  BaselineReport report;
  Report& r = report.report;
  r.started = r.finished = time;
  r.cluster_uid = "u";
  r.cluster_version = "1.36.3";
  r.coverage = {2, 1, {{"n", "why"}}, {{"Pod", 1}}, {{"shop/Pod/a", "etcd", 2, 1}}, 3, {{"why", 1, {"n"}}}};
  r.changes = {"before", {"1"}, {"2"}};
  r.node_groups = {{"group-1", {"m"}, {"kubelet"}, 3, {}, "hash", 7}};
  r.node_groups_total = 9;
  RequirementResult result;
  result.id = "1";
  result.message = result.remediation = result.title = result.section = result.absent_component = "x";
  result.findings = {{"s", "e", "a", "group-1", "ns/Pod/name", "reason", Status::kWaived}};
  result.findings_total = 1;
  result.since = time;
  r.results = {result};
  r.summary = summarize(r.results);
  r.truncated = true;
  expect_known(to_value(report), schema_of(kReport), "");
  EXPECT_EQ(report_from_value(to_value(report)), report);
  r.finished.reset();
  const Value in_progress = to_value(report);
  EXPECT_TRUE(in_progress.contains("checkpoint"));
  expect_known(in_progress, schema_of(kReport), "");
}

TEST(Schema, DefaultsAreThoseOfTheTypes) {
  const Value schema = schema_of(kScan);
  const Value& properties = schema.at("properties.spec.properties");
  Value object = Value::map();
  object.set("metadata", Value::map()).set("name", "s");
  Value& spec = object.set("spec", Value::map());
  spec.set("profileRef", Value::map()).set("name", "p");
  const auto bare = scan_from_value(object);
  ASSERT_TRUE(bare);
  int defaults = 0;
  for (const auto& [name, property] : properties.members()) {
    if (!property.contains("default")) continue;
    spec.set(name, property["default"]);
    ++defaults;
  }
  EXPECT_EQ(defaults, 4);
  EXPECT_EQ(scan_from_value(object), bare);
}

}  // namespace
}  // namespace baseline::crds
