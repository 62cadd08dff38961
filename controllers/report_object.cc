#include "controllers/report_object.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "baseline/report_builder.h"
#include "baseline/report_value.h"
#include "controllers/runner_job.h"
#include "controllers/stores.h"

namespace baseline::controllers {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kMaxObjectBytes = std::size_t{1} << 20;  // the contract; etcd itself takes 1.5 MiB

crds::BaselineReport report_object(const crds::BaselineScan& scan, const Report& report) {
  crds::BaselineReport object;
  object.metadata.name = scan.status.run->report;
  object.metadata.labels[kManagedByLabel] = kManagedBy;
  if (scan.metadata.name.size() <= kLongestLabel)
    object.metadata.labels[std::string(crds::kScanLabel)] = scan.metadata.name;
  object.metadata.owner_references.push_back({.api_version = std::string(crds::kApiVersion),
                                              .kind = "BaselineScan",
                                              .name = scan.metadata.name,
                                              .uid = scan.metadata.uid,
                                              .controller = true,
                                              .block_owner_deletion = false});
  object.report = report;
  return object;
}

const std::string& version_of(const base::Value& object) {
  return object.at("metadata.resourceVersion").as_string();
}

// Creates or replaces; false when the name is taken by what is not this run's report.
base::Result<bool> write_object(const kube::Client& client, const crds::BaselineScan& scan,
                                base::Value object, std::string& version) {
  if (!version.empty()) {
    object.find("metadata")->set("resourceVersion", version);
    const auto replaced = client.replace(kReports, object);
    if (replaced) return version = version_of(*replaced), true;
    // Changed or removed behind our back: look what is there.
    if (replaced.error().code != base::ErrorCode::kConflict &&
        replaced.error().code != base::ErrorCode::kNotFound)
      return std::unexpected(replaced.error());
    version.clear();
    object.find("metadata")->erase("resourceVersion");
  }
  const auto created = client.create(kReports, "", object);
  if (created) return version = version_of(*created), true;
  if (created.error().code != base::ErrorCode::kConflict) return std::unexpected(created.error());
  const auto current = client.get(kReports, "", object.at("metadata.name").as_string());
  if (!current) return std::unexpected(current.error());
  if (!is_report_of_run(*current, scan)) return false;
  object.find("metadata")->set("resourceVersion", version_of(*current));
  const auto replaced = client.replace(kReports, object);
  if (!replaced) return std::unexpected(replaced.error());
  version = version_of(*replaced);
  return true;
}

// An API server, an admission webhook or etcd to which the object is too large says so in many ways.
bool may_be_too_large(const base::Error& error) {
  return error.code == base::ErrorCode::kInvalid || error.message.contains("too large") ||
         error.message.contains("larger than max");
}

std::string why_too_large(const Report& report) {
  if (!report.finished && report.coverage.nodes_expected > 1000) {
    return fmt::format(
        "the names of {} nodes take more than a report can hold; let several scans select fewer nodes each "
        "with "
        "spec.nodes.selector",
        report.coverage.nodes_expected);
  }
  return fmt::format(
      "a report of {} requirements is larger than an object may be; let several profiles select fewer "
      "requirements each",
      report.results.size());
}

}  // namespace

bool is_owned_by(const base::Value& report, const crds::BaselineScan& scan) {
  return std::ranges::any_of(report.at("metadata.ownerReferences").items(), [&](const base::Value& owner) {
    return owner["uid"].as_string() == scan.metadata.uid;
  });
}

bool is_report_of_run(const base::Value& report, const crds::BaselineScan& scan) {
  const auto started = base::parse_time(report["started"].as_string());
  return is_owned_by(report, scan) && started && scan.status.run && scan.status.run->started == *started;
}

base::Result<bool> write_report(const kube::Client& client, const crds::BaselineScan& scan,
                                const Report& report, std::string& version) {
  const crds::BaselineReport object = report_object(scan, report);
  base::Error refused;
  // Where it is refused, less of it may do.
  for (const std::size_t max_bytes :
       {kMaxReportBytes, kMaxReportBytes / 2, kMaxReportBytes / 4, kMaxReportBytes / 8}) {
    base::Value value = crds::to_value(object, max_bytes);
    if (stored_size(value) > kMaxObjectBytes)
      return base::fail(base::ErrorCode::kLimit, why_too_large(report),
                        "baselinereport " + object.metadata.name);
    auto written = write_object(client, scan, std::move(value), version);
    if (written || !may_be_too_large(written.error())) return written;
    refused = written.error();
  }
  return base::fail(base::ErrorCode::kLimit,
                    "the report is refused, however much of it is left out: " + refused.text(),
                    "baselinereport " + object.metadata.name);
}

}  // namespace baseline::controllers
