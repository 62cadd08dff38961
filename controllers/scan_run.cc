#include "controllers/scan_run.h"

#include <algorithm>
#include <utility>

#include "controllers/stores.h"

namespace baseline::controllers {
namespace {

// Marks a node of the plan that has not reported yet, inside the report itself: so the checkpoint holds the
// plan.
std::string awaited_reason(const ResolvedProfile& profile) {
  return render({"node-awaited", {}}, profile.language);
}

}  // namespace

ScanRunState::ScanRunState(std::string run_id, std::shared_ptr<const ResolvedProfile> profile,
                           ReportBuilder builder, bool saved)
    : run_id_(std::move(run_id)),
      profile_(std::move(profile)),
      builder_(std::move(builder)),
      dirty_(!saved) {}

std::vector<std::string> ScanRunState::awaited() const {
  const std::string reason = awaited_reason(*profile_);
  std::vector<std::string> nodes;
  for (const MissingNode& missing : report().coverage.missing) {
    if (missing.reason == reason) nodes.push_back(missing.node);
  }
  return nodes;
}

void ScanRunState::fold(const std::string& node, const NodeOutcome& outcome) {
  builder_.fold(node, outcome);
  unsaved_.insert(node);
  dirty_ = true;
}

void ScanRunState::give_up(const std::string& node, const Phrase& reason) {
  builder_.missing(node, render(reason, profile_->language));
  unsaved_.insert(node);
  dirty_ = true;
}

base::Result<void> ScanRunState::save(const kube::Client& client, const crds::BaselineScan& scan,
                                      const base::Clock& clock) {
  if (auto written = write_report(client, scan, scan.status.run->report, report()); !written) return written;
  dirty_ = false;
  unsaved_.clear();
  last_saved_ = clock.steady();
  return {};
}

Report ScanRunState::finish(const std::string& previous_name, const Report* previous, base::Time now) && {
  Report report = std::move(builder_).finish(now);
  report.finished = now;
  compare_with_previous(report, previous_name, previous, now);
  return report;
}

ReportBuilder new_report(const crds::BaselineScan& scan, std::shared_ptr<const ResolvedProfile> profile,
                         const std::vector<PlannedNode>& plan, const std::string& cluster_uid,
                         const std::string& cluster_version) {
  Report header;
  header.scan = scan.metadata.name;
  header.standard = profile->standard->id;
  header.profile = profile->name;
  header.profile_hash = profile->hash;
  header.language = profile->language;
  header.cluster_uid = cluster_uid;
  header.cluster_version = cluster_version;
  header.started = scan.status.run->started;
  header.coverage.nodes_expected = static_cast<int>(plan.size());
  ReportBuilder builder(profile, std::move(header));
  for (const PlannedNode& node : plan) {
    builder.missing(node.node, node.unavailable.empty() ? awaited_reason(*profile)
                                                        : render(node.unavailable, profile->language));
  }
  return builder;
}

base::Result<void> write_report(const kube::Client& client, const crds::BaselineScan& scan,
                                const std::string& name, const Report& report) {
  crds::BaselineReport object;
  object.metadata.name = name;
  object.metadata.labels[kManagedByLabel] = kManagedBy;
  if (scan.metadata.name.size() <= 63)
    object.metadata.labels[std::string(crds::kScanLabel)] = scan.metadata.name;
  object.metadata.owner_references.push_back({.api_version = std::string(crds::kApiVersion),
                                              .kind = "BaselineScan",
                                              .name = scan.metadata.name,
                                              .uid = scan.metadata.uid,
                                              .controller = true,
                                              .block_owner_deletion = false});
  object.report = report;
  const auto created = client.create(kReports, "", crds::to_value(object));
  if (created) return {};
  if (created.error().code != base::ErrorCode::kConflict) return std::unexpected(created.error());
  const auto current = client.get(kReports, "", name);
  if (!current) return std::unexpected(current.error());
  const auto& owners = current->at("metadata.ownerReferences").items();
  if (std::ranges::none_of(owners,
                           [&](const base::Value& o) { return o["uid"].as_string() == scan.metadata.uid; })) {
    return base::fail(base::ErrorCode::kInvalid,
                      "a BaselineReport of this name exists that this scan did not write; delete or rename "
                      "it, then ask for a new run",
                      "baselinereport " + name);
  }
  object.metadata.resource_version = current->at("metadata.resourceVersion").as_string();
  const auto replaced = client.replace(kReports, crds::to_value(object));
  if (!replaced) return std::unexpected(replaced.error());
  return {};
}

}  // namespace baseline::controllers
