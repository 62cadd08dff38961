#include "controllers/policy_report.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "base/digest.h"
#include "base/printable.h"
#include "baseline/text.h"
#include "controllers/runner_job.h"

namespace baseline::controllers {
namespace {

using base::Value;

constexpr std::size_t kLongestName = 253, kMaxMessage = 1024;
constexpr std::string_view kNamePrefix = "baseline-";
constexpr std::array<const char*, 4> kResults{"fail", "error", "warn", "skip"};

std::string_view api_version_of(std::string_view kind) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kKnown{
      {{"Pod", "v1"},
       {"Namespace", "v1"},
       {"Service", "v1"},
       {"ServiceAccount", "v1"},
       {"ConfigMap", "v1"},
       {"ResourceQuota", "v1"},
       {"LimitRange", "v1"},
       {"ReplicationController", "v1"},
       {"Deployment", "apps/v1"},
       {"StatefulSet", "apps/v1"},
       {"DaemonSet", "apps/v1"},
       {"ReplicaSet", "apps/v1"},
       {"Job", "batch/v1"},
       {"CronJob", "batch/v1"},
       {"Role", "rbac.authorization.k8s.io/v1"},
       {"RoleBinding", "rbac.authorization.k8s.io/v1"},
       {"NetworkPolicy", "networking.k8s.io/v1"}}};
  const auto at = std::ranges::find(kKnown, kind, &std::pair<std::string_view, std::string_view>::first);
  return at == kKnown.end() ? "" : at->second;
}

std::size_t size_of(const Value& value) {
  std::size_t bytes = 8 + value.scalar_text().size();
  for (const Value& item : value.items()) bytes += size_of(item);
  for (const auto& [key, member] : value.members()) bytes += key.size() + size_of(member);
  return bytes;
}

}  // namespace

const kube::ResourceKind& export_kind(crds::ExportFormat format) {
  return format == crds::ExportFormat::kOpenReports ? kOpenReports : kPolicyReports;
}

PolicyReports::PolicyReports(const crds::BaselineScan& scan, crds::ExportFormat format, const Report& report,
                             std::string owner_uid, const NamespaceFindings& findings, ExportBounds bounds)
    : scan_(scan),
      format_(format),
      report_(report),
      owner_uid_(std::move(owner_uid)),
      findings_(findings),
      bounds_(bounds) {
  for (const RequirementResult& result : report.results) {
    if (NamespaceFindings::outcome_of(result.status) < NamespaceFindings::kOutcomes)
      open_[result.id] = &result;
  }
  for (const auto& [name, one] : findings.namespaces()) {
    std::size_t total = 0;
    for (const auto& [requirement, counts] : one.counts) {
      if (!open_.contains(requirement)) continue;
      for (const std::size_t count : counts) total += count;
    }
    if (total > 0) namespaces_.push_back(name);
    results_ += total;
  }
}

Value PolicyReports::metadata(const std::string& ns, std::size_t left_out) const {
  Value metadata = Value::map();
  metadata.set("name", export_name(scan_));
  metadata.set("namespace", ns);
  Value& labels = metadata.set("labels", Value::map());
  labels.set(kManagedByLabel, kManagedBy);
  labels.set(crds::kScanLabel, scan_label(scan_));
  labels.set(kScanUidLabel, scan_.metadata.uid);
  if (left_out > 0 || findings_.incomplete()) {
    metadata.set("annotations", Value::map())
        .set(kLeftOutAnnotation, findings_.incomplete() ? "unknown" : std::to_string(left_out));
  }
  Value owner = Value::map();
  owner.set("apiVersion", crds::kApiVersion);
  owner.set("kind", "BaselineReport");
  owner.set("name", scan_.status.last_report);
  owner.set("uid", owner_uid_);
  owner.set("controller", true);
  owner.set("blockOwnerDeletion", false);
  metadata.set("ownerReferences", Value::list()).push_back(std::move(owner));
  return metadata;
}

