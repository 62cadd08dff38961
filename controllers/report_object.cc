#include "controllers/report_object.h"

#include <algorithm>

#include "controllers/runner_job.h"
#include "controllers/stores.h"

namespace baseline::controllers {
namespace {

constexpr std::size_t kLongestLabel = 63;

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
  crds::BaselineReport object = report_object(scan, report);
  if (!version.empty()) {
    object.metadata.resource_version = version;
    const auto replaced = client.replace(kReports, crds::to_value(object));
    if (replaced) return version = version_of(*replaced), true;
    // Changed or removed behind our back: look what is there.
    if (replaced.error().code != base::ErrorCode::kConflict &&
        replaced.error().code != base::ErrorCode::kNotFound)
      return std::unexpected(replaced.error());
    version.clear();
    object.metadata.resource_version.clear();
  }
  const auto created = client.create(kReports, "", crds::to_value(object));
  if (created) return version = version_of(*created), true;
  if (created.error().code != base::ErrorCode::kConflict) return std::unexpected(created.error());
  const auto current = client.get(kReports, "", object.metadata.name);
  if (!current) return std::unexpected(current.error());
  if (!is_report_of_run(*current, scan)) return false;
  object.metadata.resource_version = version_of(*current);
  const auto replaced = client.replace(kReports, crds::to_value(object));
  if (!replaced) return std::unexpected(replaced.error());
  version = version_of(*replaced);
  return true;
}

}  // namespace baseline::controllers