Value PolicyReports::result(const std::string& ns, const NamespaceFindings::Row& row, int pods) const {
  const RequirementResult& requirement = *open_.at(row.requirement);
  Value result = Value::map();
  result.set("source", kManagedBy);
  result.set("policy", report_.standard);
  result.set("rule", row.requirement);
  result.set("category", requirement.section);
  result.set("severity", requirement.level == Level::kMandatory ? "high" : "medium");
  result.set("result", kResults.at(row.outcome));
  result.set("scored", row.outcome <= 1);
  const Phrase sentence =
      !row.waived_by.empty() ? phrase("export.waived", row.subject, row.actual, row.waived_by)
      : row.expected.empty() ? phrase("export.found", row.subject, row.actual)
                             : phrase("export.expected", row.subject, row.actual, row.expected);
  result.set("message", cut_text(render(sentence, report_.language), kMaxMessage));

  const ObjectName object = parse_object(row.object);
  Value subject = Value::map();
  if (const std::string_view version = api_version_of(object.kind); !version.empty())
    subject.set("apiVersion", version);
  subject.set("kind", object.kind);
  subject.set("name", object.name);
  if (!object.ns.empty()) subject.set("namespace", ns);
  result.set("resources", Value::list()).push_back(std::move(subject));

  Value properties = Value::map();
  properties.set("title", cut_text(requirement.title, kMaxMessage));
  if (!row.container.empty()) properties.set("container", row.container);
  if (pods > 0) properties.set("pods", std::to_string(pods));
  result.set("properties", std::move(properties));
  Value& timestamp = result.set("timestamp", Value::map());
  const auto moment = report_.finished.value_or(base::Time{}).time_since_epoch();
  timestamp.set("seconds", std::chrono::duration_cast<std::chrono::seconds>(moment).count());
  timestamp.set("nanos", 0);
  return base::printable_document(std::move(result));
}

Value PolicyReports::object(const std::string& ns) const {
  const NamespaceFindings::Namespace& of = findings_.namespaces().at(ns);
  std::array<std::size_t, NamespaceFindings::kOutcomes> totals{};
  std::size_t total = 0;
  for (const auto& [requirement, counts] : of.counts) {
    if (!open_.contains(requirement)) continue;
    for (std::size_t i = 0; i < totals.size(); ++i) totals.at(i) += counts.at(i);
  }
  for (const std::size_t one : totals) total += one;

  Value results = Value::list();
  std::size_t bytes = 0;
  for (const auto& [row, pods] : of.rows) {
    if (!open_.contains(row.requirement)) continue;
    if (results.items().size() >= bounds_.results) break;
    Value one = result(ns, row, pods);
    bytes += size_of(one);
    if (bytes > bounds_.bytes) break;
    results.push_back(std::move(one));
  }
  const std::size_t listed = results.items().size();

  const kube::ResourceKind& kind = export_kind(format_);
  Value object = Value::map();
  object.set("apiVersion", kind.api_version());
  object.set("kind", kind.kind);
  object.set("metadata", metadata(ns, total - std::min(total, listed)));
  if (format_ == crds::ExportFormat::kOpenReports) object.set("source", kManagedBy);
  Value& scope = object.set("scope", Value::map());
  scope.set("apiVersion", "v1");
  scope.set("kind", "Namespace");
  scope.set("name", ns);
  Value& summary = object.set("summary", Value::map());
  for (const std::size_t i : {0U, 2U, 1U, 3U})
    summary.set(kResults.at(i), static_cast<std::int64_t>(totals.at(i)));
  object.set("results", std::move(results));
  return object;
}

std::string export_name(const crds::BaselineScan& scan) {
  std::string name = std::string(kNamePrefix) + scan.metadata.name;
  if (name.size() <= kLongestName) return name;
  constexpr std::size_t kDigest = 8;
  name.resize(kLongestName - kDigest - 1);
  while (name.back() == '-' || name.back() == '.') name.pop_back();
  return name + "-" + base::sha256_hex(scan.metadata.name).substr(0, kDigest);
}

std::string export_selector(const crds::BaselineScan& scan) {
  return std::string(kManagedByLabel) + "=" + kManagedBy + "," + kScanUidLabel + "=" + scan.metadata.uid;
}

bool is_exported_by(const Value& object, const crds::BaselineScan& scan) {
  const Value& labels = object.at("metadata.labels");
  if (labels[kManagedByLabel].as_string() != kManagedBy ||
      labels[kScanUidLabel].as_string() != scan.metadata.uid)
    return false;
  return std::ranges::any_of(object.at("metadata.ownerReferences").items(), [](const Value& owner) {
    return owner["apiVersion"].as_string() == crds::kApiVersion &&
           owner["kind"].as_string() == "BaselineReport";
  });
}

bool same_export(const Value& there, const Value& wanted) {
  const auto bare = [](const Value& object) {
    Value kept = Value::map();
    const Value& metadata = object["metadata"];
    // What others have added to it is theirs.
    for (const std::string_view key :
         {std::string_view(kManagedByLabel), crds::kScanLabel, std::string_view(kScanUidLabel)})
      kept.set(key, metadata["labels"][key]);
    kept.set(kLeftOutAnnotation, metadata["annotations"][kLeftOutAnnotation]);
    kept.set("ownerReferences", metadata["ownerReferences"]);
    for (const char* key : {"source", "scope", "summary"}) kept.set(key, object[key]);
    Value& results = kept.set("results", Value::list());
    for (Value result : object["results"].items()) {
      result.erase("timestamp");
      results.push_back(std::move(result));
    }
    return kept;
  };
  return bare(there) == bare(wanted);
}

}  // namespace baseline::controllers
